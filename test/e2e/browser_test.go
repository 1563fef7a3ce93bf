package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// How long one page may take, pictures and checks included, on a busy machine.
const patience = 60 * time.Second

func TestMain(m *testing.M) {
	status := m.Run()
	if err := stopAll(); err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		status = max(status, 1)
	}
	os.Exit(status)
}

// What the whole run shares is started when first asked for and ended by
// stopAll, last started first.
var (
	stopMu sync.Mutex
	stops  []func() error
)

func atEnd(stop func() error) {
	stopMu.Lock()
	defer stopMu.Unlock()
	stops = append(stops, stop)
}

func stopAll() error {
	stopMu.Lock()
	defer stopMu.Unlock()
	var problems []error
	for i := len(stops) - 1; i >= 0; i-- {
		problems = append(problems, stops[i]())
	}
	stops = nil
	return errors.Join(problems...)
}

// The browser of the run, and how it names itself.
type headless struct {
	ctx   context.Context
	agent string
}

var theBrowser = sync.OnceValues(startBrowser)

func startBrowser() (*headless, error) {
	path, err := findChromium()
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "suyuan-e2e-")
	if err != nil {
		return nil, err
	}
	atEnd(func() error { return os.RemoveAll(profile) })

	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.Headless,
		chromedp.DisableGPU,
		chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("no-sandbox", os.Getuid() == 0),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-default-apps", true),
		chromedp.Flag("disable-extensions", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("password-store", "basic"),
	}
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(allocator)
	atEnd(func() error {
		defer stopAllocator()
		defer stop()
		limited, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		return chromedp.Cancel(limited)
	})
	version, err := chromedp.CallBrowser(ctx, browser.GetVersion, struct{}{})
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	return &headless{ctx: ctx, agent: version.UserAgent}, nil
}

func findChromium() (string, error) {
	if path := os.Getenv("SUYUAN_CHROMIUM"); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no chromium here: 'make test' installs it, or says what to install")
}

// shotsDir is where pictures go.
func shotsDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("SUYUAN_SHOTS")
	if dir == "" {
		return t.TempDir()
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("..", "..", dir)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
