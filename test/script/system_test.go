package script

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the system says of a file is said for people, whichever command meets it.
func TestFilesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"verify", "--data", "file"}, {"trace", "--data", "file", "--mandate", "m", "--unit", "u"}, {"token", "--data", "file", "--role", "admin"},
		{"keygen", "--data", "file"}, {"serve", "--data", "file", "--listen", "127.0.0.1:0"}, {"backup", "--data", "file", "archive.tar"}, {"export", "--data", "file", "--to", "out"},
	} {
		for lang, says := range map[string]string{"en_GB": "is no folder; name another place. (file.unusable)\n", "zh_CN.UTF-8": "不是文件夹；请另写一个位置。 (file.unusable)\n"} {
			_, stderr, code := commandIn(t, dir, []string{"LC_ALL=" + lang}, args...)
			if code != 1 || strings.Count(stderr, "\n") != 1 || !strings.HasSuffix(stderr, says) {
				t.Errorf("%v in %s: status %d, %s", args, lang, code, stderr)
			}
		}
	}
}
