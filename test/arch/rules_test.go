package arch

import "slices"

// A rule is what one package's own code (its tests excepted) may import.
type rule struct {
	may  []string // packages of this module, by their path below it; "…/*" is that folder's packages, "*" any
	uses []string // paths outside the standard library, each with all below it; "*" any
}

// Subjects share words in one direction only: a unit is named by all, a
// mandate by what passes it on, an issuance by what became of it. What one
// must know of another's state comes to it as its own Facts.
var subjectRule = rule{may: []string{"services/ledger", "services/exact"}}

var subjectWords = map[string][]string{
	"services/document":           {"services/unit"},
	"services/mandate":            {"services/unit"},
	"services/mandate/issuance":   {"services/unit", "services/mandate"},
	"services/mandate/assignment": {"services/unit", "services/mandate", "services/mandate/issuance", "services/calendar", "services/policy"},
	"services/handoff":            {"services/unit", "services/mandate", "services/mandate/issuance"},
	"services/release":            {"services/unit", "services/mandate", "services/mandate/issuance"},
	"services/recipient":          {"services/unit"},
	"services/nullifier":          {"services/issuerkey"},
	"services/complaint":          {"services/unit", "services/mandate/issuance", "services/calendar", "services/issuerkey", "services/complaint/claim"},
	"services/caseroom":           {"services/unit", "services/mandate", "services/mandate/issuance", "services/complaint"},
	"services/outcome":            {"services/unit", "services/mandate", "services/mandate/issuance", "services/mandate/assignment"},
	"services/policy":             {"services/unit", "services/liability", "schema"},
	"services/finding":            {"services/unit", "services/calendar", "services/liability", "services/policy", "services/outcome"},
	"services/reward":             {"services/unit", "services/mandate/issuance"},
	"services/clarification":      {"services/unit"},
}

var subjects = []string{
	"services/unit",
	"services/document",
	"services/mandate",
	"services/mandate/issuance",
	"services/mandate/assignment",
	"services/handoff",
	"services/checkpoint",
	"services/recipient",
	"services/issuerkey",
	"services/nullifier",
	"services/blank",
	"services/complaint",
	"services/caseroom",
	"services/release",
	"services/policy",
	"services/outcome",
	"services/finding",
	"services/reward",
	"services/clarification",
}

// The allow-list. A package that is not on it fails, and so does an import
// that its line does not name: add a line, or a name to a line, only where
// the package's comment still says what it is for and what it must never do.
var allowed = withSubjects(map[string]rule{
	"services/ledger":            {},
	"services/ledger/ledgertest": {may: []string{"services/ledger"}},
	"services/exact":             {},
	"services/figure":            {}, // exact numbers as people read them

	"services/attribution": {may: []string{"services/exact"}},
	"services/liability":   {may: []string{"services/exact"}},
	// Rules by which recorded facts become a case of liability; the read model gathers them.
	"services/outcome/evidence": {may: []string{
		"services/ledger", "services/exact", "services/figure", "services/unit", "services/mandate/assignment", "services/outcome", "services/liability",
	}},
	"services/rule":   {may: []string{"services/ledger", "services/liability", "schema"}},
	"services/search": {may: []string{"services/ledger"}}, // for its refusals

	"services/catalogue":     {may: append([]string{"services/ledger"}, subjects...)},
	"services/desk":          {may: []string{"services/ledger"}},
	"services/desk/desktest": {may: []string{"services/ledger", "services/desk"}},
	"services/watch":         {may: []string{"services/ledger", "services/desk", "services/checkpoint", "services/blank", "services/calendar", "services/complaint", "services/release", "services/mandate/assignment", "services/finding"}},
	"services/view": {
		may: append([]string{
			"services/ledger", "services/exact", "services/attribution", "services/search", "services/calendar",
			"services/view/docket", "services/view/dossier", "services/complaint/claim", "services/release", "services/rule", "services/liability", "services/outcome/evidence",
		}, subjects...),
		uses: []string{"golang.org/x/mod/sumdb/tlog"},
	},
	"services/view/docket": {
		may: []string{
			"services/ledger", "services/calendar", "services/unit", "services/mandate", "services/complaint", "services/complaint/claim", "services/caseroom",
			"services/issuerkey", "services/nullifier", "services/blank", "services/recipient", "services/release", "services/view/pack",
		},
		uses: []string{"golang.org/x/crypto/chacha20poly1305"},
	},
	"services/view/dossier": {may: []string{
		"services/ledger", "services/policy", "services/outcome", "services/finding", "services/reward", "services/clarification", "services/view/pack",
	}},
	"services/view/pack": {},
	"services/view/docket/dockettest": {
		may: []string{"services/ledger", "services/complaint", "services/complaint/claim", "services/issuerkey", "services/nullifier"},
	},

	"services/graph": {
		// The subjects for their words only: kinds, levels, grounds.
		may: append([]string{
			"services/view", "services/view/docket", "services/ledger", "services/exact", "services/search", "services/graph/*", "schema",
			"services/rule", "services/liability", "services/outcome/evidence",
			"services/complaint/claim", "services/release",
		}, subjects...),
		uses: []string{graphqlGo},
	},
	"services/graph/bind":  {may: []string{"services/ledger", "services/exact", "services/graph/guard"}, uses: []string{graphqlGo}},
	"services/graph/guard": {may: []string{"services/ledger"}, uses: []string{graphqlGo}},

	"services/graph/graphtest": {uses: testLibraries},

	// What a report's facts may say, and what seals them; it knows no complaint.
	"services/complaint/claim": {may: []string{"services/ledger", "services/exact", "services/unit", "services/mandate"}, uses: []string{"golang.org/x/crypto/chacha20poly1305"}},

	"services/calendar": {may: []string{"services/ledger", "services/charset"}},
	"services/charset":  {uses: []string{"golang.org/x/text"}},
	"services/division": {may: []string{"services/charset", "services/ledger", "services/unit"}, uses: []string{"golang.org/x/text"}},
	"services/breakdown": {
		may:  []string{"services/charset", "services/ledger", "services/exact", "services/unit", "services/mandate", "services/mandate/issuance"},
		uses: []string{"github.com/xuri/excelize", "golang.org/x/text"},
	},
	"services/export": {may: []string{"services/ledger", "services/store/whole"}, uses: []string{"golang.org/x/sys/unix"}},
	"services/backup": {
		may:  []string{"services/ledger", "services/checkpoint", "services/store/sqlite", "services/store/blob", "services/store/whole"},
		uses: []string{"golang.org/x/sys/unix"},
	},

	"services/migration": {may: []string{"services/ledger", "services/checkpoint"}}, // no store: it copies between any two

	"services/intake": {
		may: []string{
			"services/ledger", "services/desk", "services/unit", "services/complaint", "services/complaint/claim", "services/recipient", "services/nullifier", "services/blank", "services/store/blob",
			"services/intake/envelope", "services/intake/gate", "services/intake/picture", "services/intake/receipt", "services/intake/spool", "services/intake/token",
		},
		uses: []string{"filippo.io/age"},
	},
	"services/intake/record": {may: []string{
		"services/ledger", "services/calendar", "services/unit", "services/complaint", "services/complaint/claim", "services/view", "services/view/docket", "services/store/blob",
		"services/intake", "services/intake/receipt", "services/intake/token",
	}},
	"services/intake/door": {may: []string{"services/ledger"}},
	"services/intake/envelope": {
		may:  []string{"services/ledger", "services/intake/picture", "services/intake/receipt"},
		uses: []string{"filippo.io/age", "golang.org/x/crypto/chacha20poly1305"},
	},
	"services/intake/gate":    {may: []string{"services/ledger"}},
	"services/intake/picture": {may: []string{"services/ledger"}},
	"services/intake/token":   {may: []string{"services/ledger"}},
	"services/intake/receipt": {may: []string{"services/ledger"}, uses: []string{"filippo.io/age", "golang.org/x/crypto/argon2"}},
	"services/intake/spool":   {may: []string{"services/ledger", "services/store/hold", "services/store/whole"}, uses: []string{"golang.org/x/sys/unix"}},

	// The issuer of tokens knows nothing of the ledger and of reports.
	"services/issuer": {
		may:  []string{"services/ledger", "services/intake/token", "services/intake/gate", "services/store/hold", "services/store/whole"},
		uses: []string{"github.com/cloudflare/circl/blindsign/blindrsa"},
	},

	"services/auth": {may: []string{"services/ledger"}, uses: []string{jwt, "github.com/alexedwards/scs"}},

	"services/store/sqlite": {may: []string{"services/ledger", "services/store/hold"}, uses: []string{"modernc.org/sqlite", "golang.org/x/sys/unix"}},
	"services/store/blob":   {may: []string{"services/ledger"}, uses: []string{"modernc.org/sqlite", "gocloud.dev/blob"}},
	// Besides the client, what its errors are made of, and what it forgets to ask the leader for.
	"services/store/esdb": {may: []string{"services/ledger"}, uses: []string{esdbClient, "google.golang.org/grpc/codes", "google.golang.org/grpc/metadata", "google.golang.org/grpc/status"}},
	"services/store/wire": {may: []string{"services/ledger"}, uses: []string{esdbProtos, "google.golang.org/grpc", "google.golang.org/protobuf"}},
	"services/store/wire/wiretest": {
		may:  []string{"services/ledger", "services/store/sqlite", "services/store/wire"},
		uses: []string{esdbProtos, "google.golang.org/grpc", "google.golang.org/protobuf"},
	},
	"services/store/whole":     {},
	"services/store/hold":      {uses: []string{"golang.org/x/sys/unix"}},
	"services/store/storetest": {may: []string{"services/ledger"}, uses: testLibraries},

	"schema": {},
	"seeds":  {may: []string{"services/ledger", "services/desk"}},
	"portal": {
		may:  []string{"services/graph", "services/auth", "services/figure", "services/ledger", "services/desk", "portal/*"},
		uses: []string{mux, "golang.org/x/text", "rsc.io/qr"},
	},
	"portal/issuer": {may: []string{"services/issuer", "services/intake/token", "services/ledger", "portal/static", "portal/words"}},
	"portal/chart":  {}, // pictures know figures and words, not where they come from
	// What reporters see. Of what writes it knows the intake alone, and of the subjects their words.
	"portal/report": {may: []string{
		"portal/static", "portal/words", "services/ledger", "services/mandate", "services/complaint/claim",
		"services/intake", "services/intake/envelope", "services/intake/gate", "services/intake/picture", "services/intake/receipt",
	}},
	"portal/static": {},
	"portal/words":  {may: []string{"services/ledger"}, uses: []string{"golang.org/x/text"}},
	"portal/api":    {may: []string{"services/ledger", "services/desk", "portal/observe"}, uses: []string{mux}},
	// Requests as an operator may see them; the figures are kept elsewhere.
	"portal/observe":   {may: []string{"services/ledger"}, uses: []string{mux}},
	"services/metrics": {uses: []string{"github.com/prometheus/client_golang"}},
	"cmd/suyuan":       {may: []string{"*"}, uses: []string{"*"}},

	"test/bench":          {may: []string{"*"}, uses: []string{"filippo.io/age"}},
	"test/bench/appends":  {may: []string{"services/ledger", "services/store/sqlite"}, uses: []string{pgx, "golang.org/x/sys/unix"}},
	"test/bench/nation":   {may: []string{"services/*", "services/store/sqlite", "services/mandate/issuance"}},
	"test/bench/postgres": {may: []string{"services/unit", "test/bench/nation"}, uses: []string{pgx}},
	"test/bench/table":    {},
	"test/bench/wired": {
		may:  []string{"services/ledger", "services/store/sqlite", "services/store/esdb"},
		uses: []string{esdbClient},
	},

	"test/arch":        {},
	"test/conformance": {may: []string{"services/store/wire/wiretest"}},
	"test/esdbserver":  {may: []string{"services/store/wire/wiretest"}},
	"test/e2e":         {may: []string{"*"}, uses: testLibraries},
	"test/follow":      {},
	"test/graphqlhttp": {may: []string{"*"}},
	"test/intake":      {may: []string{"*"}, uses: testLibraries},
	"test/intakejs":    {may: []string{"*"}, uses: testLibraries},
	"test/scenario":    {may: []string{"*"}, uses: testLibraries},
	"test/script":      {may: []string{"*"}, uses: testLibraries},
})

const (
	graphqlGo  = "github.com/graphql-go/graphql"
	jwt        = "github.com/golang-jwt/jwt"
	mux        = "github.com/gorilla/mux"
	pgx        = "github.com/jackc/pgx"
	esdbClient = "github.com/EventStore/EventStore-Client-Go"
	esdbProtos = esdbClient + "/v4/protos"
)

var testLibraries = []string{"pgregory.net/rapid", "github.com/rogpeppe/go-internal", "github.com/chromedp"}

// What few may import, whatever the list above says. The longest path that
// fits an import decides.
var sole = map[string][]string{
	graphqlGo:  {"services/graph", "services/graph/*"},
	jwt:        {"services/auth"},
	pgx:        {"test/bench/*"}, // to compare with
	mux:        {"portal", "portal/api", "portal/observe", "cmd/*"},
	esdbClient: {"services/store/esdb", "test/bench/wired"}, // there to compare with
	esdbProtos: {"services/store/esdb", "services/store/wire", "services/store/wire/wiretest"},
}

// What tests stand on and nothing that is delivered may, "*" on its line or not.
var forTests = map[string][]string{
	"services/desk/desktest":          {"test/*"}, // it may wait for minutes
	"services/store/wire/wiretest":    {"test/*"}, // whoever reaches it may write
	"services/view/docket/dockettest": {"test/*"}, // its key is no secret
}

// Exact arithmetic: no binary fraction comes near these.
var withoutFloats = []string{
	"services/exact",
	"services/attribution",
	"services/calendar",
	"services/complaint",
	"services/complaint/claim",
	"services/liability",
	"services/mandate",
	"services/mandate/issuance",
	"services/release",
	"services/view",
}

// Where the time of day is read; everyone else is handed a ledger.Clock.
var readsClock = []string{
	"cmd/*",
	"portal/server.go",
	"services/auth/table.go", // against expiries that the session library sets by the time of day
	"test/*",
}

// Shared state at package level that has a reason, and the reason.
var sharedFor = map[string]string{
	"services/graph/bind.starting": "graphql-go fills in globals of its own on first use, without a lock",
}

// All there is at the top, dotfiles excepted.
var top = []string{
	"services", "schema", "portal", "cmd", "seeds", "test",
	"go.mod", "go.sum", "Makefile", "README.md", "LICENSE",
}

const maxLines = 600

func withSubjects(rules map[string]rule) map[string]rule {
	for _, path := range subjects {
		rules[path] = rule{may: slices.Concat(subjectRule.may, subjectWords[path])}
	}
	rules["services/checkpoint"] = rule{may: subjectRule.may, uses: []string{"golang.org/x/mod/sumdb"}} // signed notes, Merkle roots
	recipients := rules["services/recipient"]
	recipients.uses = []string{"filippo.io/age"} // to refuse a key that nothing could be sealed to
	rules["services/recipient"] = recipients
	return rules
}
