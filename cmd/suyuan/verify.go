package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"suyuan/services/checkpoint"
	"suyuan/services/ledger"
)

func verifyCommand(io streams) *cobra.Command {
	var at place
	var key, lang, found string
	c := &cobra.Command{
		Use:   "verify [--finding ID]",
		Short: "Check that no event was changed, removed or moved, and that every checkpoint holds; or that a finding is what the log gives",
		Args:  noArgs,
	}
	at.flags(c)
	c.Flags().StringVar(&key, "key", "", "file with the checkpoints' public key, kept elsewhere (default: the data folder's)")
	c.Flags().StringVar(&found, "finding", "", "id of a finding to divide again from the log as it was known then")
	languageFlag(c, &lang)
	c.RunE = func(c *cobra.Command, _ []string) error {
		lang = language(lang)
		if found != "" {
			if key != "" {
				return usage{said(lang, "verify：--finding 不与 --key 同用；检查点的公钥请放在数据文件夹里", "verify: --finding goes without --key; keep the checkpoints' public key in the data folder")}
			}
			return verifyFinding(c.Context(), io.out, at, found, lang)
		}
		verifier, err := verifierKey(at, key, lang)
		if err != nil {
			return err
		}
		store, err := at.events(c.Context(), false, slog.New(slog.DiscardHandler))
		if err != nil {
			return notVerified(err)
		}
		defer func() { _ = store.Close() }()
		if own, ok := store.(checked); ok {
			if err := own.Verify(c.Context(), nil); err != nil {
				return notVerified(err)
			}
		}
		report, err := checkpoint.Verify(c.Context(), store, verifier, nil)
		if err != nil {
			return notVerified(err)
		}
		if verifier == "" && report.Checkpoints > 0 {
			return said(lang, fmt.Sprintf("未能核验：事件彼此相符，但无从得知 %d 个检查点由谁签名；请用 --key 给出公钥 %s", report.Checkpoints, verifierFile),
				fmt.Sprintf("not verified: the events agree with each other, but nothing tells who signed the %d checkpoints; give the public key, %s, with --key", report.Checkpoints, verifierFile))
		}
		fmt.Fprintln(io.out, inLang(lang, fmt.Sprintf("核验无误：%d 个事件，Merkle 根 %s", report.Events, report.Root), fmt.Sprintf("verified: %d events, Merkle root %s", report.Events, report.Root)))
		fmt.Fprintln(io.out, inLang(lang, fmt.Sprintf("检查点：%d 个，最后一个覆盖 %d 个事件", report.Checkpoints, report.Covered), fmt.Sprintf("checkpoints: %d, the last covers %d events", report.Checkpoints, report.Covered)))
		return nil
	}
	return c
}

func verifierKey(at place, file, lang string) (string, error) {
	if file == "" {
		return at.key(verifierFile)
	}
	if err := given(lang, file); err != nil {
		return "", usage{fmt.Errorf("verify: --key: %w", err)}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", plain(err, ledger.Text{})
	}
	return strings.TrimSpace(string(text)), nil
}

// notVerified names the ordinal where there is one.
func notVerified(err error) error {
	if d, ok := errors.AsType[*ledger.Damage](err); ok {
		return fmt.Errorf(inLang(language(""), "核验未通过：%w；请恢复一份备份并加以比对", "not verified: %w; restore a backup and compare"), d)
	}
	return err
}
