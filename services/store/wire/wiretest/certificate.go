package wiretest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// certificate is what the nodes show. The authority that signed it is in
// ca.pem for clients; its key is kept nowhere.
type certificate struct{ pair tls.Certificate }

func (c *certificate) config() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{c.pair}, MinVersion: tls.VersionTLS12}
}

// certify reads the certificate in a folder, or makes one: a server that is
// started again is known to the clients of before.
func certify(dir string) (*certificate, error) {
	path := filepath.Join(dir, "node.pem")
	pair, err := tls.LoadX509KeyPair(path, path)
	if errors.Is(err, os.ErrNotExist) {
		if err = sign(filepath.Join(dir, "ca.pem"), path); err == nil {
			pair, err = tls.LoadX509KeyPair(path, path)
		}
	}
	if err != nil {
		return nil, err
	}
	return &certificate{pair}, nil
}

func sign(authority, node string) error {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	nodeKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	ca := template(1, "wiretest authority")
	ca.IsCA, ca.KeyUsage = true, x509.KeyUsageCertSign
	leaf := template(2, "localhost")
	leaf.KeyUsage, leaf.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	leaf.DNSNames, leaf.IPAddresses = []string{"localhost"}, []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	if err != nil {
		return err
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, ca, nodeKey.Public(), caKey)
	if err != nil {
		return err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(nodeKey)
	if err != nil {
		return err
	}
	pair := append(block("CERTIFICATE", leafDER), block("PRIVATE KEY", keyDER)...)
	return errors.Join(os.WriteFile(authority, block("CERTIFICATE", caDER), 0o600), os.WriteFile(node, pair, 0o600))
}

func template(serial int64, name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, BasicConstraintsValid: true,
		NotBefore: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
