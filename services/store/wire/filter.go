package wire

import (
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"suyuan/services/ledger"
)

// filter is what of $all a reader wants.
type filter struct {
	byType   bool // else by stream
	prefixes []string
	matches  func(name string) bool // nil: by prefixes
	every    uint64                 // events considered between two checkpoints
}

// What a filter may hold.
const (
	maxRegex    = 1000
	maxPrefixes = 1000
	// What is considered at a time where the reader leaves it to the server.
	usualWindow = 32
)

func newFilter(o *streams.ReadReq_Options_FilterOptions, follow bool) (*filter, error) {
	f := &filter{}
	var e *streams.ReadReq_Options_FilterOptions_Expression
	switch by := o.GetFilter().(type) {
	case *streams.ReadReq_Options_FilterOptions_StreamIdentifier:
		e = by.StreamIdentifier
	case *streams.ReadReq_Options_FilterOptions_EventType:
		e, f.byType = by.EventType, true
	default:
		return nil, invalid("筛选没有写明按流还是按事件类型。", "The filter says neither stream nor event type.")
	}
	window := uint64(usualWindow)
	switch w := o.GetWindow().(type) {
	case *streams.ReadReq_Options_FilterOptions_Max:
		window = uint64(w.Max)
	case *streams.ReadReq_Options_FilterOptions_Count:
	default:
		return nil, invalid("筛选没有写明搜索窗口。", "The filter does not say its search window.")
	}
	if window == 0 {
		return nil, invalid("筛选的搜索窗口须大于 0。", "The filter's search window must be greater than 0.")
	}
	f.every = window * uint64(o.GetCheckpointIntervalMultiplier())
	if follow && f.every == 0 {
		return nil, invalid("筛选的检查点间隔倍数须大于 0。", "The filter's checkpoint interval multiplier must be greater than 0.")
	}
	return f, f.take(e)
}

func (f *filter) take(e *streams.ReadReq_Options_FilterOptions_Expression) (err error) {
	switch expression := e.GetRegex(); {
	case len(expression) > maxRegex:
		return invalid("正则表达式太长：最多 %d 字节。", "The regular expression is too long: at most %d bytes.", maxRegex)
	case expression != "":
		if f.matches, err = compile(expression); err != nil {
			return invalid("筛选不是正则表达式：%s。", "The filter is no regular expression: %s.", err.Error())
		}
	case len(e.GetPrefix()) > maxPrefixes:
		return invalid("前缀太多：最多 %d 个。", "There are too many prefixes: at most %d.", maxPrefixes)
	default:
		f.prefixes = e.GetPrefix()
	}
	return nil
}

// passes reports whether the reader wants an event; a nil filter wants all.
func (f *filter) passes(e *ledger.Recorded) bool {
	if f == nil {
		return true
	}
	name := e.Stream
	if f.byType {
		name = e.Type
	}
	if f.matches != nil {
		return f.matches(name)
	}
	for _, p := range f.prefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}
