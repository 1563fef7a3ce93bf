package issuer

import (
	"io"
	"os"
)

// File is what a roster is kept in.
type File = file

// OpenWith is Open with files of the test's own.
func OpenWith(dir string, random io.Reader, as func(*os.File) File) (*Office, error) {
	return open(dir, random, as)
}
