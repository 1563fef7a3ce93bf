package export

// The files of an export and what their columns mean.

const (
	inMeasure = "the measure's unit (measure_unit) 指标的计量单位"
	people    = "persons 人"
)

var events = column{name: "events", path: "events/ordinal", form: names, zh: "依据的事件序号", en: "ordinals of the events it rests on"}

var unitKind = &kind{"units", "单位", "units that can be held to account", []column{
	{name: "code", path: "code", form: name, zh: "单位代码", en: "the unit's code"},
	{name: "name", path: "name", form: text, zh: "名称", en: "name"},
	{name: "level", path: "level", form: word, zh: "层级", en: "level"},
	{name: "kind", path: "kind", form: word, zh: "类别", en: "kind of body"},
	{name: "line", path: "line", form: text, zh: "条线", en: "vertical line of command of a department"},
	{name: "parent", path: "parent/code", form: name, zh: "上级单位代码", en: "code of its superior"},
	{name: "merged_into", path: "mergedInto/code", form: name, zh: "并入的单位代码", en: "code of the unit that took over"},
	{name: "people", path: "people", form: count, zh: "人口", en: "population", unit: people},
	{name: "staff", path: "staff", form: count, zh: "工作人员数", en: "staff", unit: people},
	events,
}}

var dutyKind = &kind{"duties", "履职事项", "items of units' duty lists", []column{
	{name: "unit", path: "$unit/code", form: name, zh: "单位代码", en: "code of the unit"},
	{name: "item", path: "item", form: name, zh: "事项编号", en: "id of the item"},
	{name: "title", path: "title", form: text, zh: "事项名称", en: "title"},
	{name: "class", path: "class", form: word, zh: "类别（基本、配合、收回）", en: "class: basic, cooperate, recalled"},
	{name: "skills", path: "skills", form: texts, zh: "所需资格", en: "skills it needs"},
	{name: "document", path: "document/id", form: name, zh: "依据文件", en: "document"},
	events,
}}

var capacityKind = &kind{"capacities", "承载能力", "what units can do or have at most", []column{
	{name: "unit", path: "$unit/code", form: name, zh: "单位代码", en: "code of the unit"},
	{name: "of", path: "of", form: name, zh: "所指的指标或事物", en: "the measure or thing meant"},
	{name: "value", path: "value", form: number, zh: "数值", en: "how much", unit: "that of the thing meant 所指事物的计量单位"},
	{name: "as_of", path: "asOf", form: day, zh: "截至日期", en: "as of"},
	{name: "verified", path: "verified", form: yes, zh: "是否核实", en: "whether it was verified"},
	{name: "document", path: "document/id", form: name, zh: "依据文件", en: "document"},
	events,
}}

var additionKind = &kind{"additions", "本级加码", "what each unit added of its own, by measure", []column{
	{name: "unit", path: "$unit/code", form: name, zh: "加码单位代码", en: "code of the unit that added"},
	{name: "mandate", path: "mandate/id", form: name, zh: "任务编号", en: "mandate"},
	{name: "measure", path: "measure/id", form: name, zh: "指标编号", en: "measure"},
	{name: "measure_unit", path: "measure/unit", form: text, zh: "计量单位", en: "unit of measure"},
	{name: "received", path: "received", form: number, zh: "收到", en: "received", unit: inMeasure},
	{name: "passed_down", path: "passedDown", form: number, zh: "下达", en: "passed down", unit: inMeasure},
	{name: "retained", path: "retained", form: number, zh: "自留", en: "kept for itself", unit: inMeasure},
	{name: "amount", path: "amount", form: number, zh: "加码量（负数为减）", en: "added; negative where it cut", unit: inMeasure},
	{name: "ratio", path: "ratio", form: number, zh: "加码比例（加码量比收到）", en: "added divided by received"},
	{name: "authorised", path: "authorised", form: yes, zh: "是否获批", en: "whether an approval covers it"},
	{name: "issuances", path: "issuances/id", form: names, zh: "有关下达", en: "issuances"},
	events,
}}

var objectionKind = &kind{"objections", "异议", "objections that something cannot be done as asked", []column{
	{name: "id", path: "id", form: name, zh: "编号", en: "id"},
	{name: "unit", path: "unit/code", form: name, zh: "提出单位代码", en: "code of the unit that objects"},
	{name: "mandate", path: "mandate/id", form: name, zh: "任务编号", en: "mandate"},
	{name: "issuance", path: "issuance/id", form: name, zh: "下达编号", en: "issuance"},
	{name: "measure", path: "measure/id", form: name, zh: "指标编号；空为全部", en: "measure; empty: all"},
	{name: "ground", path: "ground", form: word, zh: "理由类别", en: "ground"},
	{name: "reason", path: "reason", form: text, zh: "理由；无权查看时为空", en: "reason; empty where this role may not see it", seen: "PARTY"},
	{name: "raised", path: "raised", form: instant, zh: "提出时间", en: "raised"},
	{name: "owed_by", path: "owedBy/code", form: name, zh: "应答复单位代码", en: "code of the unit that owes the decision"},
	{name: "state", path: "state", form: word, zh: "状态", en: "state"},
	{name: "decided_by", path: "decidedBy/code", form: name, zh: "答复单位代码", en: "code of the unit that decided"},
	{name: "decided", path: "decided", form: instant, zh: "答复时间", en: "decided"},
	{name: "answer", path: "answer", form: text, zh: "答复；无权查看时为空", en: "answer; empty where this role may not see it", seen: "PARTY"},
	{name: "document", path: "document/id", form: name, zh: "依据文件", en: "document"},
	events,
}}

var handoffKind = &kind{"handoffs", "职责移交", "duties moved from one unit to another", []column{
	{name: "id", path: "id", form: name, zh: "编号", en: "id"},
	{name: "from", path: "from/code", form: name, zh: "移出单位代码", en: "code of the unit it left"},
	{name: "to", path: "to/code", form: name, zh: "承接单位代码", en: "code of the unit it went to"},
	{name: "duty", path: "duty", form: name, zh: "事项编号", en: "id of the duty"},
	{name: "title", path: "title", form: text, zh: "事项名称", en: "title"},
	{name: "mandate", path: "mandate/id", form: name, zh: "任务编号", en: "mandate"},
	{name: "authority", path: "authority", form: yes, zh: "是否随移权限", en: "whether the authority came with it"},
	{name: "people", path: "people", form: count, zh: "随移人员数", en: "people who came with it", unit: people},
	{name: "money", path: "money", form: number, zh: "随移经费", en: "money that came with it", unit: "yuan 元"},
	{name: "basis", path: "basis", form: text, zh: "法律依据", en: "legal basis"},
	{name: "approved_by", path: "approvedBy/code", form: name, zh: "批准单位代码", en: "code of the unit that approved"},
	{name: "document", path: "document/id", form: name, zh: "依据文件", en: "document"},
	{name: "state", path: "state", form: word, zh: "状态", en: "state"},
	{name: "reason", path: "reason", form: text, zh: "退回理由", en: "reason for a rejection"},
	events,
}}

var releasedKind = &kind{"released", "已公布的反映情况", "what was released to the public of reports and answers: count of of", []column{
	{name: "release", path: "$release/date", form: day, zh: "公布日期", en: "day of the release"},
	{name: "table", path: sourceName, form: word, zh: "统计/分组", en: "what is counted / by what"},
	{name: "lane", path: "lane", form: word, zh: "通道", en: "lane"},
	{name: "unit", path: "unit/code", form: name, zh: "加码单位或承办单位代码", en: "code of the unit that added, or handled"},
	{name: "level", path: "level", form: word, zh: "加码层级", en: "level of who added"},
	{name: "dimension", path: "dimension", form: word, zh: "加码维度", en: "dimension of burden"},
	{name: "mandate", path: "mandate/id", form: name, zh: "任务编号", en: "mandate"},
	{name: "measure", path: "measure/id", form: name, zh: "指标编号", en: "measure"},
	{name: "came_down", path: "cameDown", form: number, zh: "上级下达数", en: "what came down", unit: inMeasure},
	{name: "asked", path: "asked", form: number, zh: "要求数", en: "what was asked", unit: inMeasure},
	{name: "change", path: "change", form: word, zh: "加码区间", en: "between which shares, in place of figures"},
	{name: "days_from", path: "days/from", form: count, zh: "工作日多于", en: "working days: more than"},
	{name: "days_to", path: "days/to", form: count, zh: "工作日至多", en: "working days: up to"},
	{name: "count", path: "count", form: count, zh: "件数", en: "count"},
	{name: "of", path: "of", form: count, zh: "总数（分母）", en: "of how many"},
}}

var documentKind = &kind{"documents", "文件要素", "papers: their particulars, not their files", []column{
	{name: "id", path: "id", form: name, zh: "编号", en: "id"},
	{name: "number", path: "number", form: text, zh: "文号", en: "number on the paper"},
	{name: "issuer", path: "issuer/code", form: name, zh: "发文单位代码", en: "code of the issuer"},
	{name: "date", path: "date", form: day, zh: "发文日期", en: "date"},
	{name: "title", path: "title", form: text, zh: "标题", en: "title"},
	{name: "sha256", path: "sha256", form: name, zh: "原件的 SHA-256", en: "SHA-256 of the file"},
	{name: "redacted", path: "redacted", form: yes, zh: "原件是否已销毁", en: "whether the file was destroyed"},
	events,
}}
