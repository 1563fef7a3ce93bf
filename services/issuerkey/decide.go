package issuerkey

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"suyuan/services/ledger"
)

// Bounds of what is published.
const (
	MaxKeys  = 8    // token keys of one county and quarter, and as many batches
	MaxCards = 2000 // in a batch
	spkiSize = 342  // bytes of every token key: RFC 9578 knows one encoding, of 2048 bits
)

// Decide publishes a token key once, under its own hash, at most MaxKeys for
// a county and quarter. Whether it is a good key is for whoever checks tokens
// with it: what they cannot read verifies nobody.
func (c Publish) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(admin(by), checkPlace(c.County, c.Quarter), c.checkKey()); err != nil {
		return nil, err
	}
	if err := s.free(f, c.ID, RSA, c.County, c.Quarter, c.N); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{Published{ID: c.ID, Kind: RSA, County: c.County, Quarter: c.Quarter, N: c.N, SPKI: c.SPKI}}, nil
}

func (c Publish) checkKey() error {
	der, err := base64.StdEncoding.Strict().DecodeString(c.SPKI)
	if err != nil || len(der) != spkiSize || base64.StdEncoding.EncodeToString(der) != c.SPKI {
		return ledger.Errorf(ledger.Invalid, "issuerkey.spki", "公钥应为 2048 位 RSA 的 SPKI（RFC 9578），以 base64 书写。", "The key must be the SPKI of a 2048-bit RSA key as in RFC 9578, in base64.").At("spki")
	}
	if h := sha256.Sum256(der); c.ID != hex.EncodeToString(h[:]) {
		return ledger.Errorf(ledger.Invalid, "issuerkey.id", "编号应为公钥的 SHA-256。", "The id must be the SHA-256 of the key.").At("id")
	}
	return nil
}

// Decide publishes a batch of cards once. The hashes are sorted, so that
// their order says nothing of the order in which the cards were made.
func (c PublishCards) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		admin(by), ledger.CheckID("id", c.ID), checkPlace(c.County, c.Quarter),
		ledger.CheckCount("hashes", len(c.Hashes), 1, MaxCards), c.checkHashes(),
	); err != nil {
		return nil, err
	}
	if err := s.free(f, c.ID, Cards, c.County, c.Quarter, c.N); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{Published{ID: c.ID, Kind: Cards, County: c.County, Quarter: c.Quarter, N: c.N, Hashes: slices.Clone(c.Hashes)}}, nil
}

func (c PublishCards) checkHashes() error {
	for i, h := range c.Hashes {
		if b, err := hex.DecodeString(h); err != nil || len(b) != sha256.Size || h != strings.ToLower(h) {
			return ledger.Errorf(ledger.Invalid, "issuerkey.hash", "每张卡的哈希应为 64 位小写十六进制数。", "A card's hash must be 64 lower-case hex digits.").At("hashes[%d]", i)
		}
		if i > 0 && c.Hashes[i-1] >= h {
			return ledger.Errorf(ledger.Invalid, "issuerkey.order", "哈希须由小到大排列，不得重复。", "The hashes must be sorted, each once.").At("hashes[%d]", i)
		}
	}
	return nil
}

// Decide ends a key or batch once. What was spent under it before stays
// spent.
func (c Revoke) Decide(s State, _ Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(admin(by), ledger.CheckText("reason", c.Reason, 300, true)); err != nil {
		return nil, err
	}
	switch {
	case s.Published == nil:
		return nil, ledger.Errorf(ledger.NotFound, "issuerkey.unknown", "没有编号为“%s”的签发公钥或卡。", "There is no issuer key or batch %q.", c.ID).At("id")
	case s.Revoked:
		return nil, ledger.Refuse("issuerkey.revoked", "已经作废。", "It was revoked already.").At("id")
	}
	return []ledger.Evolver[State]{Revoked{c.Reason}}, nil
}

// free refuses what is published already, and a number that is taken or does
// not exist. A revoked key keeps its number: whoever counts keys counts all
// under which somebody may have been given a token.
func (s State) free(f Facts, id string, kind Kind, county, quarter string, n int) error {
	if s.Published != nil {
		return ledger.Errorf(ledger.Conflict, "issuerkey.already_published", "编号 %s 已经公布。", "%s is published already.", id).At("id")
	}
	if n < 1 || n > MaxKeys {
		return ledger.Errorf(ledger.Invalid, "issuerkey.number", "序号应为 1 至 %d。", "The number is 1 to %d.", MaxKeys).At("n")
	}
	for _, k := range f.IssuerKeys(county, quarter) {
		if k.Kind == kind && k.N == n {
			return ledger.Refuse("issuerkey.taken", "该县该季度的第 %[1]d 号已经公布；每县每季度最多 %[2]d 个。", "Number %[1]d of this county and quarter is published already; there are %[2]d at most.", n, MaxKeys).At("n")
		}
	}
	return nil
}

func admin(by ledger.Actor) error {
	if by.Is(ledger.Admin) {
		return nil
	}
	return ledger.Errorf(ledger.Forbidden, "issuerkey.role", "签发公钥和卡由管理员公布、作废。", "Issuer keys and cards are published and revoked by an admin.")
}

// checkPlace: a county and no unit in it, and a quarter such as 2026Q4.
func checkPlace(county, quarter string) error {
	if len(county) != 6 || strings.Trim(county, "0123456789") != "" {
		return ledger.Errorf(ledger.Invalid, "issuerkey.county", "请写县级行政区划代码，六位数字。", "Give the county's code, six digits.").At("county")
	}
	year, q, ok := strings.Cut(quarter, "Q")
	if !ok || len(year) != 4 || year[0] == '0' || strings.Trim(year, "0123456789") != "" || len(q) != 1 || q < "1" || q > "4" {
		return ledger.Errorf(ledger.Invalid, "issuerkey.quarter", "季度写成 2026Q4 这样。", "A quarter is written as 2026Q4.").At("quarter")
	}
	return nil
}
