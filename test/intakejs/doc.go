// Package intakejs holds what browsers do with receipts, envelopes and
// pictures to what the server does: under Node, with and without WebCrypto,
// and in Chromium under the policy of the reporting pages. It needs node,
// Chromium and what make bundle installs. It is imported by nobody.
package intakejs
