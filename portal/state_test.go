package portal

import (
	"net/http"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

func TestEveryPageSaysWhatIsWrongWithTheLedger(t *testing.T) {
	for _, c := range []struct{ name, state, zh, en string }{
		{"found while folding", `{"readOnly":true,"damagedAt":"45","ordinal":"44"}`,
			"账本第 45 号事件与当初所记不符，现只供查阅；各页只显示前 44 号。请联系管理员核对备份。",
			"Event 45 is not what was recorded. The ledger takes no entries, and pages show the first 44 events only; tell the administrator."},
		{"found long before the end", `{"readOnly":true,"damagedAt":"9","ordinal":"118"}`,
			"账本第 9 号事件后来发现与当初所记不符，现只供查阅；各页显示的是发现之前读入的前 118 号。",
			"Event 9 was found not to be what was recorded. The ledger takes no entries, and pages show the first 118 events as read before that was found"},
		{"read-only", `{"readOnly":true,"damagedAt":null,"ordinal":"118"}`,
			"账本暂不接收填报，查阅不受影响。", "The ledger takes no entries for the moment; reading is not affected."},
	} {
		h := portalFor(t, &fake{state: c.state}, &fakeSessions{})
		for _, address := range append([]string{"/nothing", "/units?level=MOON"}, every...) {
			for lang, says := range map[string]string{"zh-CN": c.zh, "en": c.en} {
				body := get(h, address, "Accept-Language", lang).Body.String()
				banner := strings.Index(body, `role="status"`)
				if strings.Count(body, says) != 1 || banner < 0 || banner > strings.Index(body, "<main") {
					t.Errorf("%s: %s in %s does not say so once, before its content", c.name, address, lang)
				}
			}
		}
	}
	for _, address := range every {
		if strings.Contains(get(portalFor(t, &fake{}, &fakeSessions{}), address).Body.String(), `role="status"`) {
			t.Errorf("%s says something is wrong", address)
		}
	}
}

func TestAKeptPageIsNotKeptOnceTheLedgerIsDamaged(t *testing.T) {
	q := &fake{}
	h := portalFor(t, q, &fakeSessions{})
	tag := get(h, "/about").Header().Get("ETag")
	q.state = `{"readOnly":true,"damagedAt":"45","ordinal":"44"}`
	if w := get(h, "/about", "If-None-Match", tag); w.Code != http.StatusOK {
		t.Error(w.Code)
	}
}

func TestErrorInFrontSaysItToo(t *testing.T) {
	p := portalFor(t, &fake{state: `{"readOnly":true,"damagedAt":"45","ordinal":"44"}`}, &fakeSessions{err: ledger.Errorf(ledger.Unauthenticated, "x.y", "不行", "no")})
	if body := get(p, "/").Body.String(); !strings.Contains(body, "前 44 号") {
		t.Error(body)
	}
}

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		ordinal, size string
		want          bool
	}{{"1", "1", true}, {"2", "1", false}, {"9", "10", true}, {"10", "9", false}, {"45", "44", false}, {"1", "0", false}} {
		if within(c.ordinal, c.size) != c.want {
			t.Errorf("%v", c)
		}
	}
}
