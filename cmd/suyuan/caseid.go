package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"suyuan/portal/api"
	"suyuan/services/complaint/claim"
	"suyuan/services/desk"
	"suyuan/services/ledger"
)

// caseNames stands before the desk and gives every case its id. One that
// people chose could be guessed by those who may not know that there is such a
// case, and would be told apart by the answer “it is taken”. The id follows from
// the account, the idempotency key and a key that was drawn for this ledger:
// sent again, the command opens the same case, and nobody else can come upon it.
type caseNames struct {
	api.Desk
	key claim.Key
}

const openCase = "case.open"

// Submit implements api.Desk.
func (c caseNames) Submit(ctx context.Context, by ledger.Actor, name, key string, input []byte) (desk.Receipt, error) {
	if name != openCase {
		return c.Desk.Submit(ctx, by, name, key, input)
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(input, &fields) != nil || fields == nil {
		return c.Desk.Submit(ctx, by, name, key, input) // which says what is wrong with it
	}
	if _, given := fields["id"]; given {
		return desk.Receipt{}, ledger.Errorf(ledger.Invalid, "case.id_given", "案件编号由系统生成，不能自拟；请去掉 id 再提交。", "A case's id is drawn by the server; send the command without one.").At("id")
	}
	fields["id"], _ = json.Marshal(c.id(by.Account, key))
	input, err := json.Marshal(fields)
	if err != nil {
		return desk.Receipt{}, err
	}
	return c.Desk.Submit(ctx, by, name, key, input)
}

// id is 32 hexadecimal digits that nobody without the key can tell from chance.
func (c caseNames) id(account, key string) string {
	m := hmac.New(sha256.New, c.key[:])
	m.Write([]byte("case-v1"))
	parts, err := json.Marshal([]string{account, key})
	if err != nil {
		panic(err) // texts
	}
	m.Write(parts)
	return hex.EncodeToString(m.Sum(nil)[:16])
}
