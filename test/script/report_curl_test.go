package script

import (
	"bytes"
	"crypto/rand"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	intake "suyuan/services/intake/receipt"
)

const reportPage = 64 << 10 // bytes of every page of the reporting host

// A curl asks the reporting host as somebody at a command line does, and holds
// what comes back to what is promised of every answer.
type curl struct {
	t       *testing.T
	url     string
	headers string // of the last answer, sorted, Date left out
}

// post sends fields, as --data-urlencode or, with a picture, as -F does.
func (c *curl) post(picture string, fields ...string) string {
	c.t.Helper()
	args := []string{"-X", "POST", "-H", "Accept-Language: zh-CN"}
	for _, field := range fields {
		if picture == "" {
			args = append(args, "--data-urlencode", field)
		} else {
			args = append(args, "-F", field)
		}
	}
	if picture != "" {
		args = append(args, "-F", "picture=@"+picture+";type=image/png", "-F", "picture=;filename=")
	}
	return c.run(args...)
}

func (c *curl) run(args ...string) string {
	c.t.Helper()
	var out, trouble bytes.Buffer
	command := exec.Command("curl", append([]string{"-sS", "-i", "--max-time", "60", "-H", "Expect:", c.url + "/"}, args...)...)
	command.Stdout, command.Stderr = &out, &trouble
	if err := command.Run(); err != nil {
		c.t.Fatalf("curl: %v %s", err, trouble.String())
	}
	head, body, _ := strings.Cut(out.String(), "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, "Date: ") })
	slices.Sort(lines)
	c.headers = strings.Join(lines, "\n")
	if len(body) != reportPage {
		c.t.Errorf("%v: %d bytes", args, len(body))
	}
	if strings.Contains(strings.ToLower(head), "set-cookie") {
		c.t.Errorf("%v: a cookie", args)
	}
	return body
}

var (
	reportLine   = regexp.MustCompile(`(?m)^report +(http://127\.0\.0\.1:\d+)/$`)
	shownReceipt = regexp.MustCompile(`data-receipt[^>]*>([0-9 ]{34})<`)
)

// A report with a picture, and all that is done with it afterwards, with
// nothing but curl.
func TestReportWithCurl(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Fatalf("%v: 'make test' installs it, or says what to install", err)
	}
	s := serve(t, "--demo", "--data", filepath.Join(t.TempDir(), "data"), "--report-listen", "127.0.0.1:0", "--cut-every", "1s")
	c := &curl{t: t}
	for end := time.Now().Add(patience); c.url == "" && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if found := reportLine.FindStringSubmatch(s.out.String()); found != nil {
			c.url = found[1]
		}
	}
	has := func(body, want string) {
		t.Helper()
		if !strings.Contains(body, want) {
			t.Fatalf("no %q in:\n%s", want, strings.TrimRight(body, " ->\n"))
		}
	}
	first := []string{"task=farmland-600", "who=level:COUNTY", "place=990101", "dimension=quantity"}
	facts := []string{"down=200", "asked=220", "due=2022-08-20", "minutes=120", "form=photo", "motive=show", "text=CANARY-TEXT 每天都要照片"}
	with := func(lists ...[]string) []string { return slices.Concat(lists...) }

	has(c.run(), `name="task"`)
	has(c.post("", "lang=zh-CN", "go=find", "taskq=退林"), `value="farmland-600"`)
	has(c.post("", "lang=zh-CN", "go=2"), "请选一项任务，或者写上文号。")
	has(c.post("", "lang=en", "go=2"), "Choose a task")
	has(c.post("", with(first, []string{"lang=zh-CN", "go=2"})...), "第 2 步")
	body := c.post("", with(first, facts, []string{"lang=zh-CN", "go=3"})...)
	has(body, "<dd>200")
	found := shownReceipt.FindStringSubmatch(body)
	if found == nil {
		t.Fatal("no receipt is shown")
	}
	own := "receipt=" + found[1]
	all := with(first, facts, []string{"lang=zh-CN", own, "go=send"})

	folder := t.TempDir()
	has(c.post(file(t, folder, "note.pdf", []byte("%PDF-1.4 not a picture")), all...), `<a href="#picture">`)
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	photo := file(t, folder, "photo.png", picture.Bytes())
	has(c.post(photo, all...), "已收好")
	has(c.post(photo, all...), "已收好") // the same again: the same answer
	has(c.post("", "lang=zh-CN", own, "go=kept", "typed=00000000"), "不一样")
	has(c.post("", "lang=zh-CN", own, "go=kept", "typed="+found[1][25:]), "可以关闭了")
	if !strings.Contains(c.headers, `Clear-Site-Data: "*"`) {
		t.Errorf("the last page leaves:\n%s", c.headers)
	}

	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		if body = c.post("", "lang=zh-CN", own, "go=look"); strings.Contains(body, "已登记") {
			break
		}
		if time.Now().After(end) {
			has(body, "已登记")
		}
	}
	right := c.headers
	stranger, err := intake.New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	has(c.post("", "lang=zh-CN", "receipt="+stranger.Grouped(), "go=look"), "没有找到")
	if c.headers != right {
		t.Errorf("a right receipt:\n%s\na wrong one:\n%s", right, c.headers)
	}
	has(c.post("", "lang=zh-CN", own, "go=reply"), "请先写点什么")
	has(c.post("", "lang=zh-CN", own, "go=reply", "reply=文件是八月一日发的"), "已收好，下次汇总时入册")
	s.stop(t)
}

func file(t *testing.T, folder, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
