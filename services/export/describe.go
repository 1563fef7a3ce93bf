package export

import (
	"encoding/json"
	"fmt"
	"strings"
)

// kinds are the files of an export, in the order they are described in.
var kinds = []*kind{
	unitKind, dutyKind, capacityKind, documentKind, mandateKind, measureKind, constraintKind, issuanceKind, amountKind, lineKind,
	assignmentKind, objectionKind, handoffKind, additionKind, flagKind, releasedKind, outcomeKind, penaltyKind, findingKind, shareKind, checkpointKind, eventKind,
}

// readers are what the circles of the schema are called in the description.
var readers = map[string]string{
	"PARTY": "有关单位经办人与工作人员可见 clerks of the units concerned, and staff",
	"STAFF": "工作人员可见 staff",
}

type described struct {
	name    string
	content []byte
}

// The description, for people and for programs.
const (
	readmeFile     = "README.txt"
	schemaFileName = "schema.json"
)

// describe writes README.txt for people and schema.json for programs.
func describe(m Manifest, formats []string) ([]described, error) {
	schema, err := json.MarshalIndent(schemaOf(formats), "", "  ")
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	who := m.Role
	if m.Unit != "" {
		who += " " + m.Unit
	}
	fmt.Fprintf(&b, preface, who, m.Ordinal, m.Root)
	for _, k := range kinds {
		names := make([]string, len(formats))
		for i, f := range formats {
			names[i] = k.name + "." + f
		}
		fmt.Fprintf(&b, "\r\n== %s ==\r\n%s\r\n%s\r\n", strings.Join(names, ", "), k.zh, k.en)
		for _, c := range k.columns {
			fmt.Fprintf(&b, "  %-20s %-8s %s / %s%s\r\n", c.name, c.form, c.zh, c.en, c.notes())
		}
	}
	return []described{{readmeFile, []byte(bom + b.String())}, {schemaFileName, append(schema, '\n')}}, nil
}

func (c column) notes() string {
	notes := ""
	if c.unit != "" {
		notes += " [" + c.unit + "]"
	}
	if c.seen != "" {
		notes += " (" + readers[c.seen] + ")"
	}
	return notes
}

type (
	schemaFile struct {
		Files   []string       `json:"files"`
		Zh      string         `json:"zh"`
		En      string         `json:"en"`
		Columns []schemaColumn `json:"columns"`
	}
	schemaColumn struct {
		Name string `json:"name"`
		Form form   `json:"form"`
		Zh   string `json:"zh"`
		En   string `json:"en"`
		Unit string `json:"unit,omitempty"`
		Seen string `json:"seen,omitempty"`
	}
)

func schemaOf(formats []string) []schemaFile {
	var all []schemaFile
	for _, k := range kinds {
		f := schemaFile{Zh: k.zh, En: k.en}
		for _, format := range formats {
			f.Files = append(f.Files, k.name+"."+format)
		}
		for _, c := range k.columns {
			f.Columns = append(f.Columns, schemaColumn{c.name, c.form, c.zh, c.en, c.unit, c.seen})
		}
		all = append(all, f)
	}
	return all
}

const preface = "Suyuan 溯源: export 导出\r\n" +
	"\r\n" +
	"Reader 读者: %s. Ordinal 截至序号: %s. Merkle root 根: %s.\r\n" +
	"\r\n" +
	"所有文件取自账本的同一时刻，只含该角色可以查看的内容；manifest.json 列出各文件的行数与 SHA-256。\r\n" +
	"数字都按文本原样给出：六位小数内能写尽的为小数，否则为分数 n/d。时间为 RFC 3339（UTC），日期为年-月-日。\r\n" +
	"events 列是该行依据的事件序号，可在 events 文件中逐一核对。\r\n" +
	"JSON lines：每行一个对象，没有值为 null，多值为数组。\r\n" +
	"CSV：UTF-8（带 BOM）、RFC 4180、行尾 CRLF；没有值为空；编号类多值以空格分隔，文字类多值（texts）为 JSON 数组。\r\n" +
	"为防电子表格把文字当公式执行，CSV 中以 = + - @（含全角）、制表符、换行或撇号开头的文字前加一个撇号 '；去掉这一个撇号即为原文。\r\n" +
	"用电子表格打开时请把各列按文本导入，否则分数 1/2 会被当作日期。\r\n" +
	"\r\n" +
	"All files are of one moment of the ledger and hold what this role may see; manifest.json has each file's rows and SHA-256.\r\n" +
	"Figures are exact and given as text: a decimal where six places hold it, else n/d. Times are RFC 3339 in UTC, dates year-month-day.\r\n" +
	"The column events gives the ordinals of the events that a row rests on; look them up in the file events.\r\n" +
	"JSON lines: an object a line, null where there is nothing, several values as an array.\r\n" +
	"CSV: UTF-8 with BOM, RFC 4180, lines end with CRLF; empty where there is nothing; several ids stand with a space between them,\r\n" +
	"several texts as a JSON array. So that no spreadsheet program runs a text as a formula, a text that begins with = + - @ (also full\r\n" +
	"width), a tab, a line break or an apostrophe has an apostrophe ' put in front: take that one away to have the text as it was.\r\n" +
	"Import every column as text: a spreadsheet program would take the fraction 1/2 for a date.\r\n"
