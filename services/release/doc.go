// Package release decides what of the reports is told to the public, week by
// week, and how it is counted. It must never tell anything of a set of reports
// that fewer than K people stand behind, nor let that be worked out from what
// it told before.
//
// # The rule
//
// Everything that is ever published is a union of batches. A batch is a set of
// reports with one label that is true of all of them (who added, which
// dimension, which figures, where) and their number. A report is in one batch
// at most, for all time, and a batch never changes: not when a report in it is
// withdrawn, answered or found wrong. Every batch is large enough by itself:
//
//   - of verified cadres, k ≥ 5, where k is the largest number of different
//     nullifiers under any one issuer key. Somebody who spends his eight tokens
//     under eight keys counts once;
//   - of the open lane, 20 reports, with no label but a county or what lies
//     above it. They never count towards k and never share a batch with verified
//     ones;
//   - whoever the label names has at least 20 people on record, with those below
//     it. Not known is too few. A province and the country are never too small.
//
// A report that finds no batch waits; a label that says less is open to it only
// once it has waited longer (kinds in cell.go), or nothing precise would ever
// be told: the wide cells fill first.
//
// # Why nothing smaller can be worked out
//
// Let B1, B2, … be the batches of all weeks and r1, r2, … their sizes. Every
// public figure, of any table, for any territory and any span of weeks, is a sum
// of some of the r's, so everything that can be computed from figures by adding
// and subtracting is Σ cᵢrᵢ. It counts a set of reports only where every cᵢ is 0
// or 1: a union of batches, with no report in two of them. A union that is not
// empty holds a batch, so at least five people. Differences between two tables,
// between a whole and its parts, between two weeks (growth) are such sums too;
// they need no rule of their own.
//
// Nor does it help to know the rules. That a report went to a wide label says
// that its narrow one held too few; so a wide label is told only where that does
// not say which narrow one it was, and that somebody is there:
//
//   - most wide labels also take reports that have no narrower one (no mandate
//     on record, no figures, a level in place of a unit, a unit with too few
//     people), any number of them, so that every narrow one may be empty;
//   - a change, a unit in all and a place in all do not. A batch of those has at
//     most (K−1)·(room−1) reports, where room counts the narrower labels that
//     could hold them and were not told of late: whichever is looked at, the
//     others could hold all of them.
//
// Answers (响应率, 解决率, 满意率, days) are batches of their own over settled
// complaints, by who handled them. A batch is divided where every part is empty
// or large enough by itself, and only if it is twice as large as it must be:
// were a smaller one divided when all say the same, not to divide it would say
// that there is a small part. Several questions are answered as separate totals,
// never crossed. What two of them have in common may be as large as the smaller
// (put all of it into the other: every total still holds), and the same is true
// of what an answer's part and a report's batch have in common; so it is never
// known to be below five. Solved and satisfied are told together only where
// their four crossings are large enough too: nearly nobody is content who was
// not helped, and who believes that can subtract one from the other.
//
// # What it does not stop
//
// Somebody who is himself in a batch can take himself out of it: with one
// verified colleague against him a reporter stands among four others; with four
// verified colleagues working together, alone, as one of all whom the label
// could mean. Only a larger K stops that: with c colluding, K = 5 + c. What is
// published is safe against any number of verified tokens of one cadre, which
// count once. Reports of the open lane never touch what is told of verified
// ones; who plants 19 of them in a county learns that there is at least one
// more, of the open lane, somewhere in the county, and nothing else about it.
package release
