package unit

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
)

// known is what decisions see: units by code, documents by id.
type known struct {
	units     map[string]Fact
	documents []string
}

func (k known) Unit(code string) (Fact, bool) { f, ok := k.units[code]; return f, ok }
func (k known) HasDocument(id string) bool    { return slices.Contains(k.documents, id) }
func (known) CountsTimes(of string) (times, known bool) {
	return of == "river/rounds", strings.HasPrefix(of, "river/")
}
func (k known) with(code string, f Fact) known { k.units[code] = f; return k }

func world() known {
	k := known{units: map[string]Fact{}, documents: []string{"paper"}}
	for _, code := range []string{"99", "9901", "990101", "990102", "990101-nyj", "990101001"} {
		k.with(code, Fact{Code: code, Level: LevelOf(code)})
	}
	return k.with("990109", Fact{Code: "990109", Level: County, Merged: true})
}

var (
	admin        = ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Admin}}
	investigator = ledger.Actor{Account: "i", Roles: []ledger.Role{ledger.Investigator}, Unit: "9901-jw"}
	nobody       = ledger.Actor{Account: "n", Roles: []ledger.Role{ledger.Auditor}}
)

func clerk(unit string) ledger.Actor {
	return ledger.Actor{Account: "c", Roles: []ledger.Role{ledger.Clerk}, Unit: unit}
}

func TestDecide(t *testing.T) {
	type c = ledgertest.Case[State, Facts]
	type events = []ledger.Evolver[State]
	county := Registered{Code: "990101", Name: "甲县", Kind: Government, Parent: "9901"}
	duty := DutyListed{Item: "patrol", Title: "巡查", Class: Basic}
	capacity := CapacityDeclared{Of: "task/area", Value: "200", AsOf: "2022-08-01"}
	long := strings.Repeat("长", 200)
	var full events
	for i := range 2000 {
		full = append(full, DutyListed{Item: fmt.Sprintf("d%d", i), Title: "事", Class: Basic})
	}

	seen := ledgertest.Run[State, Facts](t, world(), []c{
		{Name: "a unit is entered", By: admin, When: Register(county), Then: events{county}},
		{Name: "without a superior", By: admin, When: Register{Code: "98", Name: "省", Kind: Government}, Then: events{Registered{Code: "98", Name: "省", Kind: Government}}},
		{Name: "a department below its government", By: admin, When: Register{Code: "990101-slj", Name: "水利局", Kind: Department, Parent: "990101"},
			Then: events{Registered{Code: "990101-slj", Name: "水利局", Kind: Department, Parent: "990101"}}},
		{Name: "a unit is entered by an admin only", By: clerk("9901"), When: Register(county), Refused: "forbidden unit.admins_only"},
		{Name: "a unit is entered once", By: admin, Given: events{county}, When: Register(county), Refused: "conflict unit.already_registered"},
		{Name: "a code is a division's", By: admin, When: Register{Code: "99010", Name: "县", Kind: Government}, Refused: "invalid unit.code at code"},
		{Name: "a unit has a name", By: admin, When: Register{Code: "990101", Name: " ", Kind: Government}, Refused: "invalid input.missing at name"},
		{Name: "a name is bounded", By: admin, When: Register{Code: "990101", Name: long, Kind: Government}, Refused: "invalid input.too_long at name"},
		{Name: "a line is bounded", By: admin, When: Register{Code: "990101", Name: "县", Line: long, Kind: Government}, Refused: "invalid input.too_long at line"},
		{Name: "a kind is known", By: admin, When: Register{Code: "990101", Name: "县", Kind: "club"}, Refused: "invalid input.word at kind"},
		{Name: "people are not below 0", By: admin, When: Register{Code: "990101", Name: "县", Kind: Government, People: -1}, Refused: "invalid unit.negative_count at people"},
		{Name: "staff is not below 0", By: admin, When: Register{Code: "990101", Name: "县", Kind: Government, Staff: -1}, Refused: "invalid unit.negative_count at staff"},
		{Name: "the superior exists", By: admin, When: Register{Code: "990101", Name: "县", Kind: Government, Parent: "9902"}, Refused: "refused unit.unknown at parent"},
		{Name: "the superior still exists", By: admin, When: Register{Code: "990109001", Name: "乡", Kind: Government, Parent: "990109"}, Refused: "refused unit.merged_already at parent"},
		{Name: "the superior is in the same territory", By: admin, When: Register{Code: "990101002", Name: "乡", Kind: Government, Parent: "990102"}, Refused: "refused unit.parent_not_above at parent"},
		{Name: "the superior is not below", By: admin, When: Register{Code: "9901", Name: "市", Kind: Government, Parent: "990101"}, Refused: "refused unit.parent_not_above at parent"},
		{Name: "nobody is its own superior", By: admin, When: Register{Code: "990102", Name: "县", Kind: Government, Parent: "990102"}, Refused: "refused unit.parent_not_above at parent"},

		{Name: "a unit is renamed", By: admin, Given: events{county}, When: Rename{"990101", Renamed{"乙县"}}, Then: events{Renamed{"乙县"}}},
		{Name: "a rename changes the name", By: admin, Given: events{county}, When: Rename{"990101", Renamed{"甲县"}}, Refused: "refused unit.same_name at name"},
		{Name: "an earlier name can come back", By: admin, Given: events{county, Renamed{"乙县"}}, When: Rename{"990101", Renamed{"甲县"}}, Then: events{Renamed{"甲县"}}},
		{Name: "what is not entered is not renamed", By: admin, When: Rename{"990101", Renamed{"乙县"}}, Refused: "refused unit.unknown at code"},
		{Name: "a clerk does not rename", By: clerk("990101"), Given: events{county}, When: Rename{"990101", Renamed{"乙县"}}, Refused: "forbidden unit.admins_only"},

		{Name: "a unit is merged into another", By: admin, Given: events{county}, When: Merge{"990101", Merged{Into: "990102", Document: "paper"}}, Then: events{Merged{Into: "990102", Document: "paper"}}},
		{Name: "a merged unit takes no more changes", By: admin, Given: events{county, Merged{Into: "990102"}}, When: Rename{"990101", Renamed{"乙县"}}, Refused: "refused unit.merged_already"},
		{Name: "not into itself", By: admin, Given: events{county}, When: Merge{"990101", Merged{Into: "990101"}}, Refused: "refused unit.cannot_merge_into at into"},
		{Name: "not into another level", By: admin, Given: events{county}, When: Merge{"990101", Merged{Into: "9901"}}, Refused: "refused unit.cannot_merge_into at into"},
		{Name: "not into one that was merged", By: admin, Given: events{county}, When: Merge{"990101", Merged{Into: "990109"}}, Refused: "refused unit.cannot_merge_into at into"},
		{Name: "not into nothing", By: admin, Given: events{county}, When: Merge{"990101", Merged{Into: "990108"}}, Refused: "refused unit.unknown at into"},
		{Name: "by a document that is there", By: admin, Given: events{county}, When: Merge{"990101", Merged{Into: "990102", Document: "lost"}}, Refused: "refused document.unknown at document"},

		{Name: "a duty is listed by the superior", By: clerk("9901"), Given: events{county}, When: ListDuty{"990101", duty}, Then: events{duty}},
		{Name: "a duty is listed by an admin", By: admin, Given: events{county}, When: ListDuty{"990101", duty}, Then: events{duty}},
		{Name: "a duty changes its class", By: admin, Given: events{county, duty}, When: ListDuty{"990101", DutyListed{Item: "patrol", Title: "巡查", Class: Cooperate}},
			Then: events{DutyListed{Item: "patrol", Title: "巡查", Class: Cooperate}}},
		{Name: "nobody lists its own duties", By: clerk("990101"), Given: events{county}, When: ListDuty{"990101", duty}, Refused: "forbidden unit.superior_keeps_list"},
		{Name: "a unit without superior has no clerk above it", By: clerk(""), Given: events{Registered{Code: "98"}}, When: ListDuty{"98", duty}, Refused: "forbidden unit.superior_keeps_list"},
		{Name: "a duty is listed once", By: admin, Given: events{county, duty}, When: ListDuty{"990101", duty}, Refused: "refused unit.duty_listed_already at item"},
		{Name: "a duty's item is an id", By: admin, Given: events{county}, When: ListDuty{"990101", DutyListed{Item: "巡查", Title: "巡查", Class: Basic}}, Refused: "invalid input.id at item"},
		{Name: "a duty is not listed as recalled", By: admin, Given: events{county}, When: ListDuty{"990101", DutyListed{Item: "patrol", Title: "巡查", Class: Recalled}}, Refused: "invalid input.word at class"},
		{Name: "a skill is bounded", By: admin, Given: events{county}, When: ListDuty{"990101", DutyListed{Item: "patrol", Title: "巡查", Class: Basic, Skills: []string{"测绘", long}}}, Refused: "invalid input.too_long at skills[1]"},
		{Name: "skills are few", By: admin, Given: events{county}, When: ListDuty{"990101", DutyListed{Item: "patrol", Title: "巡查", Class: Basic, Skills: make([]string, 21)}}, Refused: "invalid input.count at skills"},
		{Name: "a list is bounded", By: admin, Given: append(events{county}, full...), When: ListDuty{"990101", duty}, Refused: "refused unit.too_many_duties"},
		{Name: "a full list still changes", By: admin, Given: append(events{county}, full...), When: ListDuty{"990101", DutyListed{Item: "d7", Title: "事", Class: Cooperate}},
			Then: events{DutyListed{Item: "d7", Title: "事", Class: Cooperate}}},

		{Name: "a duty is taken back", By: clerk("9901"), Given: events{county, duty}, When: RecallDuty{"990101", DutyRecalled{Item: "patrol"}}, Then: events{DutyRecalled{Item: "patrol"}}},
		{Name: "and listed again", By: admin, Given: events{county, duty, DutyRecalled{Item: "patrol"}}, When: ListDuty{"990101", duty}, Then: events{duty}},
		{Name: "not twice", By: admin, Given: events{county, duty, DutyRecalled{Item: "patrol"}}, When: RecallDuty{"990101", DutyRecalled{Item: "patrol"}}, Refused: "refused unit.duty_not_listed at item"},
		{Name: "nor what was never listed", By: admin, Given: events{county}, When: RecallDuty{"990101", DutyRecalled{Item: "patrol"}}, Refused: "refused unit.duty_not_listed at item"},

		{Name: "a unit states a capacity", By: clerk("990101"), Given: events{county}, When: DeclareCapacity{"990101", capacity}, Then: events{capacity}},
		{Name: "a clerk writes for its own unit", By: clerk("990102"), Given: events{county}, When: DeclareCapacity{"990101", capacity}, Refused: "forbidden unit.other_unit"},
		{Name: "and only a clerk does", By: nobody, Given: events{county}, When: DeclareCapacity{"990101", capacity}, Refused: "forbidden unit.clerks_only"},
		{Name: "a capacity is not below 0", By: clerk("990101"), Given: events{county}, When: DeclareCapacity{"990101", CapacityDeclared{Of: "x", Value: "-1", AsOf: "2022-08-01"}}, Refused: "invalid value.not_a_number at value"},
		{Name: "of a frequency it is times per days", By: clerk("990101"), Given: events{county}, When: DeclareCapacity{"990101", CapacityDeclared{Of: "x", Value: "1/7", AsOf: "2022-08-01"}}, Then: events{CapacityDeclared{Of: "x", Value: "1/7", AsOf: "2022-08-01"}}},
		{Name: "of a measure that counts times too", By: clerk("990101"), Given: events{county}, When: DeclareCapacity{"990101", CapacityDeclared{Of: "river/rounds", Value: "1/7", AsOf: "2022-08-01"}}, Then: events{CapacityDeclared{Of: "river/rounds", Value: "1/7", AsOf: "2022-08-01"}}},
		{Name: "not of one that counts metres", By: clerk("990101"), Given: events{county}, When: DeclareCapacity{"990101", CapacityDeclared{Of: "river/metres", Value: "1/7", AsOf: "2022-08-01"}}, Refused: "refused unit.no_frequency at value"},
		{Name: "nor verified so", By: investigator, Given: events{county}, When: VerifyCapacity{"990101", "river/metres", "1/7", "2022-08-01", "paper"}, Refused: "refused unit.no_frequency at value"},
		{Name: "which takes a number", By: clerk("990101"), Given: events{county}, When: DeclareCapacity{"990101", CapacityDeclared{Of: "river/metres", Value: "7", AsOf: "2022-08-01"}}, Then: events{CapacityDeclared{Of: "river/metres", Value: "7", AsOf: "2022-08-01"}}},
		{Name: "of some days", By: clerk("990101"), Given: events{county}, When: DeclareCapacity{"990101", CapacityDeclared{Of: "x", Value: "1/0", AsOf: "2022-08-01"}}, Refused: "invalid value.not_a_number at value"},
		{Name: "not of centuries", By: clerk("990101"), Given: events{county}, When: DeclareCapacity{"990101", CapacityDeclared{Of: "x", Value: "1/36526", AsOf: "2022-08-01"}}, Refused: "invalid value.not_a_number at value"},
		{Name: "a capacity is of today at most", By: clerk("990101"), Given: events{county}, When: DeclareCapacity{"990101", CapacityDeclared{Of: "x", Value: "1", AsOf: "2022-08-10"}}, Refused: "refused unit.capacity_in_future at asOf"},
		{Name: "a capacity may be of today", By: clerk("990101"), Given: events{county}, When: DeclareCapacity{"990101", CapacityDeclared{Of: "x", Value: "1", AsOf: "2022-08-09"}}, Then: events{CapacityDeclared{Of: "x", Value: "1", AsOf: "2022-08-09"}}},
		{Name: "a capacity has a date", By: clerk("990101"), Given: events{county}, When: DeclareCapacity{"990101", CapacityDeclared{Of: "x", Value: "1"}}, Refused: "invalid input.date at asOf"},

		{Name: "a capacity is verified", By: investigator, Given: events{county}, When: VerifyCapacity{"990101", "x", "180", "2022-08-01", "paper"}, Then: events{CapacityVerified{"x", "180", "2022-08-01", "9901-jw", "paper"}}},
		{Name: "by an investigator", By: clerk("990101"), Given: events{county}, When: VerifyCapacity{"990101", "x", "180", "2022-08-01", "paper"}, Refused: "forbidden unit.investigators_verify"},
		{Name: "of its own territory", By: ledger.Actor{Account: "i", Roles: investigator.Roles, Unit: "990102-jw"}, Given: events{county}, When: VerifyCapacity{"990101", "x", "180", "2022-08-01", "paper"}, Refused: "forbidden unit.outside_jurisdiction"},
		{Name: "from a document", By: investigator, Given: events{county}, When: VerifyCapacity{"990101", "x", "180", "2022-08-01", ""}, Refused: "invalid document.required at document"},
		{Name: "that is there", By: investigator, Given: events{county}, When: VerifyCapacity{"990101", "x", "180", "2022-08-01", "lost"}, Refused: "refused document.unknown at document"},
	})
	ledgertest.Complete(t, seen)
}
