package export

// Outcomes and findings: what was penalised, and who was found to answer for
// it, as far as this reader is told.

const points = "basis points: 10000 are the whole 万分之一"

var outcomeKind = &kind{"outcomes", "受处理的结果", "failures and accidents that a unit was penalised for", []column{
	{name: "id", path: "id", form: name, zh: "编号", en: "id"},
	{name: "kind", path: "kind", form: word, zh: "类型", en: "kind"},
	{name: "title", path: "title", form: text, zh: "名称", en: "title"},
	{name: "mandate", path: "mandate/id", form: name, zh: "任务编号", en: "mandate"},
	{name: "measure", path: "measure/id", form: name, zh: "指标编号", en: "measure"},
	{name: "measure_unit", path: "measure/unit", form: text, zh: "计量单位", en: "unit of measure"},
	{name: "executor", path: "executor/code", form: name, zh: "受处理单位代码", en: "code of the unit that was penalised"},
	{name: "occurred", path: "occurred", form: instant, zh: "发生时间", en: "when it occurred"},
	{name: "required", path: "required", form: number, zh: "应完成；频次写作 次数/天数", en: "what was asked; a frequency is written times/days", unit: inMeasure},
	{name: "verified", path: "verified", form: number, zh: "核实完成；期限为实际做到的值", en: "what was verified; of a deadline the value kept instead", unit: inMeasure},
	{name: "capacity", path: "capacity/value", form: number, zh: "承载能力", en: "how much the unit could do at most", unit: inMeasure},
	{name: "capacity_from", path: "capacity/from", form: text, zh: "能力数的来源", en: "where that figure comes from"},
	{name: "origin", path: "origin/code", form: name, zh: "任务发起单位代码", en: "code of the unit where the task began"},
	{name: "document", path: "document/id", form: name, zh: "依据文件", en: "document"},
	{name: "fictional", path: "fictional", form: yes, zh: "是否虚构区划中的案例", en: "whether a published case is played in a fictional division"},
	{name: "assumed", path: "assumed", form: texts, zh: "公开报道未载、由本例假定的内容", en: "what the published report leaves open"},
	events,
}}

var penaltyKind = &kind{"penalties", "处理措施", "measures taken against the unit, by outcome", []column{
	{name: "outcome", path: "$outcome/id", form: name, zh: "结果编号", en: "outcome"},
	{name: "form", path: "form", form: word, zh: "方式", en: "form"},
	{name: "body", path: "body/code", form: name, zh: "作出处理的单位代码", en: "code of the unit that took it"},
	{name: "rule", path: "rule/id", form: name, zh: "依据的规则；没有写明为空", en: "rule; empty where none was named"},
	{name: "on", path: "on", form: day, zh: "日期", en: "date"},
	{name: "document", path: "document/id", form: name, zh: "依据文件", en: "document"},
	{name: "text", path: "text", form: text, zh: "说明", en: "in words"},
}}

var findingKind = &kind{"findings", "责任认定", "how the causes of an outcome divide between units; before it is issued only for those who may know", []column{
	{name: "id", path: "id", form: name, zh: "编号", en: "id"},
	{name: "outcome", path: "penalty/id", form: name, zh: "结果编号", en: "outcome"},
	{name: "round", path: "round", form: count, zh: "轮次", en: "round"},
	{name: "stage", path: "stage", form: word, zh: "环节", en: "stage"},
	{name: "version", path: "current/n", form: count, zh: "现行版本号", en: "number of the version that counts"},
	{name: "known", path: "current/known", form: count, zh: "证据读到的事件序号", en: "ordinal up to which the record was read"},
	{name: "policy", path: "current/policy/version", form: count, zh: "责任划分参数的版本", en: "version of the parameters"},
	{name: "hash", path: "current/hash", form: name, zh: "说明的 SHA-256", en: "SHA-256 of the explanation"},
	{name: "originating", path: "originating/code", form: name, zh: "任务源头单位代码", en: "code of the unit where it began"},
	{name: "provisional", path: "current/provisional", form: yes, zh: "是否暂定", en: "whether it is provisional"},
	{name: "flags", path: "current/flags", form: names, zh: "待核实事项", en: "what was not on record"},
	{name: "override_reason", path: "current/override/reason", form: text, zh: "另定份额的理由", en: "why other shares than computed were set"},
	{name: "override_rule", path: "current/override/rule/id", form: name, zh: "另定份额的依据", en: "and by which rule"},
	{name: "drafted", path: "drafted", form: instant, zh: "起草时间", en: "drafted"},
	{name: "notified", path: "notified", form: instant, zh: "首次告知时间", en: "first notice"},
	{name: "issued", path: "issued", form: instant, zh: "作出决定的时间", en: "issued"},
	{name: "marked", path: "marked", form: instant, zh: "标记待复查的时间", en: "marked for review"},
	{name: "replaces", path: "replaces/id", form: name, zh: "取代的认定", en: "finding it takes the place of"},
	{name: "superseded_by", path: "supersededBy/id", form: name, zh: "被哪一认定取代", en: "finding that took its place"},
	{name: "correction_zh", path: "correction/zh", form: text, zh: "更正（中文）", en: "what was published to put it right, in Chinese"},
	{name: "correction_en", path: "correction/en", form: text, zh: "更正（英文）", en: "the same in English"},
	events,
}}

var shareKind = &kind{"shares", "责任份额", "what each unit answers for in a finding; not how severe a measure should be", []column{
	{name: "finding", path: "$finding/id", form: name, zh: "认定编号", en: "finding"},
	{name: "unit", path: "name", form: name, zh: "单位代码；UNATTRIBUTED 为没有单位承担的部分", en: "code of the unit; UNATTRIBUTED: nobody's"},
	{name: "points", path: "points", form: count, zh: "份额", en: "share", unit: points},
	{name: "mass", path: "mass", form: number, zh: "精确数量；人工另定的为空", en: "exact mass; empty where a reviewer set the share"},
	{name: "class", path: "class", form: word, zh: "责任类别（仅为建议）", en: "class of responsibility: a suggestion"},
	{name: "band", path: "band", form: word, zh: "处理档次（仅为建议）", en: "band: a suggestion"},
}}
