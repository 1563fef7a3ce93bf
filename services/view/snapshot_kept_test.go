package view

import (
	"path/filepath"
	"reflect"
	"testing"
)

// What a snapshot gives back is every field of every row: one that the codec
// forgets would be missing from both sides of a comparison of files.
func TestSnapshotKeepsEveryField(t *testing.T) {
	w := small(t)
	fewEvents(w)
	w.rows() // ranked, so that the order is there to be saved
	path := filepath.Join(t.TempDir(), "rows")
	_, err := w.view.Save(path)
	w.must(err)
	v := w.fresh()
	w.must(v.Load(path))
	want, got := reflect.ValueOf(w.rows()).Elem(), reflect.ValueOf(v.rows).Elem()
	for i := range want.NumField() {
		name := want.Type().Field(i).Name
		if kind := want.Field(i).Kind(); kind != reflect.Slice && kind != reflect.Map {
			continue // what finds rows is made anew
		}
		a, b := want.Field(i), got.Field(i)
		if name == "ranks" {
			continue
		}
		if a.Len() != b.Len() {
			t.Errorf("%s: %d rows, were %d", name, b.Len(), a.Len())
			continue
		}
		if a.Kind() == reflect.Slice {
			for k := range a.Len() {
				if x, y := a.Index(k), b.Index(k); !same(x, y) {
					t.Errorf("%s %d: %+v, was %+v", name, k, y, x)
				}
			}
		}
	}
}

// same is DeepEqual, but that nothing and an empty list are the same.
func same(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			if !same(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !same(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Map:
		if a.Len() != b.Len() {
			return false
		}
		for _, k := range a.MapKeys() {
			if x := b.MapIndex(k); !x.IsValid() || !same(a.MapIndex(k), x) {
				return false
			}
		}
		return true
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() == b.IsNil()
		}
		return same(a.Elem(), b.Elem())
	}
	return a.Equal(b)
}
