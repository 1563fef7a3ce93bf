package esdb

import (
	"crypto/tls"
	"crypto/x509"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	es "github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// connection is what a connection string says.
type connection struct {
	config   es.Configuration
	at       string        // scheme and nodes, for logs and errors: no user, no password
	attempts int           // how often in a row a call looks for the cluster
	patience time.Duration // for an answer, where the caller sets no deadline
	unproven bool          // the server's certificate is not checked
}

// patienceUnsaid is how long an answer may take where neither the caller's
// context nor defaultDeadline in the connection string says.
const patienceUnsaid = 30 * time.Second

// settings are what a connection string may say after its question mark. The
// client minds no case of letters in the names, so neither do we.
var settings = [...]setting{
	{"tls", boolean},
	{"tlsCAFile", something},
	{"tlsVerifyCert", boolean},
	{"userCertFile", something},
	{"userKeyFile", something},
	{"nodePreference", func(v string) bool { return strings.EqualFold(v, "leader") }},
	{"maxDiscoverAttempts", within(1, 1000)},
	{"discoveryInterval", within(0, 60_000)},
	{"gossipTimeout", within(1, 600)},
	{"keepAliveInterval", func(v string) bool { return v == "-1" || within(10_000, 24*3600_000)(v) }},
	{"keepAliveTimeout", within(1000, 24*3600_000)},
	{"defaultDeadline", within(1, 24*3600_000)},
}

type setting struct {
	name  string
	takes func(value string) bool
}

func boolean(v string) bool {
	_, err := strconv.ParseBool(strings.ToLower(v))
	return err == nil
}

func something(v string) bool { return v != "" }

func within(least, most int) func(string) bool {
	return func(v string) bool {
		n, err := strconv.Atoi(v)
		return err == nil && n >= least && n <= most
	}
}

// parse reads a connection string more strictly than the client does, which
// drops what it does not know, takes ports modulo 65536 and repeats the
// password in its errors.
func parse(text string) (*connection, error) {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok || !strings.EqualFold(scheme, "esdb") && !strings.EqualFold(scheme, "esdb+discover") {
		return nil, errScheme()
	}
	if strings.Contains(rest, "#") {
		return nil, errCharacter("#", "%23")
	}
	rest, query, _ := strings.Cut(rest, "?")
	if strings.Contains(query, "@") { // what stands before it may be a password with a question mark
		return nil, errQuestion()
	}
	if strings.Contains(query, ",") {
		return nil, errCharacter(",", "%2C")
	}
	authority, path, _ := strings.Cut(rest, "/")
	if path != "" {
		return nil, errCharacter("/", "%2F")
	}
	known := ""
	if i := strings.LastIndex(authority, "@"); i >= 0 {
		known, authority = authority[:i], authority[i+1:]
	}
	hosts, err := nodes(authority)
	if err != nil {
		return nil, err
	}
	said, err := questions(query)
	if err != nil {
		return nil, err
	}
	c := &connection{at: strings.ToLower(scheme) + "://" + strings.Join(hosts, ",")}
	if err := proof(text, known, said); err != nil {
		return nil, err
	}
	config, err := es.ParseConnectionString(text)
	if err != nil {
		return nil, errConnection() // its text may hold the password
	}
	c.take(config)
	return c, nil
}

// nodes are the hosts of a connection string, each with its port.
func nodes(authority string) ([]string, error) {
	hosts := strings.Split(authority, ",")
	for i, h := range hosts {
		name, port, ok := strings.Cut(h, ":")
		if !ok {
			port = "2113"
		}
		if name == "" || strings.ContainsAny(name, "[]%\\ ") || !within(1, 65535)(port) || strings.ContainsAny(port, "+-") {
			return nil, errNode()
		}
		hosts[i] = name + ":" + port
	}
	return hosts, nil
}

// questions are the settings of a connection string under their names in
// small letters.
func questions(query string) (map[string]string, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, errSettings()
	}
	said := map[string]string{}
	for name, v := range values {
		i := slices.IndexFunc(settings[:], func(s setting) bool { return strings.EqualFold(s.name, name) })
		if i < 0 && !lettered(name) { // no name of a setting, so it may be anything
			return nil, errSettings()
		}
		if i < 0 {
			return nil, errSetting(name, knownSettings())
		}
		key := strings.ToLower(name)
		if _, again := said[key]; again || len(v) > 1 {
			return nil, errTwice(name)
		}
		if !settings[i].takes(v[0]) {
			return nil, errValue(settings[i].name)
		}
		said[key] = v[0]
	}
	return said, nil
}

// lettered: of letters alone, as settings are called.
func lettered(name string) bool {
	return name != "" && len(name) <= 32 && !strings.ContainsFunc(name, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') })
}

func knownSettings() string {
	names := make([]string, len(settings))
	for i, s := range settings {
		names[i] = s.name
	}
	return strings.Join(names, ", ")
}

// proof checks what the two sides prove themselves with. The client sends a
// password over TLS only and otherwise drops it without a word.
func proof(text, known string, said map[string]string) error {
	plain := said["tls"] != "" && !truth(said["tls"])
	if known != "" {
		if strings.Contains(known, ",") {
			return errCharacter(",", "%2C")
		}
		u, err := url.Parse("esdb://" + known + "@localhost")
		if err != nil || u.User == nil {
			return errPassword()
		}
		if password, _ := u.User.Password(); u.User.Username() == "" || password == "" {
			return errPassword()
		}
		if plain {
			return errPlain()
		}
	} else if _, rest, _ := strings.Cut(text, "://"); strings.HasPrefix(rest, "@") {
		return errPassword()
	}
	if (said["usercertfile"] == "") != (said["userkeyfile"] == "") {
		return errKeyPair("userCertFile, userKeyFile", nil)
	}
	if plain && (said["usercertfile"] != "" || said["tlscafile"] != "") {
		return errPlain()
	}
	if file := said["tlscafile"]; file != "" {
		pem, err := os.ReadFile(file)
		if err != nil || !x509.NewCertPool().AppendCertsFromPEM(pem) {
			return errAuthority(file, err)
		}
	}
	if cert, key := said["usercertfile"], said["userkeyfile"]; cert != "" {
		if _, err := tls.LoadX509KeyPair(cert, key); err != nil {
			return errKeyPair(cert+", "+key, err)
		}
	}
	return nil
}

func truth(v string) bool {
	b, _ := strconv.ParseBool(strings.ToLower(v))
	return b
}

// take makes the client's configuration ours: one round of discovery for each
// client, because we make another ourselves; seeds are asked also where the
// scheme says discover, which the client forgets once there are several.
func (c *connection) take(config *es.Configuration) {
	c.attempts = config.MaxDiscoverAttempts
	c.patience = patienceUnsaid
	if config.DefaultDeadline != nil {
		c.patience = *config.DefaultDeadline
	}
	c.unproven = config.SkipCertificateVerification && !config.DisableTLS
	c.config = *config
	c.config.MaxDiscoverAttempts = 1
	c.config.DefaultDeadline = nil
	if len(c.config.GossipSeeds) > 0 {
		c.config.DnsDiscover = false
	}
}
