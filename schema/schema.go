// Package schema carries the read model's GraphQL documents, the source of
// truth for what can be asked, and rules and policies as data.
package schema

import "embed"

// GraphQL holds every *.graphql document.
//
//go:embed *.graphql
var GraphQL embed.FS

// Policies holds the proposed first version of every policy: policies/*.json.
// None is in force until an admin adopts it.
//
//go:embed policies/*.json
var Policies embed.FS

// Rules holds the law and the product rules a finding may cite: rules/*.json.
//
//go:embed rules/*.json
var Rules embed.FS
