package portal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"testing"
	"time"

	"suyuan/services/ledger"
)

// fake answers documents from testdata: <operation>.<variable>.json, where a
// variable's value names a file, else <operation>.json.
type fake struct {
	err   error
	null  bool
	state string // the ledger's, where it is not in order
	asked []map[string]any
}

var operationName = regexp.MustCompile(`(?m)^query (\w+)`)

func (f *fake) Query(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error) {
	f.asked = append(f.asked, variables)
	if f.err != nil {
		return nil, f.err
	}
	if f.null {
		return json.RawMessage(`{}`), nil
	}
	name := operationName.FindStringSubmatch(document)[1]
	if name == "State" && f.state != "" {
		return json.RawMessage(`{"ledger":` + f.state + `}`), nil
	}
	for _, v := range []string{"under", "unit", "mandate", "id"} {
		data, err := os.ReadFile(fmt.Sprintf("testdata/%s.%v.json", name, variables[v]))
		if !errors.Is(err, fs.ErrNotExist) {
			return data, err
		}
	}
	return os.ReadFile("testdata/" + name + ".json")
}

// fakeSessions knows one link, "open", and one that was used, "used".
type fakeSessions struct {
	actor ledger.Actor
	err   error
}

var errSpent = ledger.Errorf(ledger.Unauthenticated, "link.spent", "用过", "spent")

func (s *fakeSessions) Actor(*http.Request) (ledger.Actor, error) { return s.actor, s.err }

func (s *fakeSessions) Peek(code string) (ledger.Actor, error) {
	if code != "open" {
		return ledger.Actor{}, errSpent
	}
	return ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Clerk}, Unit: "990101101"}, nil
}

func (s *fakeSessions) Redeem(w http.ResponseWriter, _ *http.Request, code string) error {
	actor, err := s.Peek(code)
	s.actor = actor
	return err
}

func (s *fakeSessions) SignOut(http.ResponseWriter, *http.Request) error {
	s.actor = ledger.Actor{}
	return nil
}

func portalFor(t testing.TB, q Querier, s Sessions) *Portal {
	t.Helper()
	p, err := New(q, s, Options{Demo: true, Clock: func() time.Time { return time.Date(2022, 8, 9, 10, 0, 0, 0, ledger.Beijing) }})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// get asks for an address; headers come in pairs.
func get(h http.Handler, address string, headers ...string) *httptest.ResponseRecorder {
	return send(h, http.MethodGet, address, headers...)
}

func send(h http.Handler, method, address string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, address, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// every is an address of every page.
var every = []string{
	"/", "/mandates", "/mandates?q=%E6%9E%97", "/mandates/afforest-600", "/mandates/afforest-600?under=990101101", "/mandates/river-patrol",
	"/mandates/afforest-600/units/990101101202", "/mandates/afforest-600/units/990101101201", "/mandates/river-patrol/units/990101101", "/mandates/afforest-600/units/990101101203",
	"/burden", "/burden?measure=afforest-600%2Farea&within=990101101&dimension=QUANTITY&from=2022-01-01&to=2022-12-31",
	"/reported", "/reported?within=990101101", "/units/990101101/reported",
	"/findings", "/findings?stage=FINAL&unit=990101101", "/findings/990101101202-20221231-0a1b2c3d-1", "/findings/overturned-1", "/findings/site-1",
	"/outcomes", "/outcomes?kind=CONDUCT", "/outcomes/990101101202-20221231-0a1b2c3d", "/outcomes/site", "/rules", "/policies", "/whatif", "/whatif?kind=conduct",
	"/whatif?kind=quantity&u1=%E5%8E%BF&v1=200&u2=%E9%95%87&v2=220&u3=%E6%9D%91&verified=190&of=%E4%BA%A9&lambda=1&a=1",
	"/units", "/units?level=VILLAGE", "/units/990101101", "/units/990101101?due=all", "/documents", "/documents/d-town", "/issuances/i-town", "/events/15",
	"/glossary", "/about", "/schema", "/sign-in", "/sign-in/open",
}
