package main

import (
	"encoding/json"

	"github.com/spf13/cobra"

	"suyuan/services/attribution"
)

func attributeCommand(io streams) *cobra.Command {
	return &cobra.Command{
		Use:   "attribute",
		Short: "Work out who added what in a cascade read from standard input (JSON)",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			c, err := attribution.ReadCase(io.in)
			if err != nil {
				return err
			}
			answer, err := attribution.Attribute(c)
			if err != nil {
				return err
			}
			out := json.NewEncoder(io.out)
			out.SetEscapeHTML(false)
			out.SetIndent("", "  ")
			return out.Encode(answer)
		},
	}
}
