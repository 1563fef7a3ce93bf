package e2e

import (
	"os"
	"testing"
)

func TestReportLooks(t *testing.T) {
	h := reportHost(t)
	for _, v := range []view{{360, "zh-CN", false}, {360, "en", false}} {
		p := visit(t, h.url+"/", v)
		p.shoot(t, os.Getenv("SUYUAN_SHOTS"), "report-1")
		for _, problem := range p.problems(t) {
			t.Error(problem)
		}
	}
}
