package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"

	"suyuan/services/auth"
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
)

// The keys of the reporting host, in the folder of the keys.
const (
	engineFile  = "engine.key" // opens the facts of reports, at the cut
	claimsFile  = "claims.key" // seals what they say in the ledger
	serviceFile = "service.id" // what receipts are salted with
	spoolFile   = "spool.key"  // seals what waits for the cut
)

// reportKeys are the keys that reports are taken with.
type reportKeys struct {
	engine  *age.X25519Identity
	claims  claim.Key
	service []byte // nil until the ledger was read, where it is to be made
	spool   [32]byte
}

// claimsKey is what opens claims, nil where there is none: then nobody reads
// them.
func (p place) claimsKey() (*claim.Key, error) {
	raw, err := p.secret(claimsFile)
	if raw == nil || err != nil {
		return nil, err
	}
	k := claim.Key(raw)
	return &k, nil
}

// reportKeys reads the keys, and makes those that nothing rests on yet. The
// service id is the last to be there: it is made once the ledger was read and
// holds no reports (own), so that whatever is missing later was lost. With
// another service id no receipt that was ever shown opens anything, and with
// other keys no report that waits.
func (p place) reportKeys() (k reportKeys, made []string, err error) {
	var missing, there []string
	for _, name := range reportFiles {
		text, err := p.key(name)
		if err != nil {
			return k, nil, err
		}
		if text == "" {
			missing = append(missing, name)
		} else {
			there = append(there, name)
		}
	}
	if len(missing) > 0 {
		waits, err := p.hasSpool()
		switch {
		case err != nil:
			return k, nil, err
		case waits:
			return k, nil, p.reportsAbsent(missing)
		case slices.Contains(there, serviceFile):
			return k, nil, fmt.Errorf("%s holds %s without %s; put the missing keys back from a backup: without them reports and receipts cannot be opened", p.keys(), strings.Join(there, ", "), strings.Join(missing, ", "))
		}
		missing = missing[:len(missing)-1] // all but the service id
	}
	if err := p.newReportKeys(missing); err != nil {
		return k, nil, err
	}
	k, err = p.readReportKeys()
	return k, missing, err
}

// reportFiles has the service id at its end.
var reportFiles = []string{engineFile, claimsFile, spoolFile, serviceFile}

// hasSpool reports that there is a spool, which is made only once all keys are
// there: what waits in it cannot be opened without them.
func (p place) hasSpool() (bool, error) {
	files, err := os.ReadDir(filepath.Join(p.data, spoolFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return slices.ContainsFunc(files, func(f fs.DirEntry) bool { return strings.HasSuffix(f.Name(), ".spool") }), err
}

func (p place) reportsAbsent(missing []string) error {
	return ledger.Errorf(ledger.Unavailable, "keys.reports_absent",
		"已有反映（在账本里，或在 spool 里等候），而 %[1]s 里没有收件用的密钥 %[2]s；请把原来数据文件夹里的 keys 或其备份复制到 %[1]s，再启动。没有另造新的：换了密钥，已发出的回执都打不开。",
		"There are reports, on the ledger or waiting in spool/, and of the keys they were taken with %[2]s is not in %[1]s: copy keys from the data folder it was served with so far, or from a backup, and start again. No new ones are made: with others no receipt that was shown would open its box.",
		p.keys(), strings.Join(missing, ", "))
}

func (p place) newReportKeys(names []string) error {
	for _, name := range names {
		text := ""
		if name == engineFile {
			identity, err := age.GenerateX25519Identity()
			if err != nil {
				return err
			}
			text = identity.String()
		} else {
			raw := make([]byte, 32)
			if _, err := io.ReadFull(random, raw); err != nil {
				return err
			}
			text = hex.EncodeToString(raw)
		}
		if err := auth.WriteKeyFile(p.keys(), name, []byte(text+"\n"), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (p place) readReportKeys() (k reportKeys, err error) {
	text, err := p.key(engineFile)
	if err != nil {
		return k, err
	}
	if k.engine, err = age.ParseX25519Identity(text); err != nil {
		return k, fmt.Errorf("%s is no age key; put it back from a backup", filepath.Join(p.keys(), engineFile))
	}
	for _, f := range []struct {
		name string
		to   func([]byte)
	}{
		{claimsFile, func(b []byte) { k.claims = claim.Key(b) }}, {serviceFile, func(b []byte) { k.service = b }}, {spoolFile, func(b []byte) { k.spool = [32]byte(b) }},
	} {
		raw, err := p.secret(f.name)
		if err != nil {
			return k, err
		}
		if raw == nil && f.name == serviceFile {
			continue
		}
		if raw == nil {
			return k, fmt.Errorf("%s is missing; put it back from a backup", filepath.Join(p.keys(), f.name))
		}
		f.to(raw)
	}
	return k, nil
}

// secret reads 32 bytes, nil where there is no such file.
func (p place) secret(name string) ([]byte, error) {
	text, err := p.key(name)
	if text == "" || err != nil {
		return nil, err
	}
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != 32 {
		return nil, fmt.Errorf("%s does not hold 64 hexadecimal digits; put it back from a backup", filepath.Join(p.keys(), name))
	}
	return raw, nil
}

// dropReportKeys takes back what was made in this run, beside a ledger that
// holds reports already.
func (p place) dropReportKeys(made []string) {
	for _, name := range made {
		_ = os.Remove(filepath.Join(p.keys(), name))
	}
}
