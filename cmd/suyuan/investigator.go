package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"filippo.io/age"
)

// investigatorKey makes the key that reports are sealed to, on the
// investigator's own computer. It never takes the place of another: what was
// sealed to that would be lost.
func investigatorKey(io streams, path, lang string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		if err != nil {
			return err
		}
		return said(lang, fmt.Sprintf("%s 已经存在；请换一个文件名，旧密钥要留着，用它收的信只有它能开", path),
			fmt.Sprintf("%s is there already; choose another name, and keep the old key: what was sealed to it opens with it alone", path))
	}
	public, err := ageKey(path)
	if err != nil {
		return err
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		whole = path
	}
	fmt.Fprintln(io.err, inLang(lang, "私钥在 "+whole+"，请留在这台电脑上并另存一份备份；把下面这一行交给管理员登记（recipient.register）：",
		"The private key is in "+whole+": keep it on this computer, and a copy of it somewhere safe. Give the administrator this line to register (recipient.register):"))
	fmt.Fprintln(io.out, public)
	return nil
}

// publicOf is the public half of the one key in a file.
func publicOf(path string, text []byte) (string, error) {
	keys, err := age.ParseIdentities(bytes.NewReader(text))
	if err != nil || len(keys) != 1 {
		return "", fmt.Errorf("%s does not hold one age key", path)
	}
	key, ok := keys[0].(*age.X25519Identity)
	if !ok {
		return "", fmt.Errorf("%s holds a key of another kind; make one with: suyuan keygen --investigator FILE", path)
	}
	return key.Recipient().String(), nil
}
