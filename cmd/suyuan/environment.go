package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Every flag of every command can be given as an environment variable as well,
// for units and containers. There is no list of them: what a command has as a
// flag has its variable.
const variables = "SUYUAN_"

// variable is the environment's name of a flag.
func variable(flag string) string {
	return variables + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// readEnvironment makes every command below root take its flags from the
// environment where they are not on its command line, and say so in its help.
// Call it when all commands are there.
func readEnvironment(root *cobra.Command, lookup func(string) (string, bool)) {
	flags(root, func(_ *cobra.Command, f *pflag.Flag) { f.Usage += " [$" + variable(f.Name) + "]" })
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		var wrong error
		c.Flags().VisitAll(func(f *pflag.Flag) {
			value, ok := lookup(variable(f.Name))
			if wrong != nil || f.Changed || f.Name == "help" || !ok || value == "" { // an empty one is not set
				return
			}
			if err := c.Flags().Set(f.Name, value); err != nil {
				wrong = usage{fmt.Errorf("%s=%q in the environment: %s", variable(f.Name), value, cause(f, err))}
				return
			}
			f.Annotations = map[string][]string{fromEnvironment: {variable(f.Name)}}
		})
		return wrong
	}
}

// unspoken is a flag's value without the password that may be in it: a
// connection string shows from its hosts on, and what is neither that nor a
// folder may be one that was written wrongly, and does not show at all.
func unspoken(flag, value string) string {
	switch {
	case flag != "store" && flag != "from" && flag != "to", strings.HasPrefix(value, embedded), !strings.ContainsAny(value, ":@"):
		return value
	case !onCluster(value) || !strings.Contains(value, "://"):
		return "…"
	}
	scheme, rest, _ := strings.Cut(value, "://")
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		rest = "…" + rest[at:]
	}
	return scheme + "://" + rest
}

// fromEnvironment marks a flag that nobody gave on the command line.
const fromEnvironment = "from the environment"

// named says of a complaint about flags which of them came from which
// variable: whoever typed none of them would look for it in vain.
func named(c *cobra.Command, complaint string) string {
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Annotations[fromEnvironment] != nil && mentions(complaint, "--"+f.Name) {
			names = append(names, variable(f.Name)+"="+unspoken(f.Name, f.Value.String()))
		}
	})
	if names == nil {
		return complaint
	}
	return complaint + " (" + inLang(language(asked(c)), "来自环境变量：", "from the environment: ") + strings.Join(names, " ") + ")"
}

// mentions reports whether a flag stands in a text, and not another one whose
// name begins like it.
func mentions(text, flag string) bool {
	for {
		_, rest, ok := strings.Cut(text, flag)
		if !ok {
			return false
		}
		if rest == "" || !strings.ContainsAny(rest[:1], "-abcdefghijklmnopqrstuvwxyz") {
			return true
		}
		text = rest
	}
}

// cause leaves out the flag that was not given, and how the value was parsed.
func cause(f *pflag.Flag, err error) string {
	if f.Value.Type() == "bool" {
		return "write true or false"
	}
	if bad, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return bad.Unwrap().Error()
	}
	return err.Error()
}

// flags visits every flag of every command, help excepted.
func flags(c *cobra.Command, visit func(*cobra.Command, *pflag.Flag)) {
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "help" {
			visit(c, f)
		}
	})
	for _, below := range c.Commands() {
		flags(below, visit)
	}
}

// unknownVariables are those that look like ours and are no flag of any
// command: most likely misspelt.
func unknownVariables(root *cobra.Command) []string {
	known := map[string]bool{}
	flags(root, func(_ *cobra.Command, f *pflag.Flag) { known[variable(f.Name)] = true })
	var list []string
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, variables) && !known[name] {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}
