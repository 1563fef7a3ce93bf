package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"suyuan/services/ledger"
	"suyuan/services/store/whole"
)

const (
	stateFile    = "export.state"
	manifestFile = "manifest.json"
	version      = 1 // of the state and of the files
)

// state is how far an export has come; it is saved after whole pages.
type state struct {
	Version int               `json:"version"`
	Role    string            `json:"role"`
	Unit    string            `json:"unit,omitempty"`
	Formats []string          `json:"formats"`
	Ordinal string            `json:"ordinal"`
	Root    string            `json:"root"`
	Walk    int               `json:"walk"`
	After   string            `json:"after,omitempty"`
	Walked  int               `json:"walked"`
	Files   map[string]extent `json:"files"`

	Incomplete []string `json:"incomplete,omitempty"`
}

// extent is how much of a file is sure.
type extent struct {
	Rows  int64 `json:"rows"`
	Bytes int64 `json:"bytes"`
}

// Interrupted reads which moment of the ledger an interrupted export in dir
// was begun at; "" where there is none.
func Interrupted(dir string) (ordinal string, err error) {
	s, err := readState(dir)
	if s == nil || err != nil {
		return "", err
	}
	return s.Ordinal, nil
}

func readState(dir string) (*state, error) {
	data, err := os.ReadFile(filepath.Join(dir, stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var s state
	if err := ledger.DecodeStrict(data, &s); err != nil || s.Version != version {
		return nil, errState(dir)
	}
	return &s, nil
}

// save saves the state where enough was written since, or where asked to.
func (r *run) save(now bool) error {
	if !now && r.unsave < 4096 {
		return nil
	}
	at, err := r.files.sync()
	if err != nil {
		return err
	}
	r.state.Files, r.unsave = at, 0
	data, err := json.Marshal(r.state)
	if err != nil {
		return err
	}
	return whole.Write(filepath.Join(r.To, stateFile), data, 0o600)
}

// begin finds the state to go on from, or makes a new one for an empty folder
// or one that is not there. It touches nothing.
func begin(o Options, ordinal, root string) (state, error) {
	fresh := state{Version: version, Role: o.Role, Unit: o.Unit, Formats: o.Formats, Ordinal: ordinal, Root: root}
	found, err := readState(o.To)
	if err != nil {
		return fresh, err
	}
	if found == nil {
		return fresh, o.empty()
	}
	if !o.Resume {
		return fresh, errInterrupted(o.To)
	}
	for _, d := range []struct{ what, was, is string }{
		{"--as", found.Role, o.Role}, {"--unit", found.Unit, o.Unit},
		{"--format", strings.Join(found.Formats, ","), strings.Join(o.Formats, ",")},
		{"ordinal", found.Ordinal, ordinal}, {"root", found.Root, root},
	} {
		if d.was != d.is {
			return fresh, errOther(o.To, d.what, d.was, d.is)
		}
	}
	return *found, nil
}

// empty wants a folder with nothing in it but what an interrupted start left.
func (o Options) empty() error {
	entries, err := os.ReadDir(o.To)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	foreign := slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !left(e.Name()) })
	switch {
	case foreign:
		return errNotEmpty(o.To)
	case o.Resume:
		return errNothing(o.To)
	}
	return nil
}

// left is what an export that was killed before it had a state leaves.
func left(name string) bool {
	if name == lockFile || unfinished(name) {
		return true
	}
	for _, k := range kinds {
		if name == k.name+"."+JSONL+partly || name == k.name+"."+CSV+partly {
			return true
		}
	}
	return false
}

func errInterrupted(dir string) error {
	return ledger.Errorf(ledger.Refused, "export.interrupted",
		"%s 里有一次没有完成的导出；加上 --resume 继续，或另选一个文件夹。",
		"%s holds an export that was interrupted; go on with it by --resume, or choose another folder.", dir)
}

func errOther(dir, what, was, is string) error {
	return ledger.Errorf(ledger.Refused, "export.other",
		"%[1]s 里的导出不能这样继续：%[2]s 当时是“%[3]s”，现在是“%[4]s”；请照原样继续，或另选一个文件夹重新导出。",
		"The export in %[1]s cannot be continued like this: %[2]s was %[3]q and is %[4]q; continue it as it was begun, or begin anew in another folder.", dir, what, was, is)
}

func errNotEmpty(dir string) error {
	return ledger.Errorf(ledger.Refused, "export.not_empty",
		"%s 不是空文件夹，也没有可以继续的导出；请另选一个文件夹。",
		"%s is not empty and holds no export to go on with; choose another folder.", dir)
}

func errNothing(dir string) error {
	return ledger.Errorf(ledger.Refused, "export.nothing",
		"%s 里没有可以继续的导出；请去掉 --resume 重新导出。",
		"There is no interrupted export in %s; leave out --resume to begin one.", dir)
}

func errState(dir string) error {
	return ledger.Errorf(ledger.Refused, "export.state",
		"%s 里的进度文件读不懂，可能出自另一个版本；请另选一个文件夹重新导出。",
		"The state of the export in %s cannot be read; it may be another version's. Begin anew in another folder.", dir)
}

func errCut(name string) error {
	return ledger.Errorf(ledger.Refused, "export.cut",
		"%s 比记下的进度短，已被改动；请另选一个文件夹重新导出。",
		"%s is shorter than when the export was interrupted; it was changed. Begin anew in another folder.", name)
}

func errGone(name string, cause error) error {
	return ledger.Errorf(ledger.Refused, "export.gone",
		"%s 读不出来，可能已被移走；请另选一个文件夹重新导出。",
		"%s cannot be read; it may have been moved away. Begin anew in another folder.", name).Because(cause)
}

func errMoved(was, is string) error {
	return fmt.Errorf("export: the graph moved from ordinal %s to %s while it was read", was, is)
}

func errBusy(dir string) error {
	return ledger.Errorf(ledger.Refused, "export.busy",
		"另一个程序正在向 %s 导出；请等它完成，或另选一个文件夹。",
		"Another process is exporting to %s; wait for it, or choose another folder.", dir)
}
