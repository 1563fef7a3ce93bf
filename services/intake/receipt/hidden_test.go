package receipt_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"testing"
	"text/template"

	"filippo.io/age"

	"suyuan/services/intake/receipt"
)

type contextKey struct{}

// shapes are the ways in which a secret stands in something that is printed.
func shapes[T any](secret T) map[string]any {
	return map[string]any{
		"itself":             secret,
		"pointer":            &secret,
		"pointer to pointer": func() any { p := &secret; return &p }(),
		"field":              struct{ Secret T }{secret},
		"hidden field":       struct{ secret T }{secret},
		"hidden field, deep": &struct{ one struct{ secret *T } }{struct{ secret *T }{&secret}},
		"hidden any":         struct{ secret any }{secret},
		"embedded": struct {
			T any
			n int
		}{secret, 1},
		"list":        []T{secret},
		"hidden list": struct{ secrets [1]T }{[1]T{secret}},
		"map":         map[string]T{"a": secret},
		"hidden map":  struct{ m map[string]any }{map[string]any{"a": &secret}},
		"anything":    []any{secret, &secret},
		"context":     context.WithValue(context.Background(), contextKey{}, secret),
	}
}

// printed gives v in every way that comes to hand.
func printed(v any) string {
	var out bytes.Buffer
	for _, verb := range "vsqdxXtTcbopeEfFgGUwz!" {
		for _, flags := range []string{"", "+", "#", "-40", "040", " ", ".3", "+#"} {
			fmt.Fprintf(&out, "%"+flags+string(verb)+"\n", v)
		}
	}
	fmt.Fprint(&out, v, "\n")
	fmt.Fprintln(&out, v, errors.Join(fmt.Errorf("of %v", v), fmt.Errorf("of %w", fmt.Errorf("%+v", v))))
	options := &slog.HandlerOptions{AddSource: true}
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, options), slog.NewJSONHandler(&out, options)} {
		slog.New(h).With("a", v).WithGroup("g").Error("text", "b", v, slog.Any("c", slog.AnyValue(v)), v, v)
	}
	for _, marshal := range []func(any) ([]byte, error){
		json.Marshal, func(v any) ([]byte, error) { return xml.Marshal(v) },
	} {
		text, err := marshal(v)
		fmt.Fprintf(&out, "%s %v\n", text, err)
	}
	fmt.Fprintln(&out, gob.NewEncoder(&out).Encode(v))
	fmt.Fprintln(&out, template.Must(template.New("").Parse("{{.}} {{printf `%#v` .}} {{html .}}\n")).Execute(&out, v))
	fmt.Fprintln(&out, htmltemplate.Must(htmltemplate.New("").Parse("{{.}} <a href='?{{.}}'><script>{{.}}</script>\n")).Execute(&out, v))
	if s, ok := v.(fmt.Stringer); ok {
		fmt.Fprintln(&out, s.String())
	}
	return out.String()
}

// written gives secret bytes as they would look in any of these texts.
func written(secret []byte) []string {
	list := strings.Trim(fmt.Sprint(secret), "[]")
	return []string{
		string(secret), hex.EncodeToString(secret), strings.ToUpper(hex.EncodeToString(secret)),
		base64.StdEncoding.EncodeToString(secret), base64.RawURLEncoding.EncodeToString(secret),
		list, strings.ReplaceAll(list, " ", ","), strings.ReplaceAll(list, " ", ", "),
		strings.Trim(strings.ReplaceAll(fmt.Sprintf("%#v", secret), "[]byte", ""), "{}"), fmt.Sprintf("% x", secret),
	}
}

func look(t *testing.T, what, in string, secrets ...[]byte) {
	t.Helper()
	for _, s := range secrets {
		for _, part := range [][]byte{s[:8], s[len(s)-8:]} {
			for _, form := range written(part) {
				if form = strings.TrimRight(form, "="); strings.Contains(in, form[:len(form)-1]) {
					t.Errorf("%s: %q is in %.2000q", what, form, in)
				}
			}
		}
	}
	if i := strings.Index(strings.ToUpper(in), "AGE-SECRET"); i >= 0 {
		t.Errorf("%s: %.200q", what, in[i:])
	}
}

func TestNothingShows(t *testing.T) {
	r := newReceipt(t, source(10))
	for name, v := range shapes(r) {
		look(t, "receipt, "+name, printed(v), []byte(plain(r)), []byte(r.Grouped()))
	}
	keys, err := r.Derive([]byte("service"))
	if err != nil {
		t.Fatal(err)
	}
	box, seal, signing, reply := keys.Box(), keys.Seal(), receipt.SigningSeed(keys), receipt.ReplySeed(keys)
	for name, v := range shapes(keys) {
		look(t, "keys, "+name, printed(v), box[:], seal[:], signing[:], reply[:])
	}
	replies, err := keys.Replies()
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range shapes(replies) {
		look(t, "replies, "+name, printed(v), reply[:])
	}
	for _, v := range []any{r, keys, replies} {
		if got := fmt.Sprintf("%v %+v %#v %s %q", v, v, v, v, v); got != "receipt receipt receipt receipt receipt" {
			t.Errorf("%s", got)
		}
		if text, err := json.Marshal(map[string]any{"a": v}); string(text) != `{"a":"receipt"}` {
			t.Errorf("%s, %v", text, err)
		}
	}
}

// Whoever opens with a wrong identity gets an error, and the error is logged.
func TestRepliesErrorsSayNothing(t *testing.T) {
	right, wrong := derive(t, 11), derive(t, 12)
	sealed := sealTo(t, right.Stored().Replies, "问")
	replies, err := wrong.Replies()
	if err != nil {
		t.Fatal(err)
	}
	_, err = age.Decrypt(bytes.NewReader(sealed), replies)
	if err == nil {
		t.Fatal("opened by another receipt")
	}
	seed := receipt.ReplySeed(wrong)
	look(t, "age's error", printed(err)+printed(struct{ err error }{err}), seed[:])
}

// The runtime prints what a panic carries without asking fmt.
func TestPanicSaysNothing(t *testing.T) {
	const asked = "RECEIPT_TEST_PANIC"
	r := newReceipt(t, source(10))
	if os.Getenv(asked) != "" {
		debug.SetTraceback("all")
		panic(r)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), self, "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), asked+"=1")
	out, err := child.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "panic: ") {
		t.Fatalf("it did not panic: %v\n%s", err, out)
	}
	look(t, "panic", string(out), []byte(plain(r)), []byte(r.Grouped()))
}

func sealTo(t testing.TB, recipient, text string) []byte {
	t.Helper()
	to, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		t.Fatal(err)
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to)
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return sealed.Bytes()
}
