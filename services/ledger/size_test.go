package ledger

import "testing"

func TestSizeOnCluster(t *testing.T) {
	for name, want := range map[string]int{"": 5, "test": 5 + 8, "事.a": 5 + 6, "𠀀": 5 + 4, "a\xff": 5 + 4} {
		if got := (Record{Type: name, Data: []byte(`{ }`), Meta: []byte(`{}`)}).SizeOnCluster(); got != want {
			t.Errorf("%q: %d, want %d", name, got, want)
		}
	}
}
