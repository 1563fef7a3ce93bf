package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	stdio "io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"suyuan/services/intake/envelope"
	"suyuan/services/intake/picture"
	"suyuan/services/ledger"
)

// opening is what `suyuan open` was told. It runs on the investigator's own
// computer: the key is read there and sent nowhere.
type opening struct {
	remote
	key, complaint string
	pictures       string
	lang           string
}

func openCommand(io streams) *cobra.Command {
	var o opening
	c := &cobra.Command{
		Use:   "open --key FILE --complaint ID --server URL --token-file FILE",
		Short: "Open what a reporter wrote, on an investigator's own computer",
		Args:  noArgs,
	}
	o.remote.flags(c)
	c.Flags().StringVar(&o.key, "key", "", "file with your private age key, as `suyuan keygen --investigator` made it; it is not sent anywhere")
	c.Flags().StringVar(&o.complaint, "complaint", "", "the complaint's id, as its page shows it")
	c.Flags().StringVar(&o.pictures, "to", "", "folder for the pictures, made if it is not there (default: they are counted and not kept)")
	languageFlag(c, &o.lang)
	c.RunE = func(c *cobra.Command, _ []string) error {
		o.lang = language(o.lang)
		return o.run(c.Context(), io)
	}
	return c
}

const lettersQuery = `query Letters($id: ID!) { complaint(id: $id) { letters { day act blob } messages { day what blob } } }`

type sealedLetter struct{ Day, Act, What, Blob string }

func (o *opening) run(ctx context.Context, io streams) error {
	if o.key == "" || o.complaint == "" {
		return usage{said(o.lang, "请用 --key 给出私钥文件，用 --complaint 给出反映件编号", "name your key's file with --key and the complaint with --complaint")}
	}
	key, err := o.identity()
	if err != nil {
		return err
	}
	at, err := o.remote.open(o.lang)
	if err != nil {
		return err
	}
	letters, messages, err := o.list(ctx, at)
	if err != nil {
		return err
	}
	opened := 0
	for i, l := range append(letters, messages...) {
		sealed, err := o.fetch(ctx, at, l.Blob)
		if err != nil {
			return err
		}
		fmt.Fprintf(io.out, "── %s %s\n", l.Day, printable(l.Act+l.What))
		if i >= len(letters) {
			text, err := envelope.OpenMessage(sealed, key)
			opened += o.tell(io, text, err)
			continue
		}
		n, err := envelope.OpenNarrative(sealed, key)
		opened += o.tell(io, n.Text, err)
		if err := o.keep(ctx, io, l.Blob, n.Pictures); err != nil {
			return err
		}
	}
	if opened == 0 {
		return said(o.lang, "没有一封能用这把密钥打开：不是加密给它的，或内容已损坏", "nothing opens with this key: it is sealed to others, or damaged")
	}
	return nil
}

// identity reads the key.
func (o *opening) identity() (age.Identity, error) {
	text, err := os.ReadFile(o.key)
	if err != nil {
		return nil, plain(err, ledger.Text{})
	}
	keys, err := age.ParseIdentities(bytes.NewReader(text))
	if err != nil || len(keys) != 1 { // the library's words may quote it
		return nil, said(o.lang, o.key+" 里没有一把 age 私钥", o.key+" does not hold one age key")
	}
	return keys[0], nil
}

func (o *opening) list(ctx context.Context, at *thereDoor) (letters, messages []sealedLetter, err error) {
	data, err := at.Ask(ctx, lettersQuery, map[string]any{"id": o.complaint})
	if err != nil {
		return nil, nil, err
	}
	var found struct {
		Complaint *struct{ Letters, Messages []sealedLetter }
	}
	if err := json.Unmarshal(data, &found); err != nil {
		return nil, nil, err
	}
	if found.Complaint == nil {
		return nil, nil, unknownComplaint(o.complaint)
	}
	if found.Complaint.Letters == nil {
		return nil, nil, errSealedLetters
	}
	return found.Complaint.Letters, found.Complaint.Messages, nil
}

// fetch gets what is sealed; nil where it is gone, or is not for this reader.
func (o *opening) fetch(ctx context.Context, at *thereDoor, blob string) (sealed []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.base+"/complaints/"+url.PathEscape(o.complaint)+"/sealed/"+url.PathEscape(blob), nil)
	if err != nil {
		return nil, err
	}
	if at.token != "" {
		r.Header.Set("Authorization", "Bearer "+at.token)
	}
	w, err := at.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.Body.Close()) }()
	switch w.StatusCode {
	case http.StatusOK:
		return stdio.ReadAll(stdio.LimitReader(w.Body, envelope.PicturesSize))
	case http.StatusNotFound:
		return nil, nil
	}
	return nil, said(o.lang, "服务器答复 "+w.Status+"，没有给出来信", "the server answered "+w.Status+" and gave no letter")
}

// tell prints what was opened, and says of what was not why; it returns how
// many that were.
func (o *opening) tell(io streams, text string, err error) int {
	if err != nil {
		fmt.Fprintln(io.out, inLang(o.lang, "（打不开：不是加密给这把密钥的，或内容已销毁、损坏）", "(not opened: it is sealed to others, or was destroyed or damaged)"))
		return 0
	}
	if text == "" {
		text = inLang(o.lang, "（没有文字）", "(no text)")
	}
	fmt.Fprintln(io.out, printable(text))
	return 1
}

// keep writes the pictures, made anew: they come from a stranger.
func (o *opening) keep(ctx context.Context, io streams, blob string, pictures [][]byte) error {
	for i, raw := range pictures {
		clean, err := picture.Clean(ctx, bytes.NewReader(raw))
		if err != nil {
			fmt.Fprintln(io.out, inLang(o.lang, "（一张图片打不开）", "(a picture cannot be opened)"))
			continue
		}
		if o.pictures == "" {
			fmt.Fprintln(io.out, inLang(o.lang, "（一张图片；用 --to 文件夹 保存）", "(a picture; keep it with --to FOLDER)"))
			continue
		}
		if err := os.MkdirAll(o.pictures, 0o700); err != nil {
			return plain(err, ledger.Text{})
		}
		name := filepath.Join(o.pictures, fmt.Sprintf("%.8s-%d.jpg", printableName(blob), i+1))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) { // kept before; nothing is written over
			fmt.Fprintln(io.out, name)
			continue
		}
		if err != nil {
			return plain(err, ledger.Text{})
		}
		_, err = f.Write(clean.JPEG)
		if err := errors.Join(err, f.Close()); err != nil {
			return plain(err, ledger.Text{})
		}
		fmt.Fprintln(io.out, name)
	}
	return nil
}

// printable is text that does nothing to a terminal but stand there.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsGraphic(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

// printableName is a part of a file's name that the server gave.
func printableName(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'f' {
			return r
		}
		return -1
	}, s)
}
