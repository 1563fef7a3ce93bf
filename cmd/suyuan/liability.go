package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"suyuan/services/ledger"
	"suyuan/services/liability"
)

func liabilityCommand(io streams) *cobra.Command {
	explain, lang := false, ""
	c := &cobra.Command{
		Use:     "liability",
		Short:   "Divide one outcome, read from standard input (JSON), between the units of its chain by JRA-1",
		Example: `  echo '{"kind":"quantity","units":["county","town","village"],"issued":["200","220"],"verified":"190","capacity":"200"}' | suyuan liability`,
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			given, err := readCase(io.in, lang)
			if err != nil {
				return err
			}
			explained, err := liability.Explain(given, liability.Proposed())
			if err != nil {
				return undivided(lang, err)
			}
			out := json.NewEncoder(io.out)
			out.SetEscapeHTML(false)
			out.SetIndent("", "  ")
			if explain {
				return out.Encode(explained)
			}
			return out.Encode(explained.Answer)
		},
	}
	c.Flags().BoolVar(&explain, "explain", false, "everything: case, parameters, and every step with its formula's numbers and what of the case it rests on")
	languageFlag(c, &lang)
	return c
}

// readCase reads the one case, and says how to give it where there is none.
func readCase(from io.Reader, lang string) (liability.Case, error) {
	in := bufio.NewReader(from)
	if _, err := in.Peek(1); errors.Is(err, io.EOF) {
		return liability.Case{}, said(lang, "liability：没有收到内容；请从标准输入给出一件 JSON，写法见 suyuan liability --help", "liability: nothing was given; give one case as JSON on standard input, as suyuan liability --help shows")
	}
	given, err := liability.ReadCase(in)
	if err != nil {
		return given, undivided(lang, err)
	}
	return given, nil
}

// undivided says of a case that it allows no division, and which of its fields
// is to blame: those are named as the JSON has them, in either language.
func undivided(lang string, err error) error {
	text := ledger.Text{Zh: err.Error(), En: err.Error()}
	if w, ok := errors.AsType[*liability.Wrong](err); ok {
		text = ledger.Text{Zh: w.Zh, En: w.En}
	}
	return said(lang, "liability："+text.Zh+"；请改正后再给，写法见 suyuan liability --help", "liability: "+text.En+"; see suyuan liability --help")
}
