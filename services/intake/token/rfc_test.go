package token_test

import (
	"compress/gzip"
	"crypto/rsa"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"suyuan/services/intake/token"
)

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	data, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A vector of RFC 9578, appendix B.2: a public key and a token under it.
const (
	rfcKey = "30820152303d06092a864886f70d01010a3030a00d300b0609608648016503040202a11a301806092a864886f70d010108300b0609608648016503040202a2030201300382010f003082010a0282010100" +
		"cb1aed6b6a95f5b1ce013a4cfcab25b94b2e64a23034e4250a7eab43c0df3a8c12993af12b111908d4b471bec31d4b6c9ad9cdda90612a2ee903523e6de5a224d6b02f09e5c374d0cfe01d8f529c500a" +
		"78a2f67908fa682b5a2b430c81eaf1af72d7b5e794fc98a3139276879757ce453b526ef9bf6ceb99979b8423b90f4461a22af37aab0cf5733f7597abe44d31c732db68a181c6cbbe607d8c0e52e0655f" +
		"d9996dc584eca0be87afbcd78a337d17b1dba9e828bbd81e291317144e7ff89f55619709b096cbb9ea474cead264c2073fe49740c01f00e109106066983d21e5f83f086e2e823c879cd43cef700d2a35" +
		"2a9babd612d03cad02db134b7e225a5f0203010001"
	rfcToken = "000298c1345ff38a554b429b428b0f206cfe4f3892f8041995f2c24873d90e84488d11e15c91a7c2ad02abd66645802373db1d823bea80f08d452541fb2b62b5898bca572f8982a9ca248a3056186322" +
		"d93ca147266121ddeb5632c07f1f71cd27083350a206c5e9b7c0898f97611ce0bb8d74d310bb194ab67e094e32ff6da90886924b1b9e7b569402c1101d896d2fc3a7371ef77f02310db1dc9f81c85358" +
		"28c2d0e9d9051720d182cd54e1c2c3bf417da2fc7aa72bb70ccc834ef274a2e809c9821b3d395d6535423f7428b3f29175d6eb840b4b7685336e57e2b6afeaabc0c17ea4f557e8a9cc2f624e245c6ccd" +
		"7cbdd6c32c97c5c6974e802f688e2d25f0aba4215f609f692244517d5d3407e0172273982c001c158f5fcbe1b5d2447c26a87e89f5a9e72b498b0c59ce749823d2cf253d3cf6cd4e64fa0e434d95e488" +
		"789247a9ceed756ff4ff33a8d2402c0db381236d331092838b608a42002552092897"
)

func TestVectorOfRFC9578(t *testing.T) {
	key, err := token.ReadKey(unhex(t, rfcKey))
	if err != nil {
		t.Fatal(err)
	}
	data := unhex(t, rfcToken)
	if id := key.ID(); len(data) != token.Size || string(id[:]) != string(data[66:98]) {
		t.Errorf("the key's id is %x, the token's %x", id, data[66:98])
	}
	if !token.Signs(key.Public(), data[:98], data[98:]) {
		t.Error("the signature does not fit")
	}
	// Its challenge names another issuer.
	wantRule(t, "token.shape", errOf(token.Decode(data)))
	if got := hex.EncodeToString(key.SPKI()); got != rfcKey {
		t.Errorf("encoded again: %s", got)
	}
}

type rfc9474 struct {
	Name     string `json:"name"`
	N        string `json:"n"`
	Message  string `json:"input_msg"`
	Sig      string `json:"sig"`
	Blinded  string `json:"blinded_msg"`
	BlindSig string `json:"blind_sig"`
}

// vectorsOfRFC9474 are those of appendix A, as circl carries them.
func vectorsOfRFC9474(t testing.TB) []rfc9474 {
	t.Helper()
	f, err := os.Open(filepath.Join(circl(t), "test_vectors_rfc9474.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []rfc9474
	if err := json.NewDecoder(z).Decode(&all); err != nil || len(all) != 4 {
		t.Fatalf("%d vectors, %v", len(all), err)
	}
	return all
}

func circl(t testing.TB) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/cloudflare/circl").Output()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(strings.TrimSpace(string(out)), "blindsign", "blindrsa", "testdata")
}

// Our parameters are those of the two variants with a salt of 48 bytes, and of
// no other.
func TestVectorsOfRFC9474(t *testing.T) {
	for _, v := range vectorsOfRFC9474(t) {
		public := &rsa.PublicKey{N: new(big.Int).SetBytes(unhex(t, v.N)), E: token.Exponent}
		want := strings.Contains(v.Name, "-PSS-")
		if got := token.Signs(public, unhex(t, v.Message), unhex(t, v.Sig)); got != want {
			t.Errorf("%s: %v", v.Name, got)
		}
	}
}
