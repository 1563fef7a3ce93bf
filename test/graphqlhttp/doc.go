// Package graphqlhttp asks /graphql of the real binary over HTTP: the audits
// of npm's graphql-http, queries made to do harm, and who may ask for what. It
// needs node and what make bundle installs. It is imported by nobody.
package graphqlhttp
