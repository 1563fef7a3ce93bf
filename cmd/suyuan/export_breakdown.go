package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"suyuan/services/breakdown"
	"suyuan/services/ledger"
	"suyuan/services/mandate/issuance"
	"suyuan/services/store/whole"
)

// sheetFormats by the ending of a file's name.
var sheetFormats = map[string]sheetWriter{
	".xlsx": breakdown.WriteWorkbook, ".csv": breakdown.WriteCSV,
}

func exportBreakdownCommand(io streams) *cobra.Command {
	var at place
	var far remote
	var id, lang string
	c := &cobra.Command{
		Use:   "breakdown --issuance ID FILE.xlsx|csv",
		Short: "Write an issuance as a breakdown sheet, as it stands now",
		Args:  oneArg("export breakdown: name the file to write, .xlsx or .csv"),
	}
	at.flags(c)
	far.flags(c)
	c.Flags().StringVar(&id, "issuance", "", "the issuance's id; of a sheet in parts, the sheet's")
	languageFlag(c, &lang)
	c.RunE = func(c *cobra.Command, args []string) error {
		if id == "" {
			return usage{errors.New("export breakdown: say which issuance with --issuance")}
		}
		write, ok := sheetFormats[strings.ToLower(filepath.Ext(args[0]))]
		if !ok {
			return usage{fmt.Errorf("%s: name a file that ends in .xlsx or .csv", args[0])}
		}
		lang = language(lang)
		parts, err := readParts(c.Context(), at, far, lang, id)
		if err != nil {
			return err
		}
		if err := writeParts(args[0], write, lang, parts); err != nil {
			return err
		}
		lines := 0
		for _, p := range parts {
			lines += len(p.Lines)
		}
		_, err = fmt.Fprintf(io.out, "%s: %d\n", args[0], lines)
		return err
	}
	return c
}

// sheetWriter writes the parts of an issuance in one format.
type sheetWriter func(w io.Writer, lang string, parts ...*breakdown.Record) error

// writeParts puts the file in place whole.
func writeParts(name string, write sheetWriter, lang string, parts []*breakdown.Record) error {
	var b bytes.Buffer
	if err := write(&b, lang, parts...); err != nil {
		return err
	}
	return whole.Write(name, b.Bytes(), 0o644)
}

// readParts reads an issuance, here or from a server.
func readParts(ctx context.Context, at place, far remote, lang, id string) ([]*breakdown.Record, error) {
	var d door
	if far.server != "" {
		there, err := far.open(lang)
		if err != nil {
			return nil, err
		}
		d = there
	} else {
		h, err := at.read(ctx)
		if err != nil {
			return nil, notVerified(err)
		}
		defer func() { _ = h.store.Close() }()
		d = &hereDoor{house: h, lang: lang}
	}
	parts, err := onRecord(ctx, d.Ask, id)
	switch {
	case err != nil:
		return nil, err
	case len(parts) == 0:
		return nil, issuance.Unknown(id)
	case parts[0].Withdrawn:
		return nil, ledger.Refuse("issuance.withdrawn_already", "下达 %s 已经撤回。", "Issuance %s was withdrawn.", id)
	}
	return parts, nil
}
