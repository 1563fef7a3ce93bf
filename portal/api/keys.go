package api

import (
	"net/http"

	"suyuan/services/ledger"
)

// KeysQuestion asks for the keys of a county's issuer in a quarter. It is the
// one question that pages of other hosts may put, by GET and as nobody: an
// issuer's page looks up here whether its keys are on the ledger, for the
// issuer's own word is worth nothing. The page's script has the same text.
const KeysQuestion = "query($county:String,$quarter:String){issuerKeys(county:$county,quarter:$quarter,first:50){edges{node{id kind county quarter n spki revoked unit{name}}}pageInfo{hasNextPage}}}"

// forOtherHosts lets a page of another host read the answer to that question.
func forOtherHosts(w http.ResponseWriter, r *http.Request, by ledger.Actor, q Question) {
	if r.Method == http.MethodGet && by.Anonymous() && q.Document == KeysQuestion {
		w.Header().Set("Access-Control-Allow-Origin", "*")
	}
}
