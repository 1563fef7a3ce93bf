package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"time"

	"filippo.io/age"

	"suyuan/services/complaint/claim"
	"suyuan/services/intake"
	"suyuan/services/intake/envelope"
	"suyuan/services/intake/receipt"
	"suyuan/services/mandate"
)

// seal seals as many reports as a browser would, each from somebody else.
func (r *reporting) seal(n int) ([][]byte, error) {
	offer, err := r.offer()
	if err != nil {
		return nil, err
	}
	replies, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	facts, err := json.Marshal(claim.Facts{
		V: claim.Version, Mandate: "farmland-600", Issuer: "990101", Dimension: mandate.Quantity, Measure: "farmland-600/area", CameDown: "600", Asked: "690",
	})
	if err != nil {
		return nil, err
	}
	var to []string
	for _, i := range offer.Investigators {
		to = append(to, i.Key)
	}
	one := func() ([]byte, error) {
		var seed [32]byte
		if _, err := io.ReadFull(rand.Reader, seed[:]); err != nil {
			return nil, err
		}
		key := ed25519.NewKeyFromSeed(seed[:])
		letter := envelope.Letter{
			Kind: envelope.Report, Facts: facts, Narrative: envelope.Narrative{Text: "每周多报一张表。"},
			Stored: receipt.Stored{Box: sha256.Sum256(seed[:]), Signer: [32]byte(key.Public().(ed25519.PublicKey)), Replies: replies.Recipient().String()},
		}
		sealed, err := envelope.Seal(seed, func(m []byte) []byte { return ed25519.Sign(key, m) }, letter, offer.Engine, to)
		if err != nil {
			return nil, err
		}
		return append(fmt.Appendf(nil, "POST / HTTP/1.1\r\nHost: %s\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n", r.address, len(sealed)), sealed...), nil
	}
	out := make([][]byte, n)
	failed := make([]error, runtime.GOMAXPROCS(0))
	var all sync.WaitGroup
	for worker := range failed {
		all.Go(func() {
			for i := worker; i < n && failed[worker] == nil; i += len(failed) {
				out[i], failed[worker] = one()
			}
		})
	}
	all.Wait()
	return out, errors.Join(failed...)
}

// asked is a short question over HTTP.
func asked(ctx context.Context, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	return io.ReadAll(io.LimitReader(answer.Body, 4<<20))
}

// offer is what the reporting pages tell a browser to seal with.
func (r *reporting) offer() (intake.Offer, error) {
	page, err := asked(context.Background(), "http://"+r.address+"/")
	if err != nil {
		return intake.Offer{}, err
	}
	_, rest, _ := bytes.Cut(page, []byte(`id="data">`))
	text, _, ok := bytes.Cut(rest, []byte("</script>"))
	var data struct{ Offer intake.Offer }
	if err := json.Unmarshal(text, &data); !ok || err != nil || !data.Offer.Open {
		return intake.Offer{}, fmt.Errorf("the reporting page offers nothing to seal with: %w", err)
	}
	return data.Offer, nil
}

// ordinal is how many events the server has folded.
func (r *reporting) ordinal(ctx context.Context) (int, error) {
	text, err := asked(ctx, "http://"+r.server.address+"/healthz")
	if err != nil {
		return 0, err
	}
	var health struct{ Ordinal string }
	if err := json.NewDecoder(strings.NewReader(string(text))).Decode(&health); err != nil {
		return 0, err
	}
	n := 0
	_, err = fmt.Sscan(health.Ordinal, &n)
	return n, err
}
