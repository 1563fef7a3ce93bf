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
// Of what was not published nobody learns a number. That a report went to a wide
// cell says that its narrow one was too small then; but every wide cell also
// takes reports that have no narrower one (no mandate on record, no figures, a
// level in place of a unit, a unit with too few people), so the narrow cell may
// as well be empty.
//
// Answers (响应率, 解决率, 满意率, days) are batches of their own over settled
// complaints, by who handled them. One is divided where every part is empty or
// large enough by itself, and by several questions at once only as separate
// totals, never crossed. Of separate totals over the same people, what two or
// three have in common may be as large as the smallest of them (put all of that
// one into the others: every total still holds), so it is never known to be
// below five; and the same holds for what an answer's part and a report's batch
// have in common.
//
// Somebody who is himself in a batch can take himself out of it: with one
// verified colleague against him a reporter stands among four others, with four
// of them working together, alone. What is published is safe against any number
// of open-lane reports and against one cadre with all his tokens.
package release
