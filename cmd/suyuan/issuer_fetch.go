package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	stdio "io"
	"io/fs"
	"math/big"
	"os"
	"strings"

	"crypto/rand"

	"github.com/spf13/cobra"

	"suyuan/portal/api"
	"suyuan/services/intake/token"
	"suyuan/services/issuer"
	"suyuan/services/store/whole"
)

// fetching is what `suyuan issuer fetch` was told.
type fetching struct {
	issuer, ledger string
	code, to       string
	lang           string
}

func issuerFetchCommand(io streams) *cobra.Command {
	var f fetching
	c := &cobra.Command{
		Use:   "fetch --issuer URL --ledger URL --to FILE",
		Short: "Exchange an enrolment code for eight tokens, on a computer of your own",
		Args:  noArgs,
	}
	c.Flags().StringVar(&f.issuer, "issuer", "", "address of the issuer, as https://host")
	c.Flags().StringVar(&f.ledger, "ledger", "", "address of the portal of the ledger, where the issuer's keys are looked up, as https://host")
	c.Flags().StringVar(&f.code, "code-file", "", "file with the enrolment code (default: the first line of the input)")
	c.Flags().StringVar(&f.to, "to", "", "file for the tokens, which must not be there yet")
	languageFlag(c, &f.lang)
	c.RunE = func(c *cobra.Command, _ []string) error { return f.run(c.Context(), io) }
	return c
}

// maxCode bounds what is read of a code's file.
const maxCode = 4 << 10

func (f *fetching) run(ctx context.Context, io streams) error {
	if f.to == "" {
		return usage{said(f.lang, "请用 --to 给出存放凭证的文件名", "name the file for the tokens with --to")}
	}
	if _, err := os.Lstat(f.to); !errors.Is(err, fs.ErrNotExist) {
		return usage{said(f.lang, f.to+" 已经存在；请换一个文件名", f.to+" is there already; choose another name")}
	}
	at, err := remote{server: f.issuer}.open(language(f.lang))
	if err != nil {
		return usage{said(f.lang, fmt.Sprintf("--issuer %q：请写 https://主机", f.issuer), fmt.Sprintf("--issuer %q: write an address such as https://host", f.issuer))}
	}
	on, err := remote{server: f.ledger}.open(language(f.lang))
	if err != nil {
		return usage{said(f.lang, fmt.Sprintf("--ledger %q：请写 https://主机", f.ledger), fmt.Sprintf("--ledger %q: write an address such as https://host", f.ledger))}
	}
	code, err := f.read(io)
	if err != nil {
		return err
	}
	seed, err := f.seed()
	if err != nil {
		return err
	}
	all, term, err := issuer.Fetch(ctx, issuerDoor{at}, code, seed, lookup(on), func() error { return f.keep(seed) })
	if err != nil {
		return err
	}
	if err := f.write(all); err != nil {
		return err
	}
	_, err = fmt.Fprintln(io.out, inLang(language(f.lang),
		fmt.Sprintf("%s %s 的八个凭证已写入 %s。每次上报用一个，用过就删；隔几天再用。", term.County, term.Quarter, f.to),
		fmt.Sprintf("Eight tokens of %s, %s are in %s. Use one for each report and delete it then; wait some days before the first.", term.County, term.Quarter, f.to)))
	return err
}

func (f *fetching) read(io streams) (string, error) {
	from := io.in
	if f.code != "" {
		file, err := os.Open(f.code)
		if err != nil {
			return "", usage{fmt.Errorf("--code-file: %w", err)}
		}
		defer func() { _ = file.Close() }()
		from = file
	}
	line, err := bufio.NewReader(stdio.LimitReader(from, maxCode)).ReadString('\n')
	if err != nil && !errors.Is(err, stdio.EOF) {
		return "", err
	}
	code, err := token.ParseCode(token.Enrolment, line)
	if err != nil {
		return "", err
	}
	return code.Text(token.Enrolment), nil
}

// part is where the seed is between the request and its answer: with it a
// command that was interrupted is run again and has the same tokens.
func (f *fetching) part() string { return f.to + ".part" }

func (f *fetching) seed() (seed [32]byte, err error) {
	text, err := os.ReadFile(f.part())
	if err == nil {
		if n, err := hex.Decode(seed[:], []byte(strings.TrimSpace(string(text[:min(len(text), 65)])))); err != nil || n != len(seed) {
			return seed, said(f.lang, f.part()+" 读不懂；那一次领取没有做完，请找回这个文件", f.part()+" cannot be read; an exchange was not finished, and that file is needed for it")
		}
		return seed, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return seed, err
	}
	_, err = stdio.ReadFull(random, seed[:])
	return seed, err
}

func (f *fetching) keep(seed [32]byte) error {
	return whole.Write(f.part(), []byte(hex.EncodeToString(seed[:])+"\n"), 0o600)
}

// write puts the tokens down in no order, and then the seed away.
func (f *fetching) write(all []token.Token) error {
	var texts []string
	for len(all) > 0 {
		i, err := rand.Int(random, big.NewInt(int64(len(all))))
		if err != nil {
			return err
		}
		at := int(i.Int64())
		texts = append(texts, all[at].Text())
		all = append(all[:at:at], all[at+1:]...)
	}
	if err := whole.Write(f.to, []byte(strings.Join(texts, "\n")), 0o600); err != nil {
		return plain(err, nothingKept)
	}
	over, err := os.OpenFile(f.part(), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = over.WriteString(strings.Repeat("0", 64) + "\n")
	return errors.Join(err, over.Sync(), over.Close(), os.Remove(f.part()))
}

// issuerDoor asks an issuer.
type issuerDoor struct{ at *thereDoor }

func (d issuerDoor) Offer(ctx context.Context, q issuer.OfferRequest) (a issuer.OfferAnswer, err error) {
	return a, d.ask(ctx, "/offer", q, &a)
}

func (d issuerDoor) Issue(ctx context.Context, q issuer.IssueRequest) (a issuer.IssueAnswer, err error) {
	return a, d.ask(ctx, "/issue", q, &a)
}

func (d issuerDoor) ask(ctx context.Context, path string, q, a any) error {
	body, err := json.Marshal(q)
	if err != nil {
		return err
	}
	var answer json.RawMessage
	if err := d.at.post(ctx, path, "", body, &answer); err != nil {
		return err
	}
	var failed struct{ Error *refusal }
	if err := json.Unmarshal(answer, &failed); err != nil {
		return err
	}
	if failed.Error != nil {
		return failed.Error.err()
	}
	return json.Unmarshal(answer, a)
}

// lookup asks a ledger for the RSA keys of a term that were not revoked.
func lookup(on *thereDoor) func(context.Context, issuer.Term) ([]token.Listed, error) {
	return func(ctx context.Context, t issuer.Term) ([]token.Listed, error) {
		data, err := on.Ask(ctx, api.KeysQuestion, map[string]any{"county": t.County, "quarter": t.Quarter})
		if err != nil {
			return nil, err
		}
		var answer struct {
			IssuerKeys struct {
				Edges []struct {
					Node struct {
						ID, Kind, County, Quarter, SPKI string
						N                               int
						Revoked                         bool
					}
				}
				PageInfo struct{ HasNextPage bool }
			}
		}
		if err := json.Unmarshal(data, &answer); err != nil {
			return nil, err
		}
		if answer.IssuerKeys.PageInfo.HasNextPage { // of what was not read nobody knows whom it marks
			return nil, nil
		}
		var all []token.Listed
		for _, e := range answer.IssuerKeys.Edges {
			k := e.Node
			spki, err := base64.StdEncoding.DecodeString(k.SPKI)
			if err != nil || k.Revoked || k.Kind != "RSA" {
				continue
			}
			all = append(all, token.Listed{ID: k.ID, County: k.County, Quarter: k.Quarter, N: k.N, SPKI: spki})
		}
		return all, nil
	}
}
