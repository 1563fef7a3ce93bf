package portal

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"suyuan/portal/observe"
	"suyuan/services/ledger"
)

var (
	errNoPage = ledger.Errorf(ledger.NotFound, "page.not_found", "这个地址下没有页面。", "There is no page at this address.")
	errMethod = ledger.Errorf(ledger.Invalid, "page.method_not_allowed",
		"这个地址不接受这样的操作。", "This address does not take this kind of request.")
	errUsedLink = ledger.Errorf(ledger.Unauthenticated, "link.used",
		"这个登录链接已经用过或已过期：每个链接只能用一次。", "This sign-in link has been used or has run out: each works once.")
)

// failed is an error's page.
type failed struct {
	*Page
	Status string
	What   string // what happened
	Field  string // the parameter at fault
	Sent   bool   // something was sent to be done, not only asked to be shown
	Number string // the request's, for the administrator to find it in the log
}

// statusOf is a refusal's status; two rules of the portal have their own.
func statusOf(e *ledger.Error) int {
	switch e.Rule {
	case errMethod.Rule:
		return http.StatusMethodNotAllowed
	case errUsedLink.Rule:
		return http.StatusGone
	}
	return e.Code.Status()
}

// fail says what happened, what was kept and what to do next.
func (p *Page) fail(err error) {
	e := ledger.AsError(err)
	status := statusOf(e)
	observe.Report(p.r.Context(), p.s.options.Log, err)
	if status == http.StatusServiceUnavailable {
		p.w.Header().Set("Retry-After", "30")
	}
	code := strconv.Itoa(status)
	p.Title = p.enum("errorTitle", code)
	p.Crumbs = nil
	read := p.r.Method == http.MethodGet || p.r.Method == http.MethodHead
	body, broken := p.render("error", failed{p, code, e.Text.In(p.Lang), e.Field, !read, observe.ID(p.r.Context())})
	if broken != nil {
		p.s.options.Log.ErrorContext(p.r.Context(), "error page failed", "error", broken)
		http.Error(p.w, e.Text.In(p.Lang), status)
		return
	}
	p.send(status, body)
}

// takesActs are the addresses of pages with forms for staff.
var takesActs = regexp.MustCompile(`^/(complaints/[^/]+|cases(/[^/]+)?|recipients|issuer-keys|bench/[^/]+|findings/[^/]+|outcomes/(new|[^/]+/correct)|units/[^/]+/record|policies)$`)

// wrongMethod names what the address takes.
func (s *site) wrongMethod(p *Page) (reply, error) {
	allowed, path := []string{http.MethodGet, http.MethodHead}, p.r.URL.Path
	if path == "/sign-out" {
		allowed = []string{http.MethodPost}
	} else if strings.HasPrefix(path, "/sign-in/") || takesActs.MatchString(path) {
		allowed = append(allowed, http.MethodPost)
	}
	p.w.Header().Set("Allow", strings.Join(allowed, ", "))
	return reply{}, errMethod
}
