package issuer

import "suyuan/services/ledger"

func invalid(rule, zh, en string, args ...any) error {
	return ledger.Errorf(ledger.Invalid, "issuer."+rule, zh, en, args...)
}

func badCounty() error {
	return invalid("county",
		"请填写县（市、区）的六位代码；不能按乡镇或村设签发密钥。",
		"Give the six-digit code of a county; keys are never made for a town or a village.")
}

func badQuarter() error {
	return invalid("quarter", "请按 2026Q4 的样子填写季度。", "Write the quarter as 2026Q4.")
}

func badCount(most int) error {
	return invalid("count", "数量须在 1 到 %d 之间。", "The number must lie between 1 and %d.", most)
}

func badBlinded() error {
	return invalid("blinded",
		"请求的内容不完整或者不合格式；请在页面上重新操作，或者用 suyuan issuer fetch。",
		"The request is not complete, or not in its form; start again on the page, or with suyuan issuer fetch.")
}

func noKeys() error {
	return ledger.Errorf(ledger.Refused, "issuer.no_keys",
		"这个县这一季度的八把签发密钥还没有备齐；请管理员先运行 suyuan issuer keys。",
		"The eight keys of this county and quarter are not all there; the administrator makes them with: suyuan issuer keys.")
}

func unknownCode() error {
	return ledger.Errorf(ledger.Refused, "issuer.code_unknown",
		"登记名册里没有这个登记码；请对照纸条逐组核对，或者向发放的人另要一个。",
		"This enrolment code is on no roster. Compare it group by group with the paper, or ask for another.")
}

func used() error {
	return ledger.Errorf(ledger.Refused, "issuer.used",
		"这个登记码本季度已经领过凭证，不能再领。如果不是您领的，请向发放的人说明。",
		"This enrolment code has had its tokens for the quarter; there are no others. If it was not you who had them, say so to whoever gave you the code.")
}

func inUse() error {
	return ledger.Errorf(ledger.Unavailable, "issuer.in_use",
		"另一个进程正开着这个数据文件夹；请先停下它（例如 suyuan issuer serve）。",
		"Another process has this data folder open; stop it first (suyuan issuer serve, perhaps).")
}

func tooManyTerms() error {
	return ledger.Errorf(ledger.Refused, "issuer.too_many_terms",
		"这个数据文件夹里的密钥太多；请把过去几年的移到别处，另存备份。",
		"This data folder holds too many keys; move those of years gone by elsewhere and keep them.")
}

func tooManyRosters() error {
	return ledger.Errorf(ledger.Refused, "issuer.too_many_rosters",
		"这个数据文件夹里的名册太多；请把过去季度的移到别处，另存备份。",
		"This data folder holds too many rosters; move those of quarters gone by elsewhere and keep them.")
}

func unreadable(cause error) error {
	return ledger.Errorf(ledger.Unavailable, "issuer.unreadable",
		"名册暂时读不出来，凭证没有发出；请稍后再试。",
		"The roster cannot be read just now and no token was given; try again later.").Because(cause)
}

func unwritten(cause error) error {
	return ledger.Errorf(ledger.Unavailable, "issuer.unwritten",
		"名册暂时写不进去，凭证没有发出；请不要关闭页面，稍后再试一次。",
		"The roster cannot be written just now and no token was given; keep this page open and try again later.").Because(cause)
}

func badOffer() error {
	return ledger.Errorf(ledger.Refused, "issuer.offer",
		"发放处给出的不是一套完整的密钥，已经停止，登记码没有用掉；请向发放的人说明。",
		"What the issuer offered is no whole set of keys. Nothing was asked for and the code is still good; say so to whoever gave it to you.")
}

func unlisted(n int, id string) error {
	return ledger.Errorf(ledger.Refused, "issuer.key_unlisted",
		"发放处的第 %d 把密钥（%s…）不在账本上，或者不属于这个县、这个季度。这样的密钥可以用来给人做记号，所以已经停止，登记码没有用掉。",
		"Key %d of the issuer (%s…) is not on the ledger, or belongs to another county or quarter. Such a key can be used to mark somebody, so nothing was asked for and the code is still good.", n, id)
}

func badSignatures() error {
	return ledger.Errorf(ledger.Refused, "issuer.signatures",
		"发放处的签名对不上，凭证不能用；请再试一次，还不行就向发放的人说明。",
		"The issuer's signatures do not fit, so there are no tokens. Try again; if that does not help, say so to whoever gave you the code.")
}
