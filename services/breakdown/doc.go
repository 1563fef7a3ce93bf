// Package breakdown turns a task breakdown sheet (任务分解表), as offices keep
// them in spreadsheet programs, into the commands that put it on record as an
// issuance, and an issuance on record back into a sheet.
//
// It reads what is in the cells and converts units exactly; it must never
// round, never guess a receiver, and never hand on part of a sheet of which
// another part could not be read: every problem is named by its cell, and with
// one problem there are no commands.
package breakdown

// Bounds of a sheet.
const (
	MaxBytes = 16 << 20 // of the file
	maxUnzip = 64 << 20 // of a workbook once unpacked: MaxRows rows of maxWidth cells, at 16 bytes each
	MaxRows  = 20_000   // receivers
	maxLast  = 25_000   // last row with content
	maxWidth = 200      // columns with content
	maxAreas = 5000     // merged areas
	maxMerge = 200_000  // cells in them
	maxTold  = 20       // problems that are listed

	// Of a workbook's XML. Each cell takes half a kilobyte to hold.
	maxCells    = 400_000 // with or without content
	maxRowCells = 16_384  // of one row, the most that a spreadsheet program has
	maxRowTags  = 200_000 // rows
	maxTags     = 2_000_000
)
