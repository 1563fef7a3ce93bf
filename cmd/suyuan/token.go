package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"suyuan/services/auth"
	"suyuan/services/ledger"
)

func tokenCommand(io streams) *cobra.Command {
	var at place
	var roles []string
	var actor ledger.Actor
	var ttl time.Duration
	c := &cobra.Command{
		Use:   "token --role ROLE [--unit CODE]",
		Short: "Make a token for development and scripts",
		Args:  noArgs,
	}
	at.dataFlag(c)
	c.Flags().StringSliceVar(&roles, "role", nil, "clerk, investigator, reviewer, auditor, admin; repeat for several")
	c.Flags().StringVar(&actor.Unit, "unit", "", "code of the unit the account acts for; a clerk needs one")
	c.Flags().StringVar(&actor.Account, "account", "", "opaque account id (default: made from role and unit)")
	c.Flags().DurationVar(&ttl, "ttl", 24*time.Hour, "how long it is good for, at most 720h")
	c.RunE = func(*cobra.Command, []string) error {
		if len(roles) == 0 {
			return usage{errors.New("token: say which role with --role")}
		}
		for _, r := range roles {
			actor.Roles = append(actor.Roles, ledger.Role(r))
		}
		if actor.Account == "" {
			actor.Account = account(actor)
		}
		keys, err := auth.LoadKeys(at.keys())
		if errors.Is(err, auth.ErrNoKeys) {
			return fmt.Errorf("there is no signing key in %s; make one with: suyuan keygen --data %s", at.keys(), at.data)
		}
		if err != nil {
			return err
		}
		issuer, err := auth.NewIssuer(keys, wallClock, random)
		if err != nil {
			return err
		}
		token, err := issuer.Token(actor, ttl)
		if ledger.IsCode(err, ledger.Invalid) {
			return usage{err}
		}
		if err != nil {
			return err
		}
		fmt.Fprintln(io.out, token)
		return nil
	}
	return c
}

// account is a stable opaque id for a role of a unit.
func account(a ledger.Actor) string {
	id := string(a.Roles[0])
	if a.Unit != "" {
		id += "-" + a.Unit
	}
	return id
}

func keygenCommand(io streams) *cobra.Command {
	var at place
	var public, investigator, lang string
	c := &cobra.Command{
		Use:   "keygen",
		Short: "Make a key for signing tokens; the newest signs, all of them verify. Or an investigator's key",
		Args:  noArgs,
	}
	at.dataFlag(c)
	c.Flags().StringVar(&public, "public", "", "also write every key's public half to this folder, for a server that checks tokens and makes none")
	c.Flags().StringVar(&investigator, "investigator", "", "make the key that reports are sealed to instead, in this file on the investigator's own computer, and print its public half")
	languageFlag(c, &lang)
	c.RunE = func(c *cobra.Command, _ []string) error {
		if investigator != "" {
			if public != "" {
				return usage{errors.New("keygen: --investigator makes a key of another kind; give it alone")}
			}
			return investigatorKey(io, investigator, language(lang))
		}
		id, err := auth.GenerateKey(random, at.keys(), wallClock())
		if err != nil {
			return err
		}
		if public != "" {
			keys, err := auth.LoadKeys(at.keys())
			if err != nil {
				return err
			}
			if err := keys.WritePublic(public); err != nil {
				return err
			}
		}
		fmt.Fprintf(io.out, "key %s in %s; a running server takes it at its next start\n", id, at.keys())
		return nil
	}
	return c
}
