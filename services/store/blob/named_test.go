package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
)

func named(n int) (list []Named) {
	for i := range n {
		list = append(list, Named{ID: fmt.Sprintf("%032x", i+1), Content: bytes.Repeat([]byte{byte(i + 1)}, 100+i)})
	}
	return list
}

// What was put under names is there, and putting it again changes nothing: not
// even the salt, by which the event that is there already names it.
func TestNamedTwice(t *testing.T) {
	v, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = v.Close() }()
	ctx := context.Background()
	first, err := v.PutNamed(ctx, named(5))
	if err != nil {
		t.Fatal(err)
	}
	again, err := v.PutNamed(ctx, named(7))
	if err != nil {
		t.Fatal(err)
	}
	for i, ref := range first {
		if again[i] != ref {
			t.Errorf("%d: %v, at first %v", i, again[i], ref)
		}
	}
	for i, ref := range again {
		content, err := v.Get(ctx, ref)
		if err != nil || !bytes.Equal(content, named(7)[i].Content) || !ref.Matches(content) {
			t.Errorf("%d: %v", i, err)
		}
	}
	other := named(1)
	other[0].Content = []byte("other")
	if _, err := v.PutNamed(ctx, other); err == nil {
		t.Error("another content took a known name")
	}
	if _, err := v.PutNamed(ctx, []Named{{ID: "short"}}); err == nil {
		t.Error("a name that is none was taken")
	}
}

// Killed behind any step of putting, the next put makes it whole; killed behind
// any step of destroying, nothing makes it whole again.
func TestNamedFaults(t *testing.T) {
	cut := errors.New("cut")
	for _, doing := range []string{"put", "destroy"} {
		for _, at := range []string{"key", "content"} {
			t.Run(doing+" "+at, func(t *testing.T) {
				dir, ctx := t.TempDir(), context.Background()
				v, err := Open(dir)
				if err != nil {
					t.Fatal(err)
				}
				if doing == "destroy" {
					if _, err := v.PutNamed(ctx, named(3)); err != nil {
						t.Fatal(err)
					}
				}
				v.step = func(name string) error {
					if name == at {
						return cut
					}
					return nil
				}
				if doing == "put" {
					_, err = v.PutNamed(ctx, named(3))
				} else {
					err = v.Destroy(ctx, named(1)[0].ID)
				}
				if !errors.Is(err, cut) {
					t.Fatal(err)
				}
				_ = v.Close()
				if v, err = Open(dir); err != nil {
					t.Fatal(err)
				}
				defer func() { _ = v.Close() }()
				refs, err := v.PutNamed(ctx, named(3))
				if err != nil {
					t.Fatal(err)
				}
				if doing == "destroy" {
					if content, err := v.Get(ctx, refs[0]); !refs[0].Destroyed() || err == nil {
						t.Errorf("what was destroyed came back: %v %q", refs[0], content)
					}
					refs = refs[1:]
				}
				for _, ref := range refs {
					i := int(ref.ID[len(ref.ID)-1] - '1')
					if content, err := v.Get(ctx, ref); err != nil || !bytes.Equal(content, named(3)[i].Content) {
						t.Errorf("%d: %v", i, err)
					}
				}
			})
		}
	}
}

// The same names and contents with the same randomness are the same rows,
// whatever was there before.
func TestNamedReproducible(t *testing.T) {
	var seen [2][]byte
	for i := range seen {
		v, err := Open(t.TempDir(), WithRandom(&counting{}))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.PutNamed(context.Background(), named(20)); err != nil {
			t.Fatal(err)
		}
		rows, err := v.contents.Query("SELECT id, sealed FROM blobs ORDER BY rowid")
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var id string
			var sealed []byte
			if err := rows.Scan(&id, &sealed); err != nil {
				t.Fatal(err)
			}
			seen[i] = append(append(seen[i], id...), sealed...)
		}
		_ = rows.Close()
		_ = v.Close()
	}
	if len(seen[0]) == 0 || !bytes.Equal(seen[0], seen[1]) {
		t.Error("two vaults differ")
	}
}

type counting struct{ n byte }

func (c *counting) Read(p []byte) (int, error) {
	for i := range p {
		c.n++
		p[i] = c.n
	}
	return len(p), nil
}
