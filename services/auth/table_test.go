package auth

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func has(table *table, token string) bool {
	_, ok, _ := table.Find(token)
	return ok
}

func TestTableKeepsTheMostRecentlyUsed(t *testing.T) {
	table, later := newTable(3), time.Now().Add(time.Hour)
	for _, token := range []string{"a", "b", "c", "a", "d"} {
		table.Commit(token, []byte(token), later)
	}
	if !has(table, "a") || has(table, "b") || !has(table, "c") || !has(table, "d") {
		t.Errorf("kept %v", table.entries)
	}
	for i := range 100 {
		table.Commit(fmt.Sprint(i), nil, later)
	}
	if len(table.entries) != 3 || table.recent.Len() != 3 {
		t.Errorf("%d entries, %d in order", len(table.entries), table.recent.Len())
	}
}

func TestTableForgetsWhatExpired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table := newTable(100)
		for i := range 10 {
			table.Commit(fmt.Sprint(i), nil, time.Now().Add(time.Hour))
		}
		table.Delete("3")
		time.Sleep(time.Hour)
		if has(table, "0") {
			t.Error("found after it expired")
		}
		table.Commit("new", nil, time.Now().Add(time.Hour))
		if len(table.entries) != 1 || !has(table, "new") {
			t.Errorf("%d entries", len(table.entries))
		}
	})
}

func TestTableDoesNotBringBackWhatEnded(t *testing.T) {
	table, later := newTable(10), time.Now().Add(time.Hour)
	table.Delete("unknown")
	if len(table.entries) != 0 {
		t.Error("deleting what is not there takes a place")
	}
	table.Commit("a", []byte("1"), later)
	table.Delete("a")
	table.Commit("a", []byte("2"), later)
	if has(table, "a") {
		t.Error("brought back")
	}
}

func TestTableUnderManyAtOnce(t *testing.T) {
	table, later := newTable(50), time.Now().Add(time.Hour)
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			for n := range 200 {
				token := fmt.Sprint((i * n) % 90)
				table.Commit(token, nil, later)
				table.Find(token)
				table.Delete(fmt.Sprint(n % 90))
			}
		})
	}
	group.Wait()
	if len(table.entries) > 50 || len(table.entries) != table.recent.Len() {
		t.Errorf("%d entries, %d in order", len(table.entries), table.recent.Len())
	}
}

func TestTableAlive(t *testing.T) {
	s := newTable(10)
	for token, life := range map[string]time.Duration{"a": time.Hour, "b": time.Hour, "ended": time.Hour, "over": -time.Second} {
		if err := s.Commit(token, nil, time.Now().Add(life)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Delete("ended"); err != nil {
		t.Fatal(err)
	}
	if n := s.alive(); n != 2 {
		t.Errorf("%d sessions, want 2", n)
	}
}
