package issuer

import (
	"io"
	"os"

	"suyuan/services/intake/token"
)

// File is what a roster is kept in.
type File = file

// OpenWith is Open with files of the test's own.
func OpenWith(dir string, random io.Reader, as func(*os.File) File) (*Office, error) {
	return open(dir, random, as)
}

// Unsigned are the tokens that the exchange's seed makes, before anything is
// signed.
func (x *Exchange) Unsigned() (all []token.Token, err error) {
	for _, spki := range x.Keys {
		key, err := token.ReadKey(spki)
		if err != nil {
			return nil, err
		}
		t, err := fresh(x.random(key.ID()), key)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}
