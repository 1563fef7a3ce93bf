package claim

import (
	"suyuan/services/ledger"
	"suyuan/services/mandate"
)

// Word is one choice as people read it. Hint says when to choose it.
type Word struct {
	Code  string      `json:"code"`
	Label ledger.Text `json:"label"`
	Hint  ledger.Text `json:"hint"`
}

// Choice is one field of the facts that is tapped, and its words in order.
type Choice struct {
	Field string      `json:"field"` // as in the JSON of Facts and FollowUp
	Ask   ledger.Text `json:"ask"`
	Words []Word      `json:"words"`
}

func say(zh, en string) ledger.Text { return ledger.Text{Zh: zh, En: en} }

func word[T ~string](code T, zh, en, hintZh, hintEn string) Word {
	return Word{string(code), say(zh, en), say(hintZh, hintEn)}
}

// Words is every word of the vocabulary, for pages.
var Words = []Choice{
	{"level", say("是哪一级加的", "Which level added"), []Word{
		word(Levels[0], "中央", "Central", "", ""), word(Levels[1], "省级", "Province", "", ""), word(Levels[2], "市级", "City", "", ""),
		word(Levels[3], "县级", "County", "", ""), word(Levels[4], "乡镇", "Township", "", ""), word(Levels[5], "村级", "Village", "", ""),
	}},
	{"dimension", say("加在哪方面", "What was added to"), []Word{
		word(mandate.Quantity, "数量", "Quantity", "任务数变多，如 600 亩变 690 亩", "more of it, 600 mu became 690"),
		word(mandate.Split, "分解", "Split", "分下去的合计超过接到的总数", "the parts add up to more than was received"),
		word(mandate.Scope, "范围", "Scope", "本来只管一部分，变成全部", "meant for some, asked of all"),
		word(mandate.Deadline, "时限", "Deadline", "完成时间被提前", "due earlier than it was"),
		word(mandate.Frequency, "频次", "Frequency", "每月变每周、每天", "monthly became weekly or daily"),
		word(mandate.Trace, "留痕", "Traces", "多要台账、照片、截图、签到", "more files, photos, screenshots, sign-ins"),
		word(mandate.Meetings, "会议", "Meetings", "多开会、陪会、临时通知开会", "more meetings, or at short notice"),
		word(mandate.Channels, "平台和群", "Apps and groups", "多装应用、多进群、打卡", "more apps, chat groups, check-ins"),
		word(mandate.Inspection, "督查检查考核", "Inspections", "计划外或重复的检查", "unplanned or repeated inspections"),
		word(mandate.Ranking, "排名和一票否决", "Rankings and vetoes", "没有依据的排名、通报、否决", "rankings or vetoes without a basis"),
		word(mandate.Letters, "责任状", "Letters of responsibility", "没有依据要求签责任状、承诺书", "letters or pledges to sign without a basis"),
		word(mandate.Standard, "标准", "Standards", "达标线被提高", "the bar was raised"),
		word(mandate.Transfer, "属地转嫁", "Duties passed down", "把不该本级办的事交下来", "duties handed down that are not ours"),
		word(mandate.Feasibility, "做不到", "Not feasible", "超过实际能力，或者要求互相矛盾", "beyond what can be done, or contradictory"),
	}},
	{"forms", say("是什么样的痕迹", "What it looks like"), []Word{
		word(FormFilling, "填表式", "Filling forms", "反复填表、报数", "forms and figures again and again"),
		word(Photo, "留影式", "Taking photos", "到场只为拍照", "going there only for a photo"),
		word(FileSummary, "卷宗式", "Making files", "做材料、补台账、装卷宗", "files and summaries for their own sake"),
	}},
	{"motive", say("看来是为了什么", "What it seems to be for"), []Word{
		word(Exempt, "求痕", "To be safe from blame", "有痕迹就免责", "a trace exempts from blame"),
		word(Show, "晒痕", "To show off", "用痕迹表功", "traces that show merit"),
		word(Fabricate, "造痕", "Made up", "痕迹是编造的", "the traces are not true"),
	}},
	{"act", say("要做什么", "What to do"), []Word{
		word(Reply, "给核查员回话", "Write to the investigator", "", ""),
		word(Withdraw, "撤回反映", "Take the report back", "办理到此为止", "nothing more is done"),
		word(Rate, "评价答复", "Rate the answer", "是否解决、是否满意", "whether it was solved, and satisfied"),
		word(Review, "申请复查或复核", "Ask for a review", "对答复或复查决定不服", "the answer or the decision is not right"),
		word(Retaliation, "报告打击报复", "Report retaliation", "由被反映单位以上的单位受理", "a unit above the named one takes it up"),
	}},
}
