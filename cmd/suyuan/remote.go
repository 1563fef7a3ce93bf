package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"suyuan/services/ledger"
)

// remote is a ledger that another process serves.
type remote struct{ server, tokenFile string }

func (r *remote) flags(c *cobra.Command) {
	c.Flags().StringVar(&r.server, "server", "", "address of the server that has the ledger open, such as http://localhost:8080")
	c.Flags().StringVar(&r.tokenFile, "token-file", "", "file with a token for it, as `suyuan token` prints one")
}

// The most that is read of a token's file and of an answer.
const (
	maxToken  = 64 << 10
	maxAnswer = 32 << 20
)

// thereDoor speaks to a server.
type thereDoor struct {
	base, token, lang string
	client            *http.Client
}

func (r remote) open(lang string) (*thereDoor, error) {
	u, err := url.Parse(r.server)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, usage{fmt.Errorf("--server %q: write an address such as http://localhost:8080", r.server)}
	}
	d := &thereDoor{base: strings.TrimRight(r.server, "/"), lang: lang, client: &http.Client{
		Timeout:       2 * time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the token is for this address
	}}
	if r.tokenFile == "" {
		return d, nil
	}
	f, err := os.Open(r.tokenFile)
	if err != nil {
		return nil, usage{fmt.Errorf("--token-file: %w", err)}
	}
	token, err := io.ReadAll(io.LimitReader(f, maxToken))
	d.token = strings.TrimSpace(string(token))
	return d, errors.Join(err, f.Close())
}

func (d *thereDoor) ActFor(string)                                  {} // the token says
func (d *thereDoor) Rehearse(context.Context, string, []byte) error { return nil }

func (d *thereDoor) Submit(ctx context.Context, name, key string, input []byte) error {
	var answer struct{ Error *refusal }
	if err := d.post(ctx, "/api/commands/"+name, key, input, &answer); err != nil {
		return err
	}
	return answer.Error.err()
}

func (d *thereDoor) Ask(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error) {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return nil, err
	}
	var answer struct {
		Data   json.RawMessage
		Error  *refusal
		Errors []struct {
			Message    string
			Extensions struct{ Code, Rule, Field string }
		}
	}
	if err := d.post(ctx, "/graphql", "", body, &answer); err != nil {
		return nil, err
	}
	for _, e := range answer.Errors {
		return nil, (&refusal{Code: e.Extensions.Code, Rule: e.Extensions.Rule, Field: e.Extensions.Field, Message: e.Message}).err()
	}
	return answer.Data, answer.Error.err()
}

// refusal is an error as the server writes it.
type refusal struct{ Code, Rule, Message, Field string }

func (r *refusal) err() error {
	if r == nil {
		return nil
	}
	return &ledger.Error{Code: ledger.Code(r.Code), Rule: r.Rule, Text: ledger.Text{Zh: r.Message, En: r.Message}, Field: r.Field}
}

func (d *thereDoor) post(ctx context.Context, path, key string, body []byte, into any) (err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Accept-Language", d.lang)
	if d.token != "" {
		r.Header.Set("Authorization", "Bearer "+d.token)
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	w, err := d.client.Do(r)
	if err != nil {
		return fmt.Errorf("%w; the server may have taken it: run the same command again, nothing is recorded twice", err)
	}
	defer func() { err = errors.Join(err, w.Body.Close()) }()
	data, err := io.ReadAll(io.LimitReader(w.Body, maxAnswer))
	if err != nil {
		return err
	}
	if json.Unmarshal(data, into) != nil {
		return fmt.Errorf("%s%s answered %s and not as a ledger does; check --server", d.base, path, w.Status)
	}
	return nil
}
