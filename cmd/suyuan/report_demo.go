package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"filippo.io/age"

	"suyuan/seeds"
	"suyuan/services/auth"
	"suyuan/services/ledger"
	"suyuan/services/recipient"
)

// demoFolder is where a demonstration keeps what in earnest lies on the
// investigators' own computers.
const demoFolder = "demo"

// demoReaders are the investigators of a demonstration: of the city, who can
// sign in, and of the province.
var demoReaders = []struct{ id, unit string }{{"demo-city", "9901-jw"}, {"demo-province", "99-sjt"}}

// registerReaders makes the demonstration's investigators and puts their keys
// on record. Again it changes nothing.
func (s serving) registerReaders(ctx context.Context, h *house) error {
	d, err := h.desk(wallClock)
	if err != nil {
		return err
	}
	for _, r := range demoReaders {
		public, err := ageKey(filepath.Join(s.data, demoFolder, r.id+".key"))
		if err != nil {
			return err
		}
		input, err := json.Marshal(recipient.Register{ID: r.id, Account: seeds.By{Role: ledger.Investigator, Unit: r.unit}.Actor().Account, Unit: r.unit, Recipient: public, Purpose: recipient.Purpose})
		if err != nil {
			return err
		}
		by := ledger.Actor{Account: "demo-admin", Roles: []ledger.Role{ledger.Admin}, Unit: "99-bb"}
		if _, err := d.Submit(ctx, by, "recipient.register", r.id, input); err != nil {
			return fmt.Errorf("register the demonstration's investigators: %w", err)
		}
	}
	return nil
}

// ageKey makes an age key in a file, or takes the one that is there, and gives
// its public half.
func ageKey(path string) (public string, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key, err := age.GenerateX25519Identity()
		if err != nil {
			return "", err
		}
		text := fmt.Sprintf("# public key: %s\n%s\n", key.Recipient(), key)
		return key.Recipient().String(), auth.WriteKeyFile(filepath.Dir(path), filepath.Base(path), []byte(text), 0o600)
	}
	if err != nil {
		return "", err
	}
	return publicOf(path, text)
}
