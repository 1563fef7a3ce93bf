package portal

import (
	"context"

	"suyuan/services/ledger"
)

type contextKey int

const (
	actorKey contextKey = iota
	langKey
)

// WithActor returns ctx carrying who is asking.
func WithActor(ctx context.Context, a ledger.Actor) context.Context {
	return context.WithValue(ctx, actorKey, a)
}

// ActorFrom returns who is asking: the zero Actor for the public.
func ActorFrom(ctx context.Context) ledger.Actor {
	a, _ := ctx.Value(actorKey).(ledger.Actor)
	return a
}

// WithLang returns ctx carrying the page's language, zh-CN or en.
func WithLang(ctx context.Context, lang string) context.Context {
	return context.WithValue(ctx, langKey, lang)
}

// LangFrom returns the page's language, zh-CN where none was set.
func LangFrom(ctx context.Context) string {
	if lang, ok := ctx.Value(langKey).(string); ok {
		return lang
	}
	return "zh-CN"
}
