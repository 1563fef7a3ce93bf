package receipt

// What tests look at and nobody else may.

func SigningSeed(k Keys) [32]byte                { return k.held().signing }
func ReplySeed(k Keys) [32]byte                  { return k.held().reply }
func Salt(serviceID []byte) [16]byte             { return saltOf(serviceID) }
func Bech32(prefix string, data [32]byte) string { return bech32(prefix, data) }
func CheckDigits(digits string) string {
	tens, ones := check([]byte(digits))
	return string([]byte{tens, ones})
}
