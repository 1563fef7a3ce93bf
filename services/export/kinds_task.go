package export

var mandateKind = &kind{"mandates", "任务", "tasks that are handed down", []column{
	{name: "id", path: "id", form: name, zh: "编号", en: "id"},
	{name: "title", path: "title", form: text, zh: "名称", en: "title"},
	{name: "field", path: "field", form: text, zh: "领域", en: "field of work"},
	{name: "origin", path: "origin/code", form: name, zh: "提出单位代码", en: "code of the unit where it begins"},
	{name: "lead", path: "lead/code", form: name, zh: "牵头单位代码", en: "code of the lead unit"},
	{name: "duty", path: "duty", form: name, zh: "对应的履职事项", en: "item of the duty list"},
	{name: "document", path: "document/id", form: name, zh: "依据文件", en: "document"},
	{name: "withdrawn", path: "withdrawn", form: yes, zh: "是否撤销", en: "whether it was withdrawn"},
	{name: "fictional", path: "fictional", form: yes, zh: "是否虚拟演示", en: "whether it is played in a fictional division"},
	{name: "assumed", path: "assumed", form: texts, zh: "演示中的假定", en: "what the scenario assumed"},
	{name: "units", path: "units", form: count, zh: "收到的单位数", en: "how many units received it"},
	events,
}}

var measureKind = &kind{"measures", "指标", "what a mandate asks for", []column{
	{name: "id", path: "id", form: name, zh: "编号（任务/键）", en: "id: mandate/key"},
	{name: "mandate", path: "$mandate/id", form: name, zh: "任务编号", en: "mandate"},
	{name: "key", path: "key", form: name, zh: "键", en: "key within the mandate"},
	{name: "name", path: "name", form: text, zh: "名称", en: "name"},
	{name: "kind", path: "kind", form: word, zh: "类型：可分、强度、集合", en: "divisible, intensity or set"},
	{name: "dimension", path: "dimension", form: word, zh: "加码维度", en: "dimension of burden"},
	{name: "measure_unit", path: "unit", form: text, zh: "计量单位；频次为每30日次数", en: "unit of measure; a frequency counts times per 30 days"},
	{name: "harder", path: "harder", form: word, zh: "何者更重", en: "which way is harder for the receiver"},
	{name: "hours", path: "hours", form: word, zh: "自然时或工作时", en: "clock or working hours"},
}}

var constraintKind = &kind{"constraints", "任务条件", "conditions that mandates set", []column{
	{name: "mandate", path: "$mandate/id", form: name, zh: "任务编号", en: "mandate"},
	{name: "key", path: "key", form: name, zh: "键", en: "key"},
	{name: "author", path: "author/code", form: name, zh: "设定单位代码", en: "code of the unit that set it"},
	{name: "text", path: "text", form: text, zh: "条件", en: "the condition"},
	events,
}}

var issuanceKind = &kind{"issuances", "下达", "documents by which a unit passes mandates down", []column{
	{name: "id", path: "id", form: name, zh: "编号", en: "id"},
	{name: "issuer", path: "issuer/code", form: name, zh: "下达单位代码", en: "code of the issuer"},
	{name: "document", path: "document/id", form: name, zh: "文件编号", en: "document"},
	{name: "mandates", path: "mandates/id", form: names, zh: "任务编号", en: "mandates"},
	{name: "basis", path: "basis/id", form: names, zh: "所依据的下达", en: "issuances it rests on"},
	{name: "declares_origin", path: "declaresOrigin", form: yes, zh: "是否自认源头", en: "whether the issuer says it began here"},
	{name: "channel", path: "channel", form: word, zh: "渠道", en: "channel"},
	{name: "source", path: "source", form: word, zh: "来源：自报、举报、核实", en: "who vouches: declared, reported, verified"},
	{name: "sent", path: "sent", form: instant, zh: "发出时间", en: "sent"},
	{name: "approved_by", path: "approval/by/code", form: name, zh: "批准单位代码", en: "code of the unit that approved an addition"},
	{name: "approval_competence", path: "approval/competence", form: text, zh: "批准权限", en: "competence of the approval"},
	{name: "approval_date", path: "approval/date", form: day, zh: "批准日期", en: "date of the approval"},
	{name: "approval_document", path: "approval/document/id", form: name, zh: "批准文件", en: "document of the approval"},
	{name: "part_of", path: "part/of", form: name, zh: "所属任务分解表", en: "sheet it is a part of"},
	{name: "part", path: "part/k", form: count, zh: "第几部分", en: "which part"},
	{name: "parts", path: "part/n", form: count, zh: "共几部分", en: "of how many"},
	{name: "complete", path: "part/complete", form: yes, zh: "各部分是否齐全", en: "whether all parts are in"},
	{name: "withdrawn", path: "withdrawn", form: yes, zh: "是否撤回", en: "whether it was withdrawn"},
	events,
}}

var amountKind = &kind{"amounts", "下达的合计与自留", "figures an issuance gives besides its lines", []column{
	{name: "issuance", path: "$issuance/id", form: name, zh: "下达编号", en: "issuance"},
	{name: "what", path: fieldName, form: word, zh: "retained 自留、reserve 预留、stated 文件所列合计、totals 各行合计、covers 批准覆盖", en: "retained, reserve, stated (on the paper), totals (of the lines), covers (by the approval)"},
	{name: "measure", path: "measure/id", form: name, zh: "指标编号", en: "measure"},
	{name: "measure_unit", path: "measure/unit", form: text, zh: "计量单位", en: "unit of measure"},
	{name: "value", path: "value", form: number, zh: "数值", en: "how much", unit: inMeasure},
	{name: "events", path: "$issuance/events/ordinal", form: names, zh: events.zh, en: events.en},
}}

var lineKind = &kind{"lines", "下达明细", "what each receiver is asked for, by measure", []column{
	{name: "issuance", path: "$issuance/id", form: name, zh: "下达编号", en: "issuance"},
	{name: "to", path: "to/code", form: name, zh: "接收单位代码", en: "code of the receiver"},
	{name: "measure", path: "measure/id", form: name, zh: "指标编号", en: "measure"},
	{name: "measure_unit", path: "measure/unit", form: text, zh: "计量单位", en: "unit of measure"},
	{name: "value", path: "value", form: number, zh: "要求的数量；集合类为空", en: "how much is asked; empty for sets", unit: inMeasure},
	{name: "base", path: "base", form: number, zh: "在案基数", en: "base on record", unit: inMeasure},
	{name: "items", path: "items", form: texts, zh: "集合类的各项", en: "items of a set"},
	{name: "due", path: "due", form: instant, zh: "期限", en: "due"},
	{name: "directed_by", path: "directedBy/code", form: name, zh: "指使单位代码", en: "code of the unit that directed it"},
	{name: "authority", path: "authority", form: yes, zh: "是否赋权", en: "whether authority was given"},
	{name: "resources_given", path: "resourcesGiven", form: text, zh: "给予的资源", en: "resources given"},
	{name: "resources_needed", path: "resourcesNeeded", form: text, zh: "所需的资源", en: "resources needed"},
	events,
}}

var assignmentKind = &kind{"assignments", "接收情况", "what became of each line in force, at its receiver", []column{
	{name: "unit", path: "$unit/code", form: name, zh: "接收单位代码", en: "code of the receiver"},
	{name: "mandate", path: "mandate/id", form: name, zh: "任务编号", en: "mandate"},
	{name: "measure", path: "measure/id", form: name, zh: "指标编号", en: "measure"},
	{name: "measure_unit", path: "measure/unit", form: text, zh: "计量单位", en: "unit of measure"},
	{name: "issuance", path: "issuance/id", form: name, zh: "下达编号", en: "issuance"},
	{name: "value", path: "value", form: number, zh: "要求的数量；集合类为空", en: "how much is asked; empty for sets", unit: inMeasure},
	{name: "items", path: "items", form: texts, zh: "集合类的各项", en: "items of a set"},
	{name: "due", path: "due", form: instant, zh: "期限", en: "due"},
	{name: "state", path: "state", form: word, zh: "进展", en: "how far it has come"},
	{name: "reported", path: "reported", form: number, zh: "上报数", en: "as last reported by the unit", unit: inMeasure},
	{name: "verified", path: "verified", form: number, zh: "核实数", en: "as verified", unit: inMeasure},
	events,
}}

var flagKind = &kind{"flags", "提示", "what the record itself shows to be out of order: a place to look, not a verdict", []column{
	{name: "code", path: "code", form: word, zh: "提示代码", en: "code"},
	{name: "unit", path: "unit/code", form: name, zh: "有关单位代码", en: "code of the unit"},
	{name: "issuance", path: "issuance/id", form: name, zh: "下达编号", en: "issuance"},
	{name: "handoff", path: "$handoff/id", form: name, zh: "移交编号（移交的提示）", en: "handoff, for the flag of one"},
	{name: "measure", path: "$assignment/measure/id", form: name, zh: "指标编号（接收单位的提示）", en: "measure, for the flags of a receiver"},
	{name: "found", path: "found", form: number, zh: "实际数", en: "found"},
	{name: "expected", path: "expected", form: number, zh: "应有数", en: "expected"},
	events,
}}

var checkpointKind = &kind{"checkpoints", "签名检查点", "the newest signed statement of the ledger's size and root; earlier ones are events", []column{
	{name: "size", path: "size", form: count, zh: "覆盖的事件数", en: "how many events it covers"},
	{name: "root", path: "root", form: name, zh: "Merkle 根", en: "Merkle root"},
	{name: "note", path: "note", form: text, zh: "签名文本", en: "the signed note"},
	{name: "event", path: "event/ordinal", form: name, zh: "事件序号", en: "ordinal of its event"},
}}

var eventKind = &kind{"events", "事件", "every event's header; its content where the role may see it", []column{
	{name: "ordinal", path: "ordinal", form: name, zh: "序号", en: "ordinal"},
	{name: "id", path: "id", form: name, zh: "编号", en: "id"},
	{name: "type", path: "type", form: name, zh: "类型", en: "type"},
	{name: "version", path: "version", form: count, zh: "版本", en: "version of the type"},
	{name: "stream", path: "stream", form: name, zh: "所属流", en: "stream"},
	{name: "revision", path: "revision", form: count, zh: "流内序号（0 起）", en: "revision within the stream, from 0"},
	{name: "recorded", path: "recorded", form: instant, zh: "记录时间", en: "recorded"},
	{name: "effective", path: "effective", form: instant, zh: "生效时间", en: "effective"},
	{name: "decided_at", path: "decidedAt", form: name, zh: "决定所依据的序号", en: "ordinal it was decided at"},
	{name: "roles", path: "roles", form: names, zh: "记录者角色", en: "roles of whoever recorded it"},
	{name: "unit", path: "unit/code", form: name, zh: "记录者单位代码", en: "code of the unit that recorded it"},
	{name: "hash", path: "hash", form: name, zh: "哈希", en: "hash"},
	{name: "previous", path: "previous/ordinal", form: name, zh: "流内上一事件序号", en: "ordinal of the event before it in its stream"},
	{name: "data", path: "data", form: text, zh: "内容，逐字节；无权查看时为空", en: "content, byte for byte; empty where this role may not see it", seen: "STAFF", raw: true},
	{name: "metadata", path: "metadata", form: text, zh: "元数据，逐字节；无权查看时为空", en: "metadata, byte for byte; empty where this role may not see it", seen: "STAFF", raw: true},
}}
