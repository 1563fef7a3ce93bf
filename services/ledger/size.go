package ledger

import "unicode/utf16"

// SizeOnCluster is what an EventStoreDB or KurrentDB cluster counts an event
// as where it bounds an append, in bytes: data, metadata, and two for each
// UTF-16 unit of the type's name. (Some versions count less; none more.)
func (r Record) SizeOnCluster() int {
	n := len(r.Data) + len(r.Meta)
	for _, c := range r.Type {
		n += 2 * utf16.RuneLen(c)
	}
	return n
}
