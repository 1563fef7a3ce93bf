package claim

import (
	"bytes"
	"encoding/json"
	"slices"

	"suyuan/services/exact"
	"suyuan/services/ledger"
)

// Parse reads facts strictly: at most MaxJSON bytes, one JSON object, no
// unknown or repeated field, and Check holds. Numbers and lists come out in
// their canonical form. The error is a *ledger.Error that names a field and
// nothing of what stands in it.
func Parse(data []byte) (Facts, error) {
	var f Facts
	if err := decode(data, &f); err != nil {
		return Facts{}, err
	}
	if err := f.Check(); err != nil {
		return Facts{}, err
	}
	return f.canonical(), nil
}

// ParseFollowUp reads a follow-up in the same way.
func ParseFollowUp(data []byte) (FollowUp, error) {
	var f FollowUp
	if err := decode(data, &f); err != nil {
		return FollowUp{}, err
	}
	if err := f.Check(); err != nil {
		return FollowUp{}, err
	}
	return f, nil
}

// decode keeps what the reader of JSON says to itself: it quotes what it read.
func decode(data []byte, into any) error {
	if len(data) > MaxJSON || ledger.DecodeStrict(data, into) != nil {
		return ledger.Errorf(ledger.Invalid, "claim.unreadable", "反映要素无法读取；请重新打开页面再填。", "The facts cannot be read; open the page again and fill them in anew.")
	}
	return nil
}

// Marshal is the canonical JSON of facts that Check accepts: equal facts have
// equal bytes.
func (f Facts) Marshal() []byte { return encode(f.canonical()) }

// Marshal is the canonical JSON of a follow-up that Check accepts.
func (f FollowUp) Marshal() []byte { return encode(f) }

func encode(v any) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // plain fields always encode
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

// canonical: 600.0 is 600, and forms stand in the order of Forms.
func (f Facts) canonical() Facts {
	f.CameDown, f.Asked = plain(f.CameDown), plain(f.Asked)
	if len(f.Forms) == 0 {
		f.Forms = nil
	}
	f.Forms = slices.Clone(f.Forms)
	slices.SortFunc(f.Forms, func(a, b string) int { return slices.Index(Forms, a) - slices.Index(Forms, b) })
	return f
}

func plain(s string) string {
	if d, err := exact.ParseDecimal(s); err == nil {
		return d.String()
	}
	if q, err := exact.ParseFrequency(s); err == nil {
		return q.String()
	}
	return s
}
