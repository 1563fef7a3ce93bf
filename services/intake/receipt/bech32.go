package receipt

// bech32 writes 32 bytes as age writes its keys: BIP 173, without its limit of
// 90 characters, all in small letters. age has no other way to be given a key.
func bech32(prefix string, data [32]byte) string {
	const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	const checksum = 6
	values := fives(data)
	sum := sum32(prefix, append(values, make([]byte, checksum)...))
	for i := checksum - 1; i >= 0; i-- {
		values = append(values, byte(sum>>(5*i))&31)
	}
	text := make([]byte, 0, len(prefix)+1+len(values))
	text = append(append(text, prefix...), '1')
	for _, v := range values {
		text = append(text, alphabet[v])
	}
	clear(values)
	defer clear(text)
	return string(text)
}

// fives cuts 256 bits into 52 values of five bits, the last filled up with
// zeros.
func fives(data [32]byte) []byte {
	values := make([]byte, 0, 64)
	have, bits := uint32(0), 0
	for _, b := range data {
		have, bits = have<<8|uint32(b), bits+8
		for bits >= 5 {
			bits -= 5
			values = append(values, byte(have>>bits)&31)
		}
	}
	return append(values, byte(have<<(5-bits))&31)
}

// sum32 is BIP 173's checksum: the remainder of a polynomial over GF(32), of
// the prefix spread out and the values, with the last bit turned.
func sum32(prefix string, values []byte) uint32 {
	rest := uint32(1)
	feed := func(v byte) {
		top := rest >> 25
		rest = (rest&(1<<25-1))<<5 ^ uint32(v)
		for i, term := range [5]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				rest ^= term
			}
		}
	}
	for _, c := range []byte(prefix) {
		feed(c >> 5)
	}
	feed(0)
	for _, c := range []byte(prefix) {
		feed(c & 31)
	}
	for _, v := range values {
		feed(v)
	}
	return rest ^ 1
}
