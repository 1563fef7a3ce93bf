package api

import (
	"net/http"
	"strconv"
	"strings"
)

// lang is what the reader prefers of "zh-CN" and "en", Chinese where the
// reader does not say.
func lang(r *http.Request) string {
	chosen, most := "zh-CN", 0.0
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, weight := preference(part)
		if weight > most && (tag == "zh" || tag == "en") {
			chosen, most = map[string]string{"zh": "zh-CN", "en": "en"}[tag], weight
		}
	}
	return chosen
}

// preference takes "en-GB;q=0.8" apart: en, 0.8. What cannot be read weighs
// nothing.
func preference(part string) (tag string, weight float64) {
	tag, parameter, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(part, " ", "")), ";")
	tag, _, _ = strings.Cut(tag, "-")
	if parameter == "" {
		return tag, 1
	}
	weight, err := strconv.ParseFloat(strings.TrimPrefix(parameter, "q="), 64)
	if err != nil {
		return tag, 0
	}
	return tag, weight
}
