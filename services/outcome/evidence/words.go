package evidence

import (
	"strings"

	"suyuan/services/ledger"
)

// Says is what a point says, as a stable word; Point.Words writes it out.
type Says string

// What points say.
const (
	SaysBegan         Says = "began"
	SaysAdded         Says = "added"
	SaysPassedOn      Says = "passed_on"
	SaysEased         Says = "eased"
	SaysApproved      Says = "approved"
	SaysApprovedOnly  Says = "approved_without_means"
	SaysAbove         Says = "received_above"
	SaysVerified      Says = "verified"
	SaysVerifiedThen  Says = "verified_when_penalised"
	SaysCapacity      Says = "capacity"
	SaysCapacityThen  Says = "capacity_when_penalised"
	SaysCapacityOwn   Says = "capacity_declared"
	SaysObjected      Says = "objected"
	SaysObjectedLate  Says = "objected_late"
	SaysHeard         Says = "heard"
	SaysOpen          Says = "open"
	SaysInsisted      Says = "insisted"
	SaysLapsed        Says = "lapsed"
	SaysIllegal       Says = "clearly_illegal"
	SaysKnew          Says = "knew"
	SaysToldCapacity  Says = "told_by_capacity"
	SaysToldObjection Says = "told_by_objection"
	SaysDuty          Says = "duty"
	SaysAuthority     Says = "authority"
	SaysNotice        Says = "notice"
	SaysMeans         Says = "means"
	SaysMeansLate     Says = "means_late"
	SaysOwner         Says = "owner"
	SaysLead          Says = "lead"
	SaysOrigin        Says = "origin"
	SaysFalsified     Says = "falsified"
	SaysFalsifiedElse Says = "falsified_elsewhere"
	SaysUnused        Says = "unused"
	SaysSet           Says = "set_condition"
	SaysContradictory Says = "contradictory"
	SaysAsked         Says = "asked"
	SaysWindow        Says = "window"
	SaysPower         Says = "power"
	SaysTold          Says = "told_of_danger"
	SaysDid           Says = "did"
	SaysEffective     Says = "effective"
	SaysStopRefused   Says = "stop_refused"
	SaysStopOpen      Says = "stop_open"
	SaysStopGranted   Says = "stop_granted"
	SaysStopLate      Says = "stop_late"
	SaysGroup         Says = "group_instead_of_site"
)

// Why is a stable word for why something is asked.
type Why string

// Why something is asked.
const (
	WhyNotSaid       Why = "not_on_record"
	WhyNoReceipt     Why = "no_receipt"
	WhyNoNeed        Why = "no_need_on_record"
	WhyNoDutyList    Why = "no_duty_list"
	WhyNoCapacity    Why = "no_capacity"
	WhyOwnCapacity   Why = "capacity_only_declared"
	WhyOtherDemand   Why = "other_demand"
	WhyOtherDelivery Why = "other_delivery"
	WhyReportedMore  Why = "reported_more"
	WhyNoOrigin      Why = "no_origin"
	WhyApprovedLate  Why = "approved_late"
	WhyObjectedLate  Why = "objected_late"
	WhyOpen          Why = "objection_open"
	WhyOwnMotion     Why = "own_motion"
	WhyOtherGround   Why = "other_ground"
	WhyCalledIllegal Why = "called_illegal"
	WhyKnew          Why = "knew_of_infeasibility"
	WhyKnewDanger    Why = "knew_of_danger"
	WhyPlanExists    Why = "plan_exists"
	WhyNoWindow      Why = "no_window"
	WhyActedLate     Why = "acted_late"
	WhyStopOpen      Why = "stop_open"
	WhyChatGroup     Why = "chat_group"
)

// sentences of points. {unit} and {by} are units, {value} and {amount} what
// the point carries; what stands under says.no is said where the value is no,
// under says.by where another unit is named.
var sentences = map[string]ledger.Text{
	"began":                    {Zh: "{unit} 首先提出 {value}。", En: "{unit} began with {value}."},
	"added":                    {Zh: "{unit} 往下要求 {value}，比承接的多出 {amount}。", En: "{unit} asked {value} of the next level, {amount} more than it had received."},
	"added.by":                 {Zh: "{unit} 按 {by} 的指令往下要求 {value}，比承接的多出 {amount}。", En: "On the order of {by}, {unit} asked {value} of the next level, {amount} more than it had received."},
	"passed_on":                {Zh: "{unit} 原样往下要求 {value}，没有加码。", En: "{unit} passed {value} on unchanged."},
	"eased":                    {Zh: "{unit} 往下要求 {value}，比承接的减少 {amount}。", En: "{unit} asked {value} of the next level, {amount} less than it had received."},
	"approved":                 {Zh: "{unit} 所加的部分，有 {value} 事先经过批准，并随交人财物。", En: "Of what {unit} added, {value} had been approved beforehand and came with means."},
	"approved_without_means":   {Zh: "{unit} 所加的部分，有 {value} 事先经过批准，但没有随交人财物，不作数。", En: "Of what {unit} added, {value} had been approved beforehand but came without means, so it does not count."},
	"received_above":           {Zh: "{unit} 自己从链条以外的上级文件承接 {value}。", En: "{unit} had itself received {value} by a paper above the recorded chain."},
	"verified":                 {Zh: "经核查员核实，{unit} 完成 {value}。", En: "An investigator verified that {unit} delivered {value}."},
	"verified_when_penalised":  {Zh: "作出处理时核实，{unit} 完成 {value}。", En: "When the measure was taken, {value} was verified as delivered by {unit}."},
	"capacity":                 {Zh: "{unit} 力所能及的是 {value}。", En: "What {unit} could do was {value}."},
	"capacity_when_penalised":  {Zh: "登记结果时写明，{unit} 力所能及的是 {value}，并注明了出处。", En: "The record of the outcome gives what {unit} could do as {value}, with the source."},
	"capacity_declared":        {Zh: "{unit} 自报能力 {value}，未经核实，不作数。", En: "{unit} declared a capacity of {value} itself; nobody verified it, so it does not count."},
	"objected":                 {Zh: "{unit} 事前已有书面异议。", En: "{unit} had objected on paper before the outcome."},
	"objected.by":              {Zh: "{unit} 事前已有书面异议，{by} 坚持原要求。", En: "{unit} had objected on paper before the outcome, and {by} insisted."},
	"objected.unresourced":     {Zh: "{unit} 事前已有书面异议，指出缺人财物。", En: "{unit} had objected on paper before the outcome that it lacked the means."},
	"objected.unresourced.by":  {Zh: "{unit} 事前已有书面异议，指出缺人财物，{by} 坚持原要求。", En: "{unit} had objected on paper before the outcome that it lacked the means, and {by} insisted."},
	"objected.no":              {Zh: "{unit} 事前没有提出过异议。", En: "{unit} had not objected before the outcome."},
	"objected_late":            {Zh: "{unit} 的异议在结果发生之后才登记，不作数。", En: "The objection of {unit} was recorded after the outcome and does not count."},
	"heard":                    {Zh: "{unit} 事前提出异议，{by} 采纳或作了调整。", En: "{unit} objected before the outcome, and {by} accepted it or changed the task."},
	"open":                     {Zh: "{unit} 事前向 {by} 提出异议，到结果发生时尚未答复，也未逾期。", En: "{unit} objected to {by} before the outcome; when it occurred the answer was neither given nor overdue."},
	"insisted":                 {Zh: "{unit} 事前提出异议，{by} 坚持原要求。", En: "{unit} objected before the outcome, and {by} insisted."},
	"insisted.no":              {Zh: "没有单位强令 {unit} 照办。", En: "Nobody overruled {unit}."},
	"lapsed":                   {Zh: "{unit} 事前提出异议，{by} 逾期没有答复，视同坚持。", En: "{unit} objected before the outcome, and {by} let the objection lapse, which counts as insisting."},
	"clearly_illegal":          {Zh: "要求 {unit} 照办的命令明显违法。", En: "The order that {unit} carried out was clearly illegal."},
	"clearly_illegal.no":       {Zh: "要求 {unit} 照办的命令并非明显违法。", En: "The order that {unit} carried out was not clearly illegal."},
	"knew":                     {Zh: "{unit} 事前知情。", En: "{unit} knew beforehand."},
	"knew.no":                  {Zh: "{unit} 事前不知情。", En: "{unit} did not know beforehand."},
	"told_by_capacity":         {Zh: "{unit} 照转照办之前，账上已登记 {by} 最多能做到 {value}，没有提出异议。", En: "Before {unit} passed it on or complied, it was on record that {by} could do {value} only; it did not object."},
	"told_by_objection":        {Zh: "{by} 已向 {unit} 提出做不到，{unit} 没有向上反映。", En: "{by} had told {unit} that it could not be done, and {unit} did not object in its turn."},
	"authority":                {Zh: "{unit} 有办这件事的权限。", En: "{unit} had the power to do it."},
	"authority.no":             {Zh: "{unit} 没有办这件事的权限。", En: "{unit} had no power to do it."},
	"notice":                   {Zh: "任务在结果发生之前送达 {unit}。", En: "The task had reached {unit} before the outcome."},
	"notice.no":                {Zh: "任务在结果发生之前没有送达 {unit}。", En: "The task had not reached {unit} before the outcome."},
	"means":                    {Zh: "给 {unit} 的{kind}是所需的 {value}（{amount}）。", En: "{unit} was given {value} of the {kind} that it needed ({amount})."},
	"means.all":                {Zh: "{unit} 实有的人财物是所需的 {value}。", En: "{unit} had {value} of the means that it needed."},
	"means_late":               {Zh: "给 {unit} 的{kind} {value} 在结果发生之后才登记，不作数。", En: "{value} of {kind} for {unit} was recorded after the outcome and does not count."},
	"owner":                    {Zh: "这项任务由 {by} 牵头负责。", En: "{by} owned the task."},
	"lead":                     {Zh: "{unit} 是这项任务登记的牵头单位。", En: "{unit} is the lead unit on record."},
	"origin":                   {Zh: "{unit} 是这项任务登记的起点单位。", En: "{unit} is the origin on record."},
	"falsified":                {Zh: "核查认定 {unit} 上报不实，虚报 {value}。", En: "It was verified that {unit} falsified {value}."},
	"falsified.by":             {Zh: "核查认定 {unit} 受 {by} 指使上报不实，虚报 {value}。", En: "It was verified that {unit} falsified {value} on the order of {by}."},
	"falsified_elsewhere":      {Zh: "核查认定 {unit} 上报不实，涉及的不是本条的指标，本条不计。", En: "It was verified that {unit} falsified something else than this measure; it does not count here."},
	"unused.unit":              {Zh: "审议员关于 {unit} 的另一项认定，本条的计算没有用上。", En: "A reviewer stated something else about {unit}, which this division has no use for."},
	"unused.above":             {Zh: "审议员认定 {unit} 从上级承接了多少，本条的计算没有用上。", En: "A reviewer stated what {unit} had received from above, which this division has no use for."},
	"unused.approved":          {Zh: "审议员认定 {unit} 的加码经过批准，本条的计算没有用上。", En: "A reviewer stated that an addition of {unit} was approved, which this division has no use for."},
	"unused.objected":          {Zh: "审议员关于 {unit} 事前异议的认定，本条的计算没有用上。", En: "A reviewer stated whether {unit} had objected, which this division has no use for."},
	"unused.overruled_by":      {Zh: "审议员关于由谁坚持、要 {unit} 照办的认定，本条的计算没有用上。", En: "A reviewer stated who overruled {unit}, which this division has no use for."},
	"unused.clearly_illegal":   {Zh: "审议员关于命令 {unit} 照办是否明显违法的认定，本条的计算没有用上。", En: "A reviewer stated whether the order to {unit} was clearly illegal, which this division has no use for."},
	"unused.knew":              {Zh: "审议员关于 {unit} 是否知情的认定，本条的计算没有用上。", En: "A reviewer stated whether {unit} knew, which this division has no use for."},
	"set_condition":            {Zh: "{unit} 定下条件：{amount}。", En: "{unit} set the condition: {amount}."},
	"contradictory":            {Zh: "没有合法可行的办法能同时满足全部条件。", En: "No lawful plan meets every condition."},
	"contradictory.no":         {Zh: "有合法可行的办法能满足全部条件。", En: "There is a lawful plan that meets every condition."},
	"asked":                    {Zh: "{unit} 同时要求 {value}。", En: "{unit} asked for {value} at the same time."},
	"window":                   {Zh: "从知道隐患到事故发生有 {value} 分钟。", En: "There were {value} minutes between the first warning and the accident."},
	"told_of_danger":           {Zh: "{unit} 在事故发生之前已经知道隐患。", En: "{unit} knew of the danger before the accident."},
	"told_of_danger.value":     {Zh: "{unit} 在事故发生之前已接到隐患提醒，答复“{value}”。", En: "{unit} was told of the danger before the accident and answered “{value}”."},
	"effective":                {Zh: "{unit} 及时叫停，或无权叫停而及时上报。", En: "{unit} stopped the work in time, or reported up where it could not."},
	"effective.no":             {Zh: "{unit} 没有及时叫停，也没有及时上报。", En: "{unit} neither stopped the work in time nor reported up."},
	"stop_refused":             {Zh: "{unit} 事前请求停止，{by} 没有同意。", En: "{unit} had asked to stop, and {by} refused."},
	"stop_refused.no":          {Zh: "没有单位拒绝过 {unit} 的停止请求。", En: "Nobody refused a request of {unit} to stop."},
	"stop_open":                {Zh: "{unit} 事前向 {by} 请求停止，到事故发生时没有答复。", En: "{unit} had asked {by} to stop; when the accident happened there was no answer."},
	"stop_granted":             {Zh: "{unit} 事前请求停止，{by} 同意。", En: "{unit} had asked to stop, and {by} agreed."},
	"stop_late":                {Zh: "{unit} 的停止请求在事故发生之后才登记，不作数。", En: "The request of {unit} to stop was recorded after the accident and does not count."},
	"group_instead_of_site":    {Zh: "{unit} 以工作群代替现场监管。", En: "{unit} put a chat group in the place of supervision on the spot."},
	"group_instead_of_site.no": {Zh: "{unit} 没有以工作群代替现场监管。", En: "{unit} did not put a chat group in the place of supervision on the spot."},

	"duty.basic":          {Zh: "这项任务在 {unit} 的履职清单上是基本事项。", En: "The task is a basic item on the duty list of {unit}."},
	"duty.cooperate":      {Zh: "这项任务在 {unit} 的履职清单上是配合事项。", En: "The task is an item to cooperate in on the duty list of {unit}."},
	"duty.recalled":       {Zh: "这项任务在 {unit} 的履职清单上已由上级收回。", En: "The task was recalled from the duty list of {unit}."},
	"duty.off_list":       {Zh: "这项任务不在 {unit} 的履职清单上。", En: "The task is not on the duty list of {unit}."},
	"duty.approved_split": {Zh: "这项任务交给 {unit}，经过有权机关批准。", En: "That the task was given to {unit} had been approved by the competent body."},
	"duty.unapproved":     {Zh: "这项任务交给 {unit}，没有经过有权机关批准。", En: "The task was given to {unit} without the approval of the competent body."},
	"power.stop":          {Zh: "{unit} 有叫停的职责。", En: "{unit} had the duty to stop the work."},
	"power.supervise":     {Zh: "{unit} 负有监督职责。", En: "{unit} supervised the work."},
	"power.coordinate":    {Zh: "{unit} 只负责协调。", En: "{unit} only coordinated."},
	"power.none":          {Zh: "{unit} 没有处置权。", En: "{unit} had no power over the work."},
	"did.stop_order":      {Zh: "{unit} 下了停工令。", En: "{unit} gave an order to stop."},
	"did.escalation":      {Zh: "{unit} 向上报告。", En: "{unit} reported up."},
	"did.remedy":          {Zh: "{unit} 着手整改，没有停工。", En: "{unit} began to remedy it and did not stop the work."},
	"did.reply":           {Zh: "{unit} 只作了答复。", En: "{unit} only replied."},
	"did.drafted_penalty": {Zh: "{unit} 草拟了处罚决定，没有送达，也没有停工。", En: "{unit} drafted a penalty, which was not issued, and did not stop the work."},
	"did.other":           {Zh: "{unit} 采取了其他做法，没有停工。", En: "{unit} did something else and did not stop the work."},
}

// tighter are the sentences of a measure of which the strictest governs: a
// date, a frequency, a standard.
var tighter = map[string]ledger.Text{
	"added":                   {Zh: "{unit} 往下要求 {value}，比承接的加严 {amount}。", En: "{unit} asked {value} of the next level, {amount} stricter than it had received."},
	"added.by":                {Zh: "{unit} 按 {by} 的指令往下要求 {value}，比承接的加严 {amount}。", En: "On the order of {by}, {unit} asked {value} of the next level, {amount} stricter than it had received."},
	"passed_on":               {Zh: "{unit} 原样往下要求 {value}，没有加严。", En: "{unit} passed {value} on unchanged."},
	"eased":                   {Zh: "{unit} 往下要求 {value}，比承接的放宽 {amount}。", En: "{unit} asked {value} of the next level, {amount} easier than it had received."},
	"verified":                {Zh: "经核查员核实，{unit} 实际是 {value}。", En: "An investigator verified {value} for {unit}."},
	"verified_when_penalised": {Zh: "作出处理时核实，{unit} 实际是 {value}。", En: "When the measure was taken, {value} was verified for {unit}."},
	"approved_without_means":  {Zh: "{unit} 加严的 {value} 事先经过批准，但没有随交人财物，不作数。", En: "{unit} had approval beforehand to be stricter by {value}, but passed on no means with it, so it does not count."},
}

var kinds = map[string]ledger.Text{
	"money": {Zh: "经费", En: "money"}, "people": {Zh: "人员", En: "people"}, "equipment": {Zh: "设备", En: "equipment"}, "other": {Zh: "其他条件", En: "other means"},
}

// questions to the reviewer.
var questions = map[Why]ledger.Text{
	WhyNotSaid:       {Zh: "账上没有写明 {unit} 当时有无权限，请依据文件说明。", En: "What power {unit} had is not on record; state it from a document."},
	WhyNoReceipt:     {Zh: "账上没有 {unit} 在结果发生之前收到任务的记录；任务是否送达？", En: "Nothing on record says that the task had reached {unit} before the outcome; had it?"},
	WhyNoNeed:        {Zh: "账上没有写明 {unit} 需要多少人财物、实有多少；请依据文件说明实有与所需之比。", En: "What means {unit} needed is not on record; state what it had of what it needed."},
	WhyNoDutyList:    {Zh: "账上查不到这项任务在 {unit} 履职清单上属于哪一类，请依据清单说明。", En: "How the task stands to the duty list of {unit} is not on record; state it from the list."},
	WhyNoCapacity:    {Zh: "账上没有 {unit} 力所能及的数，暂不认定做不到；如有依据请说明。", En: "What {unit} could do is not on record, so nothing counts as infeasible; state it if there is a document."},
	WhyOwnCapacity:   {Zh: "{unit} 自报能力 {value}，未经核实；请依据文件说明力所能及的数。", En: "{unit} declared a capacity of {value}, which nobody verified; state what it could do from a document."},
	WhyOtherDemand:   {Zh: "登记的应完成数与账上对 {unit} 的要求 {value} 不一致；请更正结果或核对下达。", En: "What the outcome gives as required is not the {value} that was asked of {unit} on record; correct the outcome or check the issuance."},
	WhyOtherDelivery: {Zh: "登记结果时写的完成数与核查员核实的 {value} 不一致，按核实数计算；请核对。", En: "The outcome gives another delivery than the {value} that an investigator verified, which counts; check which is right."},
	WhyReportedMore:  {Zh: "{unit} 上报完成 {value}，多于核实数；是否弄虚作假，请核查。", En: "{unit} reported {value}, more than was verified; have it checked whether that was falsified."},
	WhyNoOrigin:      {Zh: "{unit} 不是任务登记的起点单位；它从上级承接了多少，请依据文件说明。", En: "{unit} is not the recorded origin of the task; state from a document what it had received itself."},
	WhyApprovedLate:  {Zh: "{unit} 的批准 {value} 在结果发生之后才登记，不作数；如有事前的批准文件，请据以说明。", En: "The approval of {value} for {unit} was recorded after the outcome and does not count; state it if a paper of before shows it."},
	WhyObjectedLate:  {Zh: "{unit} 的异议在结果发生之后才登记，不作数；如有事前的书面异议，请依据文件说明，并写明由谁坚持。", En: "The objection of {unit} was recorded after the outcome and does not count; state it, and who insisted, if a paper of before shows it."},
	WhyOpen:          {Zh: "{unit} 的异议到结果发生时 {by} 尚未答复，不转移责任；如已有口头或书面的答复，请依据文件说明。", En: "{by} had not answered the objection of {unit} when the outcome occurred, so nothing moves; state who insisted if a paper shows it."},
	WhyOwnMotion:     {Zh: "{unit} 的异议没有被采纳，但它自己又加了码，账上没有 {by} 要求加码的记录；加码如系奉命，请依据文件说明。", En: "{unit} was overruled by {by} but also added of its own; that {by} ordered the addition is not on record. State it if a paper shows it."},
	WhyOtherGround:   {Zh: "{unit} 的异议没有被 {by} 采纳，但账上看不出它提出过缺人财物；只有这一种异议转移执行单位的责任，如确有，请依据文件说明。", En: "{by} overruled {unit}, but that it objected to missing means is not on record, and only that moves an executor's part; state it if a paper shows it."},
	WhyCalledIllegal: {Zh: "{unit} 以违法为由提出异议，{by} 坚持；命令是否明显违法，请认定。", En: "{unit} objected that it was illegal, and {by} insisted; was the order clearly illegal?"},
	WhyKnew:          {Zh: "账上看不出 {unit} 照转照办时是否知道做不到，请依据文件说明。", En: "Whether {unit} knew that it could not be done is not on record; state it from a document."},
	WhyKnewDanger:    {Zh: "账上看不出 {unit} 在事故发生之前是否知道隐患，请依据文件说明。", En: "Whether {unit} knew of the danger before the accident is not on record; state it from a document."},
	WhyPlanExists:    {Zh: "就账上写成算式的条件来看并不矛盾；确无合法可行的办法的，请依据文件说明。", En: "The conditions that are written as sums do not contradict one another; state it from a document if there is no lawful plan."},
	WhyNoWindow:      {Zh: "账上没有写明何时知道隐患；从知道到事故发生有多少分钟？", En: "Since when the danger was known is not on record; how many minutes were there to act?"},
	WhyActedLate:     {Zh: "{unit} 的处置在事故发生之后才登记，不作数；如有事前的书面证据，请据以说明是否有效。", En: "What {unit} did was recorded after the accident and does not count; state it if a paper of before shows it."},
	WhyStopOpen:      {Zh: "{unit} 请求停止，{by} 没有答复；是否有单位不让停，请依据文件说明。", En: "{unit} asked {by} to stop and got no answer; state who refused if a paper shows it."},
	WhyChatGroup:     {Zh: "{unit} 负有监管职责，隐患却在工作群里传达；是否以工作群代替了现场监管？", En: "{unit} supervised, and the danger was told in a chat group; did the group stand in for supervision on the spot?"},
}

// Words is the fact as a sentence, units as name calls them (by their codes
// where name is nil), figures as m writes them.
func (p Point) Words(name func(code string) string, m Measured) ledger.Text {
	t, ok := p.sentence(m)
	if !ok {
		t = ledger.Text{Zh: "{unit}：{value}。", En: "{unit}: {value}."}
	}
	if p.Stated {
		t = ledger.Text{Zh: "审议员依据文件认定：" + t.Zh, En: "Stated by a reviewer, from a document: " + t.En}
	}
	f := filling{unit: p.Unit, by: p.By, value: asIs(p.Value), amount: asIs(p.Amount)}
	switch {
	case valued[p.Says]:
		f.value, f.amount = m.value(p.Value), m.change(p.Amount)
	case differs[p.Says]:
		f.value = m.change(p.Value)
	case p.Says == SaysMeans, p.Says == SaysMeansLate:
		kind, of, _ := strings.Cut(p.Amount, " ")
		given, needed, _ := strings.Cut(of, "/")
		f.kind, f.amount = kinds[kind], asIs(bare(given)+"/"+bare(needed))
		if f.value = asIs(bare(p.Value)); p.Says == SaysMeans {
			f.value = asIs(percent(p.Value))
		}
	}
	return write(t, f, name)
}

func (p Point) sentence(m Measured) (ledger.Text, bool) {
	says := string(p.Says)
	if t, ok := tighter[says]; ok && m.Tighter {
		if by, ok := tighter[says+".by"]; ok && p.By != "" {
			t = by
		}
		return t, true
	}
	tries := []string{says + "." + p.Value}
	if p.By != "" {
		tries = append([]string{says + "." + p.Value + ".by"}, tries...)
	}
	if p.Says == SaysMeans && p.Amount == "" {
		tries = append(tries, says+".all")
	}
	if p.By != "" {
		tries = append(tries, says+".by")
	}
	if p.Value != "" && p.Value != "yes" {
		tries = append(tries, says+".value")
	}
	for _, key := range append(tries, says) {
		if t, ok := sentences[key]; ok {
			return t, true
		}
	}
	return ledger.Text{}, false
}

// Words is the question as a sentence, units as name calls them (by their
// codes where name is nil), figures as m writes them.
func (q Question) Words(name func(code string) string, m Measured) ledger.Text {
	return write(questions[q.Why], filling{unit: q.Unit, by: q.By, value: m.value(q.Value)}, name)
}

// filling is what stands in a sentence's places.
type filling struct {
	unit, by            string
	value, amount, kind ledger.Text
}

func asIs(s string) ledger.Text { return ledger.Text{Zh: s, En: s} }

func write(t ledger.Text, f filling, name func(string) string) ledger.Text {
	if name == nil {
		name = func(code string) string { return code }
	}
	if f.unit != "" {
		f.unit = name(f.unit)
	}
	if f.by != "" {
		f.by = name(f.by)
	}
	fill := func(s, value, amount, kind string) string {
		return strings.NewReplacer("{unit}", f.unit, "{by}", f.by, "{value}", value, "{amount}", amount, "{kind}", kind).Replace(s)
	}
	return ledger.Text{Zh: fill(t.Zh, f.value.Zh, f.amount.Zh, f.kind.Zh), En: fill(t.En, f.value.En, f.amount.En, f.kind.En)}
}
