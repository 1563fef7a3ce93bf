package main

import (
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"suyuan/services/auth"
	"suyuan/services/complaint/claim"
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
	service []byte
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

// reportKeys reads the keys, and makes them where there is none of them. Some
// without the others are refused: with another service id no receipt that was
// ever shown opens anything, and with another engine key no report that waits.
func (p place) reportKeys() (k reportKeys, made bool, err error) {
	var missing, there []string
	for _, name := range []string{engineFile, claimsFile, spoolFile, serviceFile} {
		text, err := p.key(name)
		if err != nil {
			return k, false, err
		}
		if text == "" {
			missing = append(missing, name)
		} else {
			there = append(there, name)
		}
	}
	// The service id is made last: without it nothing was taken in yet.
	if len(missing) > 0 && missing[len(missing)-1] != serviceFile && len(there) > 0 {
		return k, false, fmt.Errorf("%s holds %s without %s; put the missing keys back from a backup: without them reports and receipts cannot be opened", p.keys(), strings.Join(there, ", "), strings.Join(missing, ", "))
	}
	if len(missing) > 0 {
		if err := p.newReportKeys(missing); err != nil {
			return k, false, err
		}
	}
	k, err = p.readReportKeys()
	return k, len(missing) > 0, err
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

// dropReportKeys takes back what was just made beside a ledger that holds
// reports already.
func (p place) dropReportKeys() {
	for _, name := range []string{serviceFile, engineFile, claimsFile, spoolFile} {
		_ = os.Remove(filepath.Join(p.keys(), name))
	}
}
