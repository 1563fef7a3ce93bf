package calendar_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"suyuan/services/calendar"
)

// Renewing writes the package's years, and leaves alone what was edited: what
// comes out is read, and done again it is the same.
func TestRenew(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"package.json":                     `{"version":"9.9.9"}`,
		"dist/chinese-days.json":           `{"holidays":{"2026-01-01":"New Year's Day,元旦,1","2026-05-01":"Labour Day,劳动节,2","2026-05-04":"Labour Day,劳动节,2","2026-10-01":"National Day,国庆节,3","2025-01-01":"New Year's Day,元旦,1"},"workdays":{"2026-05-09":"Labour Day,劳动节,2"},"inLieuDays":{}}`,
		"src/holidays/generate.ts":         "  /**\n   * 2026\n   * https://www.gov.cn/2026.htm\n   * https://www.gov.cn/2026-again.htm\n   */\n  /**\n   * 2025\n   *  https://www.gov.cn/2025.htm\n   */\n",
		"calendar.json":                    edited(t, sample, "\"year\": 2026,\n      \"source\": \"手工\"", "\"year\": 2026,\n      \"source\": \"npm chinese-days 1.0.0\""),
		"without/package.json":             `{"version":"9.9.9"}`,
		"without/dist/chinese-days.json":   `{"holidays":{"2031-01-01":"New Year's Day,元旦,1"},"workdays":{}}`,
		"without/src/holidays/generate.ts": "/**\n * 2030\n * https://www.gov.cn/\n */",
		"without/calendar-that-stays.json": sample,
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	renew := func(from, to string) error {
		out, err := exec.Command("node", "renew/renew.mjs", filepath.Join(dir, from), filepath.Join(dir, to)).CombinedOutput()
		if err != nil {
			t.Logf("%s", out)
		}
		return err
	}
	if err := renew(".", "calendar.json"); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(filepath.Join(dir, "calendar.json"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(first)
	for _, want := range []string{`"source": "npm chinese-days 9.9.9"`, `["https://www.gov.cn/2026.htm","https://www.gov.cn/2026-again.htm"]`,
		`{"zh":"劳动节","en":"Labour Day","off":["2026-05-01","2026-05-04"],"work":["2026-05-09"]}`,
		`"source": "手工"`, `"off":["2025-05-01","2025-05-02"]`, `"from": 2025`, `"to": 2026`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	if works, err := read(t, text).Working("2026-05-04"); err != nil || works {
		t.Errorf("%v, %v", works, err)
	}
	if err := renew(".", "calendar.json"); err != nil {
		t.Fatal(err)
	}
	if again, err := os.ReadFile(filepath.Join(dir, "calendar.json")); err != nil || string(again) != text {
		t.Errorf("made again it differs: %s, %v", again, err)
	}

	// A year without a notice is not written, nor anything else then.
	if err := renew("without", "without/calendar-that-stays.json"); err == nil {
		t.Error("a year of unknown source was taken")
	}
	if kept, err := os.ReadFile(filepath.Join(dir, "without/calendar-that-stays.json")); err != nil || string(kept) != sample {
		t.Errorf("%s, %v", kept, err)
	}
	if _, err := calendar.Read("calendar.json", first); err != nil {
		t.Error(err)
	}
}
