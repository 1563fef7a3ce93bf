package envelope_test

import (
	"testing"

	"suyuan/services/intake/envelope"
)

func BenchmarkSeal(b *testing.B) {
	for pictures, name := range []string{"16KiB", "4MiB"} {
		b.Run(name, func(b *testing.B) {
			l := letter(b, pictures)
			seed, sign := keys(b).Seal(), keys(b).Sign
			to, all := recipient(b, engine), recipients(b, first, second)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := envelope.Seal(seed, sign, l, to, all); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	for pictures, name := range []string{"16KiB", "4MiB"} {
		b.Run(name, func(b *testing.B) {
			sealed := seal(b, letter(b, pictures))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := envelope.Read(sealed); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkOpenFacts(b *testing.B) {
	e := read(b, seal(b, letter(b, 0)))
	key := identity(b, engine)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := envelope.OpenFacts(e.Facts, key); err != nil {
			b.Fatal(err)
		}
	}
}
