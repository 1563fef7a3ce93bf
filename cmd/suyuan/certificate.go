package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"

	"suyuan/services/auth"
)

// newCertificate makes a certificate that vouches for itself, for a listener
// whose clients are given a copy of it. The key comes first: a certificate
// without one would be taken for whole.
func newCertificate(dir string, hosts []string, now time.Time) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), random)
	if err != nil {
		return err
	}
	serial := make([]byte, 16)
	if _, err := random.Read(serial); err != nil {
		return err
	}
	as := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial), Subject: pkix.Name{CommonName: "suyuan follow"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateTime),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, IsCA: true,
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			as.IPAddresses = append(as.IPAddresses, ip)
		} else {
			as.DNSNames = append(as.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(random, as, as, key.Public(), key)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := auth.WriteKeyFile(dir, followKey, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600); err != nil {
		return err
	}
	return auth.WriteKeyFile(dir, followCert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644)
}
