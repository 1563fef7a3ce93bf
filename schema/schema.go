// Package schema carries the read model's GraphQL documents, the source of
// truth for what can be asked.
package schema

import "embed"

// GraphQL holds every *.graphql document.
//
//go:embed *.graphql
var GraphQL embed.FS
