package liability

import (
	"fmt"

	"suyuan/services/exact"
)

// Parameters are the numbers a policy sets. They are this product's policy,
// versioned and shown, not law; a finding names the version it was made under.
type Parameters struct {
	SilentPassThrough      exact.Rat `json:"silentPassThrough"`      // π, of GI for each knowing, silent unit
	SilentCap              exact.Rat `json:"silentCap"`              // of GI for all of them
	IllegalOrderRetention  exact.Rat `json:"illegalOrderRetention"`  // κ, kept by one who obeyed a clearly illegal order
	CoOwnedDefault         exact.Rat `json:"coOwnedDefault"`         // λ where the duty list is not known
	FalsificationMass      exact.Rat `json:"falsificationMass"`      // φ, of G, on top
	Inducement             exact.Rat `json:"inducement"`             // θ, of φ·G, for those whose additions pressed for it
	MinimumReactionMinutes int64     `json:"minimumReactionMinutes"` // below it w = ½
}

// Proposed are the parameters of JRA-1 as it was proposed, version 1.
func Proposed() Parameters {
	tenth := func(n int64) exact.Rat { r, _ := exact.NewRat(n, 10); return r }
	return Parameters{
		SilentPassThrough: tenth(1), SilentCap: tenth(3), IllegalOrderRetention: tenth(3), CoOwnedDefault: tenth(5),
		FalsificationMass: tenth(5), Inducement: tenth(3), MinimumReactionMinutes: 15,
	}
}

// Check refuses parameters under which shares could be negative or more than
// there is to divide.
func (p Parameters) Check() error {
	for _, x := range []struct {
		name  string
		value exact.Rat
	}{
		{"silentPassThrough", p.SilentPassThrough}, {"silentCap", p.SilentCap}, {"illegalOrderRetention", p.IllegalOrderRetention},
		{"coOwnedDefault", p.CoOwnedDefault}, {"falsificationMass", p.FalsificationMass}, {"inducement", p.Inducement},
	} {
		if !part(x.value) {
			return fmt.Errorf("parameter %s is %s: give a part of the whole, from 0 to 1", x.name, x.value)
		}
	}
	if p.MinimumReactionMinutes < 0 || p.MinimumReactionMinutes > 1440 {
		return fmt.Errorf("parameter minimumReactionMinutes is %d: give 0 to 1440", p.MinimumReactionMinutes)
	}
	return nil
}

var one = exact.FromInt(1)

func part(r exact.Rat) bool { return r.Sign() >= 0 && r.Cmp(one) <= 0 }
