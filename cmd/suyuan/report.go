package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// reporting is where and how reports are taken.
type reporting struct {
	listen         string // "off": nowhere
	chosen         bool   // somebody said where, so that nothing else will do
	url, onion     string
	cert, certKey  string
	pair           *tls.Certificate
	cutAt          string
	at, every      time.Duration
	text, pictures int
	limit          int
}

// reportDefault is the reporting host where nobody says otherwise.
const reportDefault = "127.0.0.1:8081"

func (r *reporting) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&r.listen, "report-listen", reportDefault, "address at which anonymous reports are taken, a host of its own so that no cookie of the portal gets there; off: none are taken (where nobody gives it and the default is taken, another free port)")
	f.StringVar(&r.url, "report-url", "", "where browsers find the reporting pages, as https://host; no path")
	f.StringVar(&r.cert, "report-tls-cert", "", "certificate file for --report-listen, PEM; with --report-tls-key")
	f.StringVar(&r.certKey, "report-tls-key", "", "that certificate's key file, PEM")
	f.StringVar(&r.onion, "onion", "", "the reporting pages as an onion service, as http://….onion, which is told to browsers that come over TLS")
	f.StringVar(&r.cutAt, "cut-at", "03:00", "time of China's day at which what was reported is entered in the ledger")
	f.DurationVar(&r.every, "cut-every", 0, "enter it whenever so much time has passed instead, for demonstrations and tests: when something was reported can then be told")
	f.IntVar(&r.text, "spool-text", 2000, "how many reports without pictures may wait for that, three quarters of them without a proof; 20 KiB of disk each")
	f.IntVar(&r.pictures, "spool-pictures", 48, "how many with pictures; 4 MiB each")
	f.IntVar(&r.limit, "report-limit", 600, "forms and envelopes that one network (/24, /56) may send to the reporting pages in ten minutes, and twenty times as many questions for news; 0: any number. Pages are not counted, nor is this machine, behind which an onion service stands")
}

func (r *reporting) check(lang string) error {
	switch {
	case (r.cert == "") != (r.certKey == ""):
		return said(lang, "--report-tls-cert 与 --report-tls-key 要一起给出", "give --report-tls-cert and --report-tls-key together")
	case r.every < 0 || r.every > 0 && r.every < 100*time.Millisecond:
		return said(lang, "--cut-every 不能少于 100ms", "--cut-every must be at least 100ms")
	case r.text < 1 || r.pictures < 1:
		return said(lang, "--spool-text 和 --spool-pictures 至少为 1", "--spool-text and --spool-pictures must be at least 1")
	case r.limit < 0:
		return said(lang, "--report-limit 不能为负", "--report-limit cannot be negative")
	}
	for _, a := range []struct{ flag, value string }{{"--report-url", r.url}, {"--onion", r.onion}} {
		u, err := url.Parse(a.value)
		if a.value != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.String() != u.Scheme+"://"+u.Host) {
			return said(lang, fmt.Sprintf("%s %q：请写 https://主机，后面不带路径", a.flag, a.value), fmt.Sprintf("%s %q: give https://host and nothing behind it", a.flag, a.value))
		}
	}
	at, err := time.Parse("15:04", r.cutAt)
	if err != nil {
		return said(lang, fmt.Sprintf("--cut-at %q：请写 03:00 这样的时间", r.cutAt), fmt.Sprintf("--cut-at %q: give a time such as 03:00", r.cutAt))
	}
	r.at = time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
	return nil
}

// apart refuses a reporting host under a name of the portal's: cookies know no
// ports, so that every one of the portal's would travel to it.
func (s serving) apart() error {
	r := &s.report
	if r.off() {
		return nil
	}
	near, names := false, []string{nameOf(r.url), nameOf(r.onion)}
	if host, _, err := net.SplitHostPort(r.listen); err == nil {
		ip := net.ParseIP(host)
		near = host == "localhost" || ip != nil && ip.IsLoopback()
		switch {
		case !near && r.url == "":
			return said(s.lang, fmt.Sprintf("--report-listen %s 不只对本机开放：请用 --report-url https://主机 写明收件页面自己的主机名", r.listen),
				fmt.Sprintf("--report-listen %s is open to more than this machine: give --report-url https://host, a host name that the reporting pages have to themselves", r.listen))
		case near && r.url == "": // what address prints
			names = append(names, host)
		}
	}
	portal := nameOf(s.public)
	if s.public == "" {
		if host, _, err := net.SplitHostPort(s.listen); err == nil {
			if ip := net.ParseIP(host); host == "" || ip != nil && (ip.IsLoopback() || ip.IsUnspecified()) {
				host = "localhost" // as it is printed
			}
			portal = canonical(host)
		}
	}
	for _, name := range names {
		if name != "" && canonical(name) == portal {
			return said(s.lang, fmt.Sprintf("门户和收件页面不能同用主机名 %s（只换端口不够：浏览器会把门户的 cookie 一并送去）；请给 --report-url 另一个主机名", name),
				fmt.Sprintf("the portal and the reporting pages cannot share the host name %s (another port is not enough: browsers would send the portal's cookies along); give --report-url another host name", name))
		}
	}
	return nil
}

// nameOf is the host name of an address as https://host:port, "" where it has
// none.
func nameOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return canonical(u.Hostname())
}

func canonical(host string) string { return strings.TrimSuffix(strings.ToLower(host), ".") }

func (r *reporting) off() bool { return r.listen == "" || r.listen == "off" }

// able finds out before a ledger is opened what would keep reports from being
// taken.
func (r *reporting) able(lang string) error {
	if r.off() {
		return nil
	}
	if r.cert != "" {
		pair, err := tls.LoadX509KeyPair(r.cert, r.certKey)
		if err != nil {
			return usage{said(lang, fmt.Sprintf("--report-tls-cert 与 --report-tls-key 不能用（%v）；请给出一对 PEM 格式的证书和私钥", err),
				fmt.Sprintf("--report-tls-cert and --report-tls-key are of no use (%v); name a certificate and its key, both in PEM", err))}
		}
		r.pair = &pair
	}
	l, err := r.open()
	if err != nil {
		return err
	}
	return l.Close()
}

// open listens, at another port of this machine where the default is taken and
// nobody chose it.
func (r *reporting) open() (net.Listener, error) {
	l, err := net.Listen("tcp", r.listen)
	if err != nil && !r.chosen {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, errListen(r.listen, "--report-listen", err)
	}
	return l, nil
}

// address is what a browser on this machine calls the reporting host: never
// localhost, which is the portal's, for cookies know no ports.
func (r *reporting) address(at net.Addr) string {
	if r.url != "" {
		return r.url
	}
	scheme := "http"
	if r.pair != nil {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(at.String())
	if ip := net.ParseIP(host); err == nil && (ip == nil || ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// hosts are the names under which the pages answer: on this machine their
// number alone, so that no page is ever shown where the portal's cookies go.
func (r *reporting) hosts(at net.Addr) (names []string) {
	for _, address := range []string{r.url, r.onion} {
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			names = append(names, u.Host)
		}
	}
	host, port, err := net.SplitHostPort(at.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsLoopback() {
		return append(names, at.String(), net.JoinHostPort("127.0.0.1", port))
	}
	if r.url == "" {
		return nil
	}
	return append(names, at.String())
}
