package graph

import (
	"time"

	"suyuan/services/graph/bind"
	"suyuan/services/mandate"
	"suyuan/services/mandate/assignment"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
	"suyuan/services/view"
)

// leaves binds scalars and enums.
func leaves() []bind.Binding {
	return []bind.Binding{
		bind.PlainScalar("Time", appendTime,
			func(s string) (time.Time, error) { return time.Parse(time.RFC3339Nano, s) }),
		bind.Enum("Level", map[string]unit.Level{
			"CENTRAL": unit.Central, "PROVINCE": unit.Province, "CITY": unit.City, "COUNTY": unit.County, "TOWNSHIP": unit.Township, "VILLAGE": unit.Village,
		}),
		bind.Enum("UnitKind", map[string]unit.Kind{
			"GOVERNMENT": unit.Government, "PARTY": unit.Party, "DEPARTMENT": unit.Department, "VILLAGE": unit.VillageOrg, "ENTERPRISE": unit.Enterprise, "OTHER": unit.Other,
		}),
		bind.Enum("DutyClass", map[string]unit.Class{"BASIC": unit.Basic, "COOPERATE": unit.Cooperate, "RECALLED": unit.Recalled}),
		bind.Enum("MeasureKind", map[string]mandate.Kind{"DIVISIBLE": mandate.Divisible, "INTENSITY": mandate.Intensity, "SET": mandate.Set}),
		bind.Enum("Dimension", map[string]mandate.Dimension{
			"QUANTITY": mandate.Quantity, "SPLIT": mandate.Split, "SCOPE": mandate.Scope, "DEADLINE": mandate.Deadline, "FREQUENCY": mandate.Frequency,
			"TRACE": mandate.Trace, "MEETINGS": mandate.Meetings, "CHANNELS": mandate.Channels, "INSPECTION": mandate.Inspection, "RANKING": mandate.Ranking,
			"LETTERS": mandate.Letters, "STANDARD": mandate.Standard, "TRANSFER": mandate.Transfer, "FEASIBILITY": mandate.Feasibility,
		}),
		bind.Enum("Harder", map[string]string{"HIGHER": "higher", "LOWER": "lower"}),
		bind.Enum("Hours", map[string]string{"CLOCK": "clock", "WORKING": "working"}),
		bind.Enum("Channel", map[string]string{"DOCUMENT": "document", "MEETING": "meeting", "CHAT_GROUP": "chat_group", "PHONE": "phone"}),
		bind.Enum("Source", map[string]issuance.Source{"DECLARED": issuance.Declared, "REPORTED": "reported", "VERIFIED": issuance.Verified}),
		bind.Enum("AssignmentState", map[string]string{
			"SENT": "sent", "DELIVERED": "delivered", "ACKNOWLEDGED": "acknowledged", "OBJECTED": "objected", "REPORTED": "reported", "VERIFIED": "verified",
		}),
		bind.Enum("StepKind", map[string]view.StepKind{"ORIGIN": view.Origin, "ADDITION": view.Adds, "UNCHANGED": view.Unchanged, "RELIEF": view.Relieves}),
		bind.Enum("FlagCode", flagCodes()),
		bind.Enum("ObjectionState", map[string]string{"OPEN": "open", "ACCEPTED": "accepted", "MODIFIED": "modified", "INSISTED": "insisted", "LAPSED": "lapsed"}),
		bind.Enum("ObjectionGround", map[string]assignment.Ground{
			"INFEASIBLE": assignment.Infeasible, "OFF_LIST": assignment.OffList, "UNRESOURCED": assignment.Unresourced, "CONFLICTING": assignment.Conflicting, "ILLEGAL": assignment.Illegal,
		}),
		bind.Enum("HandoffState", map[string]string{"PROPOSED": "proposed", "ACCEPTED": "accepted", "REJECTED": "rejected", "RECALLED": "recalled"}),
	}
}

// appendTime writes an instant as the schema's Time has it.
func appendTime(dst []byte, t time.Time) []byte { return t.UTC().AppendFormat(dst, time.RFC3339Nano) }

func flagCodes() map[string]view.FlagCode {
	m := map[string]view.FlagCode{}
	for _, f := range view.FlagCodes {
		m[string(f)] = f
	}
	return m
}
