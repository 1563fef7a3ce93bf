package graphqlhttp

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// What staff are told of the schema and what everybody may download are the
// same, and are a schema to the reference implementation.
func TestSchemaIsPublished(t *testing.T) {
	limit, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(limit, "node", "introspect.mjs", url, strings.TrimSuffix(url, "graphql")+"schema.graphql")
	c.Env = append(os.Environ(), "TOKEN="+token(t, "reviewer", ""), "NO_PROXY=*")
	var problems bytes.Buffer
	c.Stderr = &problems
	out, err := c.Output()
	if err != nil {
		t.Fatalf("node introspect.mjs: %v\n%s", err, problems.String())
	}
	var got struct{ Introspected, Published []string }
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	own := func(name string) bool { // what the directive alone needs, or a schema without Float
		return strings.HasPrefix(name, "Visibility") || name == "Float"
	}
	got.Introspected, got.Published = slices.DeleteFunc(got.Introspected, own), slices.DeleteFunc(got.Published, own)
	if len(got.Published) < 300 || !slices.Equal(got.Introspected, got.Published) {
		t.Errorf("%d fields are introspected, %d published", len(got.Introspected), len(got.Published))
		for i := range min(len(got.Introspected), len(got.Published)) {
			if got.Introspected[i] != got.Published[i] {
				t.Fatalf("introspected %s\npublished    %s", got.Introspected[i], got.Published[i])
			}
		}
	}
}
