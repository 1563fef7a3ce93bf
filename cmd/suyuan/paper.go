package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"suyuan/portal"
)

// paperLimit is how long the browser may take to print.
const paperLimit = 2 * time.Minute

func paperCommand(io streams) *cobra.Command {
	var at place
	var ask onPaper
	c := &cobra.Command{
		Use:   "paper --finding ID --out FILE",
		Short: "Write the paper of an issued finding (意见书), as PDF where Chromium is installed, or as one HTML file",
		Args:  noArgs,
	}
	at.flags(c)
	c.Flags().StringVar(&ask.finding, "finding", "", "the finding's id")
	c.Flags().StringVar(&ask.out, "out", "", "the file to write; it must not be there yet")
	c.Flags().BoolVar(&ask.html, "html", false, "write HTML, which any browser prints; needs no Chromium")
	c.Flags().StringVar(&ask.public, "public-url", "", "where browsers find the portal, as https://host: the paper's code leads there")
	languageFlag(c, &ask.lang)
	c.RunE = func(c *cobra.Command, _ []string) error {
		ask.lang = language(ask.lang)
		if ask.finding == "" || ask.out == "" {
			return usage{said(ask.lang, "paper：请用 --finding 写明哪一份认定、用 --out 写明写到哪个文件", "paper: say which finding with --finding, and where to write it with --out")}
		}
		if u, err := url.Parse(ask.public); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.Path != "" {
			return usage{said(ask.lang, "paper：请用 --public-url https://主机名 写明公开页面在哪里，不带路径", "paper: say where the public page is with --public-url https://host, without a path")}
		}
		if _, err := os.Lstat(ask.out); err == nil {
			return usage{said(ask.lang, ask.out+" 已经存在；请换一个文件名", ask.out+" is there already; choose another name")}
		}
		return ask.write(c.Context(), at, io)
	}
	return c
}

// onPaper is which finding, and where to.
type onPaper struct {
	finding, out, public, lang string
	html                       bool
}

func (p onPaper) write(ctx context.Context, at place, io streams) error {
	browser := ""
	if !p.html {
		var err error
		if browser, err = chromium(); err != nil { // before the ledger is read: that can take a while
			return said(p.lang, "没有找到 Chromium，不能生成 PDF；请安装 chromium，或加 --html 生成网页文件，用浏览器打印", "there is no Chromium here to make a PDF with; install chromium, or give --html and print the file with any browser")
		}
	}
	h, err := at.read(ctx)
	if err != nil {
		return notVerified(err)
	}
	defer func() { _ = h.store.Close() }()
	pages, err := portal.New(pageQueries{h.graph}, nil, portal.Options{Clock: wallClock, Random: rand.Reader, Public: p.public})
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := pages.WritePaper(ctx, &page, p.finding, p.lang); err != nil {
		return err
	}
	content := page.Bytes()
	if !p.html {
		if content, err = asPDF(ctx, browser, content); err != nil {
			return said(p.lang, fmt.Sprintf("Chromium 没有生成 PDF：%v；可加 --html 生成网页文件，用浏览器打印", err), fmt.Sprintf("Chromium made no PDF: %v; give --html and print the file with any browser", err))
		}
	}
	if err := writeNew(p.out, content); err != nil {
		return err
	}
	fmt.Fprintf(io.out, inLang(p.lang, "已写入 %s，%d 字节\n", "wrote %s, %d bytes\n"), p.out, len(content))
	return nil
}

// writeNew writes a file that must not be there yet; nothing is left of it
// where that fails.
func writeNew(name string, content []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}

// chromium is the Chromium that is installed here; SUYUAN_CHROMIUM names another.
func chromium() (string, error) {
	if path := os.Getenv("SUYUAN_CHROMIUM"); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", exec.ErrNotFound
}

// asPDF is a page as PDF, by a browser of its own with no profile and nothing
// to load.
func asPDF(ctx context.Context, browser string, page []byte) (pdf []byte, err error) {
	dir, err := os.MkdirTemp("", "suyuan-paper-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	from, to := filepath.Join(dir, "paper.html"), filepath.Join(dir, "paper.pdf")
	if err := os.WriteFile(from, page, 0o600); err != nil {
		return nil, err
	}
	args := []string{"--headless", "--disable-gpu", "--disable-extensions", "--disable-background-networking", "--no-first-run", "--no-default-browser-check",
		"--user-data-dir=" + filepath.Join(dir, "profile"), "--no-pdf-header-footer", "--print-to-pdf=" + to}
	if os.Getuid() == 0 {
		args = append(args, "--no-sandbox") // Chromium has none for root
	}
	ctx, cancel := context.WithTimeout(ctx, paperLimit)
	defer cancel()
	var problems bytes.Buffer
	run := exec.CommandContext(ctx, browser, append(args, (&url.URL{Scheme: "file", Path: from}).String())...)
	run.Stderr = &problems
	if err := run.Run(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, lastLine(problems.Bytes()))
	}
	return os.ReadFile(to)
}

// lastLine is what a program said last.
func lastLine(said []byte) string {
	lines := bytes.Split(bytes.TrimSpace(said), []byte("\n"))
	last := lines[len(lines)-1]
	return string(last[:min(len(last), 200)])
}
