package graphqlhttp

import (
	"bufio"
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

// How many audits graphql-http 1.23.1 has. Fewer run are not all passed.
const audits = 61

type audit struct {
	ID, Name, Status, Reason, Says string
	Got                            int
}

// failing runs every audit and gives the ids of those that are not ok.
func failing(t *testing.T, token string) []string {
	t.Helper()
	limit, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(limit, "node", "audit.mjs", url)
	c.Env = append(os.Environ(), "TOKEN="+token, "NO_PROXY=*")
	var problems bytes.Buffer
	c.Stderr = &problems
	out, err := c.Output()
	if err != nil {
		t.Fatalf("node audit.mjs: %v\n%s", err, problems.String())
	}
	var ids, bad []string
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var a audit
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatalf("%v: %s", err, lines.Bytes())
		}
		ids = append(ids, a.ID)
		if a.Status != "ok" {
			bad = append(bad, a.ID)
			t.Logf("%s %s: %s, %s (%d %s)", a.ID, a.Status, a.Name, a.Reason, a.Got, a.Says)
		}
	}
	t.Logf("audits: %s", strings.Join(ids, " "))
	slices.Sort(ids)
	if n := len(slices.Compact(ids)); n != audits {
		t.Errorf("%d audits were run, want %d", n, audits)
	}
	return bad
}

// All of them, as staff, who may ask about types.
func TestAudits(t *testing.T) {
	if bad := failing(t, token(t, "auditor", "")); len(bad) > 0 {
		t.Errorf("not passed: %v", bad)
	}
}
