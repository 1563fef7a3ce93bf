package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	issuerpage "suyuan/portal/issuer"
	"suyuan/services/intake/token"
	"suyuan/services/issuer"
	"suyuan/services/store/whole"
)

func issuerCommand(io streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "issuer",
		Short: "Give people on a county's roster tokens that show they are on it and not who they are",
		Args:  noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_ = c.Help()
			return usage{errors.New("issuer: say what to do: keys, roster, cards, serve or fetch")}
		},
	}
	c.AddCommand(issuerKeysCommand(io), issuerRosterCommand(io), issuerCardsCommand(io), issuerServeCommand(io), issuerFetchCommand(io))
	return c
}

// issuing is what the commands of an issuer have in common.
type issuing struct {
	data  string
	term  issuer.Term
	count int
	sheet string
	remote
	lang string
}

func (i *issuing) dataFlag(c *cobra.Command) {
	c.Flags().StringVar(&i.data, "issuer-data", "./.suyuan-issuer", "folder for the issuer's keys and rosters, never a ledger's")
}

func (i *issuing) termFlags(c *cobra.Command) {
	c.Flags().StringVar(&i.term.County, "county", "", "six-digit code of the county")
	c.Flags().StringVar(&i.term.Quarter, "quarter", "", "the quarter, as 2026Q4")
}

func (i *issuing) sheetFlags(c *cobra.Command, most int) {
	c.Flags().IntVar(&i.count, "count", 0, fmt.Sprintf("how many, at most %d", most))
	c.Flags().StringVar(&i.sheet, "sheet", "", "file for the sheet to print and cut apart, HTML; it must not be there yet")
}

func (i *issuing) check() error {
	if err := i.term.Check(); err != nil {
		return usage{err}
	}
	return nil
}

// office opens the data folder, which must be no ledger's: who runs one must
// not be able to run the other by chance.
func (i *issuing) office() (*issuer.Office, error) {
	for _, name := range []string{"ledger.db", filepath.Join("keys", signerFile)} {
		if _, err := os.Stat(filepath.Join(i.data, name)); err == nil {
			return nil, usage{said(i.lang, i.data+" 是账本的数据文件夹；发放处要有自己的文件夹，用 --issuer-data 另指一个",
				i.data+" is a ledger's data folder; an issuer has one of its own, name it with --issuer-data")}
		}
	}
	o, err := issuer.Open(i.data, random)
	if err != nil {
		return nil, plain(err, nothingKept)
	}
	return o, nil
}

func issuerKeysCommand(io streams) *cobra.Command {
	var i issuing
	c := &cobra.Command{
		Use:   "keys --county CODE --quarter QUARTER",
		Short: "Make a county's eight keys of a quarter, and print or publish what goes on the ledger",
		Args:  noArgs,
	}
	i.dataFlag(c)
	i.termFlags(c)
	i.remote.flags(c)
	languageFlag(c, &i.lang)
	c.RunE = func(c *cobra.Command, _ []string) (err error) {
		if err := i.check(); err != nil {
			return err
		}
		o, err := i.office()
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, o.Close()) }()
		keys, err := o.Keys(i.term)
		if err != nil {
			return err
		}
		for _, k := range keys {
			input := map[string]any{"id": k.ID, "county": k.Term.County, "quarter": k.Term.Quarter, "n": k.N, "spki": base64.StdEncoding.EncodeToString(k.SPKI)}
			if err := i.publish(c.Context(), io, "issuerkey.publish", k.ID, input); err != nil {
				return err
			}
		}
		return nil
	}
	return c
}

// publish prints a command's input, one line of JSON; with --server it submits
// it and prints the id.
func (i *issuing) publish(ctx context.Context, io streams, name, id string, input any) error {
	body, err := json.Marshal(input)
	if err != nil {
		return err
	}
	if i.server == "" {
		_, err := fmt.Fprintf(io.out, "%s\n", body)
		return err
	}
	to, err := i.open(language(i.lang))
	if err != nil {
		return err
	}
	if err := to.Submit(ctx, name, "issuer-"+id, body); err != nil {
		return err
	}
	_, err = fmt.Fprintln(io.out, inLang(language(i.lang), "已公布", "published"), id)
	return err
}

func issuerRosterCommand(io streams) *cobra.Command {
	var i issuing
	c := &cobra.Command{
		Use:   "roster --county CODE --quarter QUARTER --count N --sheet FILE",
		Short: "Make enrolment codes: a sheet to print once and hand out; only their hashes are kept",
		Args:  noArgs,
	}
	i.dataFlag(c)
	i.termFlags(c)
	i.sheetFlags(c, issuer.MaxCodes)
	languageFlag(c, &i.lang)
	c.RunE = func(*cobra.Command, []string) (err error) {
		if err := errors.Join(i.check(), i.newSheet()); err != nil {
			return err
		}
		o, err := i.office()
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, o.Close()) }()
		codes, err := o.NewRoster(i.term, i.count)
		if err != nil {
			return err
		}
		return i.print(io, token.Enrolment, codes)
	}
	return c
}

// newSheet wants a file that is not there: a sheet half handed out must not be
// written over.
func (i *issuing) newSheet() error {
	if i.sheet == "" {
		return usage{said(i.lang, "请用 --sheet 给出打印页的文件名", "name the file of the sheet with --sheet")}
	}
	if _, err := os.Lstat(i.sheet); !errors.Is(err, fs.ErrNotExist) {
		return usage{said(i.lang, i.sheet+" 已经存在；请换一个文件名", i.sheet+" is there already; choose another name")}
	}
	return nil
}

func (i *issuing) print(io streams, kind token.Kind, codes []token.Code) error {
	var b bytes.Buffer
	if err := issuerpage.WriteSheet(&b, kind, i.term, codes); err != nil {
		return err
	}
	if err := whole.Write(i.sheet, b.Bytes(), 0o600); err != nil {
		return plain(err, nothingKept)
	}
	_, err := fmt.Fprintln(io.err, inLang(language(i.lang),
		fmt.Sprintf("%d 个号码已写入 %s。打印、裁开、封好、混匀以后再发；然后删掉这个文件，别处没有第二份。", len(codes), i.sheet),
		fmt.Sprintf("%d codes are in %s. Print it, cut it apart, seal and mix the slips before you hand them out; then delete the file. There is no other copy.", len(codes), i.sheet)))
	return err
}

func issuerCardsCommand(io streams) *cobra.Command {
	var i issuing
	var n int
	c := &cobra.Command{
		Use:   "cards --county CODE --quarter QUARTER --count N --sheet FILE",
		Short: "Make a batch of sealed cards for people without scripts: a sheet to print, and the hashes for the ledger",
		Args:  noArgs,
	}
	i.termFlags(c)
	i.sheetFlags(c, issuer.MaxCards)
	c.Flags().IntVar(&n, "batch", 1, "number of the batch in its county and quarter, 1 to 8")
	i.remote.flags(c)
	languageFlag(c, &i.lang)
	c.RunE = func(c *cobra.Command, _ []string) error {
		if err := errors.Join(i.check(), i.newSheet()); err != nil {
			return err
		}
		if n < 1 || n > token.PerQuarter {
			return usage{said(i.lang, "--batch 须在 1 到 8 之间", "--batch must lie between 1 and 8")}
		}
		codes, hashes, err := issuer.NewCards(random, i.term, i.count)
		if err != nil {
			return err
		}
		if err := i.print(io, token.Card, codes); err != nil {
			return err
		}
		id := batchID(hashes)
		return i.publish(c.Context(), io, "issuerkey.publish_cards", id, map[string]any{"id": id, "county": i.term.County, "quarter": i.term.Quarter, "n": n, "hashes": hashes})
	}
	return c
}

// batchID names a batch by its cards.
func batchID(hashes []string) string {
	h := sha256.New()
	h.Write([]byte("cards-v1"))
	for _, text := range hashes {
		h.Write([]byte(text))
	}
	return hex.EncodeToString(h.Sum(nil))
}
