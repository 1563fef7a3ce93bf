package main

import (
	"encoding/json"

	"github.com/spf13/cobra"

	"suyuan/services/liability"
)

func liabilityCommand(io streams) *cobra.Command {
	explain := false
	c := &cobra.Command{
		Use:   "liability",
		Short: "Divide one outcome, read from standard input (JSON), between the units of its chain by JRA-1",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			given, err := liability.ReadCase(io.in)
			if err != nil {
				return err
			}
			explained, err := liability.Explain(given, liability.Proposed())
			if err != nil {
				return err
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
	return c
}
