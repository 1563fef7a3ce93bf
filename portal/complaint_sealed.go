package portal

import (
	"encoding/hex"
	"fmt"

	"suyuan/portal/static"
	"suyuan/services/ledger"
)

// complaintSealed hands out a letter or message as it was sealed: whoever
// opens it does so on a computer of their own.
func (s *site) complaintSealed(p *Page) (reply, error) {
	if err := p.needs(ledger.Investigator, ledger.Reviewer); err != nil {
		return reply{}, err
	}
	id, err := p.id("id")
	if err != nil {
		return reply{}, err
	}
	blob, err := p.id("blob")
	if err != nil {
		return reply{}, err
	}
	d, err := s.desk()
	if err != nil {
		return reply{}, err
	}
	sealed, err := d.Letter(p.r.Context(), p.Actor, id, blob)
	if err != nil {
		return reply{}, err
	}
	return reply{file: &file{name: fmt.Sprintf("%.8s-%.8s.age", id, blob), content: sealed}}, nil
}

// file is something to download as it is.
type file struct {
	name    string
	content []byte
}

func (f *file) write(p *Page) error {
	h := p.w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s"`, fileName(f.name)))
	h.Set("Cache-Control", "private, no-store")
	_, err := p.w.Write(f.content)
	return err
}

func sumOf(f static.File) string { return hex.EncodeToString(f.Sum[:]) }
