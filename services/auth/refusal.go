package auth

import (
	"net/http"
	"strings"

	"suyuan/services/ledger"
)

// ErrorWriter answers a request with an error, in the form and the language the
// request asks for; whoever wires the server has one.
type ErrorWriter func(http.ResponseWriter, *http.Request, error)

func unauthenticated(rule, zh, en string) *ledger.Error {
	return &ledger.Error{Code: ledger.Unauthenticated, Rule: rule, Text: ledger.Text{Zh: zh, En: en}}
}

// One refusal per cause; programs rely on the rule names.
var (
	errMalformed = unauthenticated("token.malformed",
		"令牌不完整，或者不是令牌；请重新完整复制，仍不行请重新申请。",
		"This is not a whole token; copy all of it again, or ask for a new one.")
	errTooLong = unauthenticated("token.too_long",
		"令牌超过 8192 字节，本系统没有签发过这样长的令牌；请检查复制的内容。",
		"The token is longer than the 8192 bytes any token of ours has; check what was copied.")
	errRepeated = unauthenticated("token.repeated",
		"请求带了不止一个 Authorization 头；请只留一个。",
		"The request has more than one Authorization header; send one.")
	errAlgorithm = unauthenticated("token.algorithm",
		"令牌的签名算法不是 EdDSA，不予接受；请用 suyuan token 重新签发。",
		"The token is not signed with EdDSA, which alone is accepted; make a new one with suyuan token.")
	errKey = unauthenticated("token.key",
		"签发令牌的密钥不在认可之列，可能已经停用；请申请新的令牌。",
		"The token names no key that is accepted here; the key may have been withdrawn. Ask for a new token.")
	errSignature = unauthenticated("token.signature",
		"令牌的签名不对，内容可能被改动；请重新完整复制，仍不行请重新申请。",
		"The token's signature does not fit, so something in it was changed; copy it again, or ask for a new one.")
	errIssuer = unauthenticated("token.issuer",
		"令牌不是本系统签发的；请用 suyuan token 签发。",
		"The token was issued by somebody else; make one with suyuan token.")
	errAudience = unauthenticated("token.audience",
		"令牌不是给本接口用的；请用 suyuan token 签发。",
		"The token was made for another service; make one with suyuan token.")
	errExpiry = unauthenticated("token.expiry",
		"令牌没有写明有效期，不予接受；请重新签发。",
		"The token does not say when it expires and is not accepted; make a new one.")
	errExpired = unauthenticated("token.expired",
		"令牌已过期；请申请新的令牌。",
		"The token has expired; ask for a new one.")
	errIssued = unauthenticated("token.issued",
		"令牌没有签发时间，或者签发、生效时间晚于现在；请核对签发一方的时钟后重新签发。",
		"The token does not say when it was issued, or is not valid until later; check the clock of the machine that made it and make a new one.")
	errLifetime = unauthenticated("token.lifetime",
		"令牌有效期超过 30 天，不予接受；请重新签发。",
		"The token lives longer than the 30 days allowed; make a new one.")
	errLink = unauthenticated("link.spent",
		"链接已经用过或已过期；请向管理员申请新的链接。",
		"This link was used already or has expired; ask the administrator for a new one.")
	errLinksFull = ledger.Errorf(ledger.Unavailable, "link.full",
		"未使用的登录链接太多；请等一些用掉或过期后再生成。",
		"Too many sign-in links are waiting to be used; make more when some are used or have expired.")
	errCrossOrigin = ledger.Errorf(ledger.Forbidden, "request.cross_origin",
		"这个请求来自别的网站，没有执行；请回到本站页面重新提交。",
		"This request came from another site and was not carried out; go back to the page here and send it again.")
)

// inToken rewords check's refusal for a token that was presented: actor.role
// becomes token.role.
func inToken(bad *ledger.Error) *ledger.Error {
	e := *bad
	e.Code = ledger.Unauthenticated
	e.Rule = "token." + strings.TrimPrefix(bad.Rule, "actor.")
	e.Text.Zh = "令牌不能用：" + bad.Text.Zh
	e.Text.En = "The token is of no use: " + bad.Text.En
	return &e
}
