package complaint

import (
	"testing"

	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
)

// Who is recused from what.
func TestRecused(t *testing.T) {
	for _, c := range []struct {
		about string
		named Named
		in    []string // units whose staff is recused
		out   []string
	}{
		{"a county", Named{Issuer: county, Within: county},
			[]string{county, bureau, bureau + "-x", "990102001", "990102001-dz", "990102001002"},
			[]string{"", "9901", "9901-jw", "990103", "990103-csgl", "0", "99"}},
		{"a bureau", Named{Issuer: bureau, Within: county},
			[]string{bureau, bureau + "-x"},
			[]string{"", county, "990102-jw", "990102001", "990102-csglx", "9901-csgl"}},
		{"a city", Named{Issuer: city, Within: county}, []string{city, "9901-jw", county, bureau, "990103", "990103001"}, []string{"", "99", "99-jw", "9902", "990202"}},
		{"the centre", Named{Issuer: "0"}, []string{"0", "0-bw", "99", county, town}, []string{""}},
		{"some county unit", Named{Level: "COUNTY", Within: county}, []string{county, bureau, "990102-jw", "990102001"}, []string{"", city, "9901-jw", "990103"}},
		{"some town", Named{Level: "TOWNSHIP", Within: county}, []string{"990102001", "990102002-dz", "990102001002", "990102001002-lost"}, []string{"", county, bureau, "990103001"}},
		{"some village", Named{Level: "VILLAGE", Within: county}, []string{"990102001002"}, []string{"", county, "990102001"}},
		{"some city unit", Named{Level: "CITY", Within: county}, []string{city, "9901-jw", county, "990103"}, []string{"", "99", "9902"}},
		{"some town of a city", Named{Level: "TOWNSHIP", Within: city}, []string{"990102001", "990103001"}, []string{"", county, "990103", "990202001"}},
		{"some ministry", Named{Level: "CENTRAL", Within: county}, []string{"0", "0-bw", "99", county}, []string{""}},
		{"what cannot be read", Named{Unreadable: true}, []string{"", "0", "99"}, nil},
		{"nobody that is known", Named{Untold: true}, []string{"0", "99", county, "9901-jw"}, []string{""}},
		{"a level that is none", Named{Level: "WORLD", Within: county}, []string{"0", "98"}, []string{""}},
		{"a level nowhere", Named{Level: "COUNTY"}, []string{"0", "98"}, []string{""}},
		{"and who was recused", Named{Issuer: "9902", Units: []string{"9901-xf", "990103"}}, []string{"9901-xf", "9901-xf-y", "990103001"}, []string{"", "9901", "9901-jw"}},
	} {
		for _, list := range []struct {
			units   []string
			recused bool
		}{{c.in, true}, {c.out, false}} {
			for _, u := range list.units {
				if Recused(actor("a", u, ledger.Investigator), c.named, known{}) != list.recused {
					t.Errorf("%s: of %q recused is %v", c.about, u, !list.recused)
				}
			}
		}
		if Recused(engine, c.named, known{}) {
			t.Errorf("%s: the engine is recused", c.about)
		}
	}
}

// Below is also what the record puts below, wherever its code lies, and a
// line that has no end is below everything.
func TestRecusedByTheRecord(t *testing.T) {
	n := Named{Issuer: bureau}
	f := known{parents: map[string]string{"990102001-cg": bureau, "9902-x": "990102001-cg", "98": "97", "97": "98"}}
	for code, recused := range map[string]bool{"990102001-cg": true, "9902-x": true, "990102001": false, "98": true} {
		if Recused(actor("a", code), n, f) != recused {
			t.Errorf("%s: %v", code, !recused)
		}
	}
	by := Named{Issuer: "9902"}.Besides([]Recusal{{Account: "a"}, {Unit: city}})
	if !Recused(actor("a", ""), by, f) || !Recused(actor("b", county), by, f) || Recused(actor("b", ""), by, f) {
		t.Error("recusals on record are passed over")
	}
}

// Who may read a complaint, of those who are not recused.
func TestMayRead(t *testing.T) {
	n := NamedBy(claim.Facts{Issuer: bureau, Within: county})
	for name, c := range map[string]struct {
		by  ledger.Actor
		may bool
	}{
		"nobody":                         {ledger.Actor{}, false},
		"the engine":                     {engine, true},
		"an investigator of no unit":     {investigator, true},
		"a reviewer of no unit":          {reviewer, true},
		"an investigator of the county":  {actor("a", "990102-jw", ledger.Investigator), true},
		"of the city":                    {actor("a", "9901-jw", ledger.Investigator), true},
		"of another county":              {actor("a", "990103-jw", ledger.Investigator), false},
		"of a town":                      {actor("a", "990102001", ledger.Investigator), false},
		"of the named bureau":            {actor("a", bureau, ledger.Investigator), false},
		"the clerk who handles it":       {actor("a", "9901-xf", ledger.Clerk), true},
		"another clerk":                  {actor("a", "9901-zf", ledger.Clerk), false},
		"a clerk of no unit":             {actor("a", "", ledger.Clerk), false},
		"an auditor":                     {actor("a", "", ledger.Auditor), false},
		"an admin":                       {actor("a", "", ledger.Admin), false},
		"somebody with no role":          {actor("a", "9901-xf"), false},
		"an investigator called by name": {actor("gone", "", ledger.Investigator), false},
	} {
		if MayRead(c.by, n.Besides([]Recusal{{Account: "gone"}}), "9901-xf", known{}) != c.may {
			t.Errorf("%s: %v", name, !c.may)
		}
	}
	untold := Named{Untold: true}
	for by, may := range map[ledger.Role]bool{ledger.Investigator: true, ledger.Reviewer: false, ledger.Clerk: false, ledger.Admin: false, ledger.Auditor: false} {
		if MayRead(actor("a", "", by), untold, "", known{}) != may || MayRead(actor("a", "9901-xf", by), untold, "9901-xf", known{}) {
			t.Errorf("what names nobody that is known, by the %s of no unit: %v", by, !may)
		}
	}
	if MayRead(actor("gone", "", ledger.Investigator), untold.Besides([]Recusal{{Account: "gone"}}), "", known{}) {
		t.Error("who was recused by hand reads what names nobody that is known")
	}
	if MayRead(actor("a", "", ledger.Clerk), n, "", known{}) {
		t.Error("a clerk of no unit reads what nobody handles")
	}
	unnamed := NamedBy(claim.Facts{Issuer: city})
	if MayRead(actor("a", "990102-jw", ledger.Investigator), unnamed, "", known{}) || !MayRead(actor("a", "99", ledger.Investigator), unnamed, "", known{}) {
		t.Error("where no place is given, it is the named unit's own")
	}
}
