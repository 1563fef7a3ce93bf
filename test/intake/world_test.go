package intake

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"filippo.io/age"

	"suyuan/seeds"
	"suyuan/services/calendar"
	"suyuan/services/catalogue"
	"suyuan/services/complaint/claim"
	"suyuan/services/desk"
	"suyuan/services/desk/desktest"
	"suyuan/services/intake"
	"suyuan/services/intake/envelope"
	"suyuan/services/intake/gate"
	"suyuan/services/intake/receipt"
	"suyuan/services/intake/record"
	"suyuan/services/intake/spool"
	"suyuan/services/ledger"
	"suyuan/services/recipient"
	"suyuan/services/store/blob"
	"suyuan/services/store/sqlite"
	"suyuan/services/view"
)

const patience = 2 * time.Minute

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fixed are keys that are the same in every world of this process: what two
// worlds hold can then be compared.
type fixed struct {
	engine        *age.X25519Identity
	investigators []*age.X25519Identity
	replies       []*age.X25519Identity
	claims        claim.Key
	service       []byte
	spool         [32]byte
	issuer        *issuer
}

var keys = sync.OnceValue(func() *fixed {
	f := &fixed{service: bytes.Repeat([]byte{7}, 32), claims: claim.Key{9}, spool: [32]byte{11}}
	identity := func() *age.X25519Identity {
		i, err := age.GenerateX25519Identity()
		if err != nil {
			panic(err)
		}
		return i
	}
	f.engine = identity()
	for range 3 {
		f.investigators = append(f.investigators, identity())
		f.replies = append(f.replies, identity())
	}
	f.issuer = newIssuer()
	return f
})

// investigators are the units that those of the tests belong to.
var investigators = []string{"9901-jw", "99-sjt", "99-bb"}

// options say what is special about a world.
type options struct {
	spool  io.Reader // where slots and salts of the spool come from; nil: chance
	vault  io.Reader
	random io.Reader
	text   int
	now    func() time.Time
	chaos  *chaos
	gate   *gate.Gate
	blank  bool
}

// world is a whole house with reports, over real files in one folder.
type world struct {
	t       testing.TB
	dir     string
	store   *sqlite.Store
	vault   *blob.Vault
	spool   *spool.Spool
	view    *view.View
	desk    *desk.Desk
	service *intake.Service
	events  *ledger.Catalogue
	clock   *seeds.Clock
	end     []func()
}

// open opens the house in a folder.
func open(t testing.TB, dir string, o options) *world {
	t.Helper()
	w := &world{t: t, dir: dir, clock: &seeds.Clock{}}
	w.clock.Set(time.Date(2026, 11, 20, 10, 0, 0, 0, ledger.Beijing))
	if o.spool == nil {
		o.spool = rand.Reader
	}
	if o.random == nil {
		o.random = rand.Reader
	}
	if o.text == 0 {
		o.text = 64
	}
	if o.gate == nil {
		o.gate = gate.New(2, 64)
	}
	if o.now == nil {
		o.now = w.clock.Now
	}
	var err error
	w.events, err = catalogue.Events()
	must(t, err)
	w.store, err = sqlite.Open(dir)
	must(t, err)
	w.end = append(w.end, func() { _ = w.store.Close() })
	vault := []blob.Option{}
	if o.vault != nil {
		vault = append(vault, blob.WithRandom(o.vault))
	}
	w.vault, err = blob.Open(dir, vault...)
	must(t, err)
	w.end = append(w.end, func() { _ = w.vault.Close() })
	w.spool, err = spool.Open(filepath.Join(dir, "spool"), keys().spool, spool.Sizes{Text: o.text, Pictures: 2}, o.spool)
	must(t, err)
	w.end = append(w.end, func() { _ = w.spool.Close() })
	w.view, err = view.New(w.events, "", view.WithClaims(keys().claims))
	must(t, err)
	must(t, w.view.Catch(t.Context(), w.store))
	ctx, stop := context.WithCancel(context.Background())
	followed := make(chan error, 1)
	go func() { followed <- w.view.Follow(ctx, w.store) }()
	w.end = append(w.end, func() { stop(); <-followed })
	w.desk, err = desk.New(w.store, w.events, catalogue.Commands(), desktest.Patient(w.view), w.clock.Now)
	must(t, err)
	days, err := calendar.Official()
	must(t, err)
	c := o.chaos
	if c == nil {
		c = &chaos{}
	}
	w.service, err = intake.New(t.Context(), intake.Options{
		ServiceID: keys().service, Engine: keys().engine, Claims: keys().claims,
		Ledger: record.New(w.view, days, o.now), Spool: brittleSpool{w.spool, c}, Vault: brittleVault{w.vault, c}, Gate: o.gate, Random: o.random, Blank: o.blank,
		NextCut: func() ledger.Date { return "2026-11-21" },
		Desk: func(ctx context.Context, day ledger.Date) (intake.Desk, error) {
			return intake.NewDesk(ctx, brittleLog{w.store, c}, w.events, catalogue.Commands(), w.view, w.store.Head(), day)
		},
	})
	if c.dead { // killed as it started
		return w
	}
	must(t, err)
	return w
}

// close ends it, as a process that ends: what is on disk stays.
func (w *world) close() {
	for i := len(w.end) - 1; i >= 0; i-- {
		w.end[i]()
	}
	w.end = nil
}

// base is a folder with the fictional province, three investigators and the
// issuer's keys, made once and copied by whoever needs it.
var base = sync.OnceValues(func() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "intake-test-"); err != nil {
		return "", err
	}
	t := &stub{}
	defer t.done()
	w := open(t, dir, options{vault: newStream(1)})
	all, err := seeds.All()
	if err != nil {
		return "", err
	}
	for _, one := range all[:2] {
		if err := seeds.Play(t.Context(), w.desk, w.clock.Set, one, nil); err != nil {
			return "", err
		}
	}
	w.clock.Set(time.Date(2026, 11, 1, 9, 0, 0, 0, ledger.Beijing))
	for i, unit := range investigators {
		w.submit(admin, "recipient.register", fmt.Sprint("r", i), recipient.Register{ID: fmt.Sprintf("inv-%d", i), Unit: unit, Recipient: keys().investigators[i].Recipient().String(), Purpose: "investigator"})
	}
	keys().issuer.publish(w)
	w.close()
	return dir, t.err
})

var admin = ledger.Actor{Account: "admin-99-bb", Roles: []ledger.Role{ledger.Admin}, Unit: "99-bb"}

// stub is a testing.TB for what is made once for all tests.
type stub struct {
	testing.TB
	err error
}

func (s *stub) Helper()                  {}
func (s *stub) Context() context.Context { return context.Background() }
func (s *stub) Fatal(args ...any)        { panic(fmt.Sprint(args...)) }
func (s *stub) Fatalf(format string, args ...any) {
	panic(fmt.Sprintf(format, args...))
}
func (s *stub) done() {}

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := base(); err == nil {
		_ = os.RemoveAll(dir)
		_ = os.Remove(dir + ".suyuan")
	}
	os.Exit(code)
}

// fresh is a copy of base.
func fresh(t testing.TB) string {
	t.Helper()
	from, err := base()
	must(t, err)
	return copied(t, from)
}

func copied(t testing.TB, from string) string {
	t.Helper()
	to := t.TempDir()
	must(t, os.CopyFS(to, os.DirFS(from)))
	must(t, filepath.WalkDir(to, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			err = os.Chmod(p, 0o600)
		}
		return err
	}))
	return to
}

func (w *world) submit(by ledger.Actor, name, key string, command any) desk.Receipt {
	w.t.Helper()
	input, err := json.Marshal(command)
	must(w.t, err)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r, err := w.desk.Submit(ctx, by, name, key, input)
	must(w.t, err)
	return r
}

// cut cuts under a key made from a number.
func (w *world) cut(day ledger.Date, n byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return w.service.Cut(ctx, day, [32]byte{n})
}

// sender is somebody with a receipt, without the price of one.
type sender struct {
	stored receipt.Stored
	key    ed25519.PrivateKey
	box    [32]byte
	seed   [32]byte
	from   *age.X25519Identity
}

func newSender(n int) *sender {
	s := &sender{seed: sha256.Sum256(fmt.Appendf(nil, "sender %d", n)), from: keys().replies[n%len(keys().replies)]}
	s.box = sha256.Sum256(s.seed[:])
	s.key = ed25519.NewKeyFromSeed(s.seed[:])
	s.stored = receipt.Stored{Box: receipt.BoxHash(s.box), Signer: [32]byte(s.key.Public().(ed25519.PublicKey)), Replies: s.from.Recipient().String()}
	return s
}

// facts are a claim that a report may make.
func facts(n int) []byte {
	return claim.Facts{
		V: claim.Version, Mandate: "farmland-600", Issuer: "990101", Within: "990101", Dimension: "quantity", Measure: "farmland-600/area",
		CameDown: "600", Asked: fmt.Sprint(600 + n%200), Minutes: n % 600, Forms: []string{claim.FormFilling},
	}.Marshal()
}

// letter is what a sender sends.
func (s *sender) letter(t testing.TB, l envelope.Letter) []byte {
	t.Helper()
	l.Stored = s.stored
	if l.Kind == 0 {
		l.Kind = envelope.Report
	}
	to := []string{keys().investigators[0].Recipient().String(), keys().investigators[1].Recipient().String()}
	out, err := envelope.Seal(s.seed, func(m []byte) []byte { return ed25519.Sign(s.key, m) }, l, keys().engine.Recipient().String(), to)
	must(t, err)
	return out
}

func (s *sender) report(t testing.TB, n int) []byte {
	t.Helper()
	return s.letter(t, envelope.Letter{Facts: facts(n), Narrative: envelope.Narrative{Text: fmt.Sprintf("report %d", n)}})
}

func (s *sender) follow(t testing.TB, f claim.FollowUp, text string) []byte {
	t.Helper()
	return s.letter(t, envelope.Letter{Kind: envelope.FollowUp, Facts: f.Marshal(), Narrative: envelope.Narrative{Text: text}})
}

func (w *world) accept(sealed []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return w.service.Accept(ctx, sealed)
}

// all is every event there is.
func (w *world) all() (list []ledger.Recorded) {
	w.t.Helper()
	for e, err := range w.store.All(context.Background(), ledger.Position{}) {
		must(w.t, err)
		list = append(list, e)
	}
	return list
}

// stream gives the same bytes for the same number.
type stream struct {
	mu sync.Mutex
	r  *mathrand.ChaCha8
}

func newStream(n byte) *stream { return &stream{r: mathrand.NewChaCha8([32]byte{n})} }

func (s *stream) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.r.Read(p)
}

func ruleOf(err error) string {
	if err == nil {
		return ""
	}
	return ledger.AsError(err).Rule
}
