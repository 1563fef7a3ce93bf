package backup

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"

	"suyuan/services/ledger"
	"suyuan/services/store/blob"
)

// Version of the archive's format.
const Version = 1

const (
	manifestFile = "manifest.json"
	ledgerFile   = "ledger.db"
	keysFolder   = "keys"

	maxManifest = 1 << 20
	maxParts    = 1000
	maxKey      = 64 << 10
)

// Manifest is what an archive says of itself.
type Manifest struct {
	Version int    `json:"version"`
	Ordinal uint64 `json:"ordinal"` // the last event in it
	Root    string `json:"root"`    // Merkle root over the events
	Link    string `json:"link"`    // the last event's link in the chain
	Keys    bool   `json:"keys"`    // whether private keys and the files' keys are in it
	Parts   []Part `json:"parts"`
}

// Part is one file of an archive.
type Part struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// keyName is what a file of the keys folder may be called.
var keyName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$`)

// known reports whether a part's name is one of those an archive may hold.
func known(name string) bool {
	switch name {
	case ledgerFile, blob.ContentsFile, blob.KeysFile:
		return true
	}
	dir, file := path.Split(name)
	return dir == keysFolder+"/" && keyName.MatchString(file)
}

func parseManifest(text []byte) (m Manifest, err error) {
	var v struct{ Version int }
	if json.Unmarshal(text, &v) == nil && v.Version > Version {
		return m, ledger.Errorf(ledger.Refused, "backup.newer",
			"备份的格式为第 %d 版，本程序只认识到第 %d 版；请用新版程序恢复。",
			"The archive's format is %d, this program knows up to %d; restore it with a newer one.", v.Version, Version)
	}
	if err := ledger.DecodeStrict(text, &m); err != nil || m.Version != Version {
		return m, errDamaged(manifestFile, "it cannot be read")
	}
	seen := map[string]bool{}
	for _, p := range m.Parts {
		switch {
		case !known(p.Name):
			return m, errName(p.Name)
		case seen[p.Name]:
			return m, errDamaged(p.Name, "it is named twice")
		case p.Bytes < 0:
			return m, errDamaged(p.Name, "its size is not one")
		}
		seen[p.Name] = true
	}
	if !seen[ledgerFile] || len(m.Parts) > maxParts {
		return m, errDamaged(manifestFile, "it does not name a ledger's parts")
	}
	return m, nil
}

func errDamaged(part, why string) error {
	return ledger.Errorf(ledger.Refused, "backup.damaged",
		"备份已损坏：%[1]s 与当时写入的不符；请改用另一份备份。",
		"The archive is damaged: %[1]s is not what was written (%[2]s); use another backup.", part, why)
}

func errName(name string) error {
	return ledger.Errorf(ledger.Refused, "backup.name",
		"备份里有不认识的名称 %q，未写出任何文件；请核对文件来源。",
		"The archive holds the name %q, which no backup of a ledger has; nothing was written. Check where it comes from.", name)
}

func errNoBackup() error {
	return ledger.Errorf(ledger.Refused, "backup.none",
		"这个文件不是账本备份，或其开头已损坏，未写出任何内容；请核对文件名，或改用另一份备份。",
		"This file is no backup of a ledger, or its beginning is damaged; nothing was written. Check the name, or use another backup.")
}

func errNoFile(name string) error {
	return ledger.Errorf(ledger.Refused, "backup.no_file",
		"%s 不是文件，不能恢复；请写明备份文件的名称。", "%s is no file; name the archive itself.", name)
}

func errNowhere(dir string, cause error) error {
	return ledger.Errorf(ledger.Refused, "backup.no_folder",
		"没有文件夹 %s，未作备份；请检查备份盘是否已经挂载，或先建好这个文件夹。",
		"There is no folder %s, and nothing was written; see whether the disk for backups is mounted, or make the folder first.", dir).Because(cause)
}

func errTaken(to string) error {
	return ledger.Errorf(ledger.Refused, "backup.exists",
		"%s 已经存在，不会覆盖；请另取一个名称。", "%s is there already and is not overwritten; choose another name.", to)
}

func errBusy(to string) error {
	return ledger.Errorf(ledger.Refused, "backup.busy",
		"另一个程序正在写 %s；请等它完成。", "Another process is writing %s; wait for it.", to)
}

func errOccupied(data, what string) error {
	return ledger.Errorf(ledger.Refused, "restore.occupied",
		"%[1]s 里已有 %[2]s；只能恢复到不存在的或空的文件夹，请另选一个，或先把它移走。",
		"%[1]s holds %[2]s already; a backup is restored to a folder that is empty or not there. Choose another, or move this one away.", data, what)
}

// otherwise is an archive whose events are not those its manifest names.
func otherwise(why error) error {
	return ledger.Errorf(ledger.Refused, "backup.chain",
		"备份里的事件与其清单不符（%[1]s）；请改用另一份备份。",
		"The events in the archive are not those its manifest names (%[1]s); use another backup.", fmt.Sprint(why)).Because(why)
}
