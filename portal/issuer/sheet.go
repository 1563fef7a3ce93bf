package issuer

import (
	"bytes"
	"html/template"
	"io"

	"suyuan/services/intake/token"
	"suyuan/services/issuer"
)

// sheet is what the template of slips is given.
type sheet struct {
	County, Quarter string
	Title           string
	Steps           []string
	English         string
	Slips           [][2]string // a code in two lines
}

var slips = map[token.Kind]sheet{
	token.Card: {
		Title: "上报卡（一次有效）",
		Steps: []string{
			"封好后混放在一起，由各人自己随便抽一张；发卡的人不登记谁拿了哪一张。",
			"上报时在“凭证或卡号”一栏填上面的 48 个数字，不必再填姓名、单位。",
			"每张卡只能用一次，用过就撕碎。不用也请一并撕碎，不要转给别人。",
			"填错一组，页面会说是第几组。不要拍照，不要发到群里。",
		},
		English: "A card for one report. Cards are sealed, mixed and drawn; nobody writes down who has which. Enter the 48 digits where you report; no name is asked for. Tear the card up once it is used, or if you do not want it. Take no picture of it and send it to nobody.",
	},
	token.Enrolment: {
		Title: "登记码（领取上报凭证用）",
		Steps: []string{
			"封好后混放在一起，由各人自己随便抽一张；发放的人不登记谁拿了哪一张。",
			"在自己的手机或电脑上打开发放页面，填上面的 48 个数字，领取本季度的八个凭证。",
			"登记码只在发放页面填，千万不要填到上报页面。领过以后把这张纸撕碎。",
			"人人都领，领过就说明不了什么。",
		},
		English: "A code for eight tokens. Slips are sealed, mixed and drawn; nobody writes down who has which. Enter the 48 digits on the issuer's page only, never where you report, and tear this up once you have your tokens. Where everybody fetches theirs, having them says nothing.",
	},
}

// WriteSheet prints codes for cutting apart, six to a page, in Chinese and
// English. It holds every code: whoever prints it destroys it afterwards.
func WriteSheet(to io.Writer, kind token.Kind, term issuer.Term, codes []token.Code) error {
	t, err := template.ParseFS(embedded, "sheet.html")
	if err != nil {
		return err
	}
	s := slips[kind]
	s.County, s.Quarter = term.County, term.Quarter
	for _, c := range codes {
		text := c.Text(kind)
		half := len(text) / 2 // the blank between the fourth group and the fifth
		s.Slips = append(s.Slips, [2]string{text[:half], text[half+1:]})
	}
	var b bytes.Buffer
	if err := t.Execute(&b, s); err != nil {
		return err
	}
	_, err = b.WriteTo(to)
	return err
}
