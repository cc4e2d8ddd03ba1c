// Package app puts the parts together: configuration, wiring, the order of starting and stopping. It is the only package
// that may import everything, read the environment and ask what time it is.
package app

import (
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"griot/fault"
	"griot/i18n"
)

// Config is everything that can be set, as README's table tells it. Its zero value is not valid: see Read.
type Config struct {
	Addr         string
	Data         string
	DatabaseURL  string
	BaseURL      string
	SecretKey    string
	Locale       i18n.Locale
	Zone         string
	Playground   Playground
	AllowHosts   []string
	LogJSON      bool
	LogLevel     slog.Level
	MetricsToken string
	Slack        Slack
	Discord      Discord
	Writing      Writing
}

// Playground is when the playground is open.
type Playground string

// The settings of GRIOT_PLAYGROUND.
const (
	Auto Playground = ""    // while no chat is configured
	On   Playground = "on"  // always
	Off  Playground = "off" // never
)

var (
	errAddr = i18n.Text{
		En: "GRIOT_ADDR is “%s”. Write a host and a port, like 127.0.0.1:8080.",
		Fr: "GRIOT_ADDR vaut «\u202f%s\u202f». Écrivez un hôte et un port, comme 127.0.0.1:8080.",
	}
	errDatabase = i18n.Text{
		En: "GRIOT_DATABASE_URL must begin with postgres:// (leave it empty for SQLite in GRIOT_DATA).",
		Fr: "GRIOT_DATABASE_URL doit commencer par postgres:// (laissez-la vide pour SQLite dans GRIOT_DATA).",
	}
	errBase = i18n.Text{
		En: "GRIOT_BASE_URL is “%s”. Write the public address people reach Griot at, like https://griot.example.org, without a path.",
		Fr: "GRIOT_BASE_URL vaut «\u202f%s\u202f». Écrivez l’adresse publique de Griot, comme https://griot.example.org, sans chemin.",
	}
	errKeyMissing = i18n.Text{
		En: "GRIOT_SECRET_KEY is not set, and with PostgreSQL Griot keeps no key of its own. Make one with “openssl rand -base64 32” and give the same to every process.",
		Fr: "GRIOT_SECRET_KEY est absente, et avec PostgreSQL Griot ne garde pas de clé lui-même. Créez-en une avec «\u202fopenssl rand -base64 32\u202f» et donnez la même à chaque processus.",
	}
	errLocale = i18n.Text{
		En: "GRIOT_LOCALE is “%s”. Griot speaks fr and en.",
		Fr: "GRIOT_LOCALE vaut «\u202f%s\u202f». Griot parle fr et en.",
	}
	errZone = i18n.Text{
		En: "GRIOT_TIMEZONE is “%s”, which is no time zone. Write it like Europe/Paris.",
		Fr: "GRIOT_TIMEZONE vaut «\u202f%s\u202f», qui n’est pas un fuseau horaire. Écrivez par exemple Europe/Paris.",
	}
	errPlayground = i18n.Text{
		En: "GRIOT_PLAYGROUND is “%s”. Write on or off, or leave it out.",
		Fr: "GRIOT_PLAYGROUND vaut «\u202f%s\u202f». Écrivez on ou off, ou ne la mettez pas.",
	}
	errAllow = i18n.Text{
		En: "GRIOT_ALLOW_HOSTS holds “%s”. Write host:port, several with commas between them.",
		Fr: "GRIOT_ALLOW_HOSTS contient «\u202f%s\u202f». Écrivez hôte:port, séparés par des virgules.",
	}
	errLog = i18n.Text{
		En: "%s is “%s”. Write one of: %s.",
		Fr: "%s vaut «\u202f%s\u202f». Écrivez l’un de\u202f: %s.",
	}
)

// Read takes the configuration from the environment. Errors: a fault that names the variable and shows a right value.
func Read(getenv func(string) string) (Config, error) {
	or := func(name, otherwise string) string {
		if v := strings.TrimSpace(getenv(name)); v != "" {
			return v
		}
		return otherwise
	}
	c := Config{
		Addr: or("GRIOT_ADDR", "127.0.0.1:8080"), Data: or("GRIOT_DATA", "./data"), DatabaseURL: or("GRIOT_DATABASE_URL", ""),
		BaseURL: strings.TrimSuffix(or("GRIOT_BASE_URL", ""), "/"), SecretKey: or("GRIOT_SECRET_KEY", ""),
		Zone: or("GRIOT_TIMEZONE", "Europe/Paris"), Playground: Playground(strings.ToLower(or("GRIOT_PLAYGROUND", ""))),
		MetricsToken: or("GRIOT_METRICS_TOKEN", ""), Slack: readSlack(or), Discord: readDiscord(or), Writing: readWriting(or),
	}
	for _, h := range strings.Split(or("GRIOT_ALLOW_HOSTS", ""), ",") {
		if h = strings.TrimSpace(h); h != "" {
			c.AllowHosts = append(c.AllowHosts, h)
		}
	}
	locale, known := i18n.ParseLocale(or("GRIOT_LOCALE", "fr"))
	c.Locale = locale
	if !known {
		return c, fault.New(fault.Invalid, errLocale, getenv("GRIOT_LOCALE"))
	}
	if err := c.check(); err != nil {
		return c, err
	}
	return c, c.logging(or("GRIOT_LOG", "text"), or("GRIOT_LOG_LEVEL", "info"))
}

func (c Config) check() error {
	if _, port, err := net.SplitHostPort(c.Addr); err != nil || port == "" {
		return fault.New(fault.Invalid, errAddr, c.Addr)
	}
	if c.DatabaseURL != "" && !strings.HasPrefix(c.DatabaseURL, "postgres://") && !strings.HasPrefix(c.DatabaseURL, "postgresql://") {
		return fault.New(fault.Invalid, errDatabase)
	}
	if c.DatabaseURL != "" && c.SecretKey == "" {
		return fault.New(fault.Invalid, errKeyMissing)
	}
	if u, err := url.Parse(c.BaseURL); c.BaseURL != "" && (err != nil || u.Host == "" || u.Path != "" || (u.Scheme != "https" && u.Scheme != "http")) {
		return fault.New(fault.Invalid, errBase, c.BaseURL)
	}
	if _, err := time.LoadLocation(c.Zone); err != nil {
		return fault.New(fault.Invalid, errZone, c.Zone)
	}
	if !slices.Contains([]Playground{Auto, On, Off}, c.Playground) {
		return fault.New(fault.Invalid, errPlayground, string(c.Playground))
	}
	for _, h := range c.AllowHosts {
		if host, port, err := net.SplitHostPort(h); err != nil || host == "" || port == "" {
			return fault.New(fault.Invalid, errAllow, h)
		}
	}
	if err := c.Slack.check(c.BaseURL); err != nil {
		return err
	}
	if err := c.Discord.check(c.BaseURL); err != nil {
		return err
	}
	return c.Writing.check()
}

// playground reports whether the playground is open: always or never when that was said, else while no chat is configured.
func (c Config) playground() bool {
	return c.Playground == On || c.Playground == Auto && !c.Slack.On() && !c.Discord.On()
}

func (c *Config) logging(form, level string) error {
	if form != "text" && form != "json" {
		return fault.New(fault.Invalid, errLog, "GRIOT_LOG", form, "text, json")
	}
	c.LogJSON = form == "json"
	if err := c.LogLevel.UnmarshalText([]byte(level)); err != nil {
		return fault.New(fault.Invalid, errLog, "GRIOT_LOG_LEVEL", level, "debug, info, warn, error")
	}
	return nil
}

// loopback reports whether only this machine reaches addr.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// origin is the address to print for people: with a name a browser can open.
func origin(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return "http://" + addr.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return fmt.Sprintf("http://%s", net.JoinHostPort(host, port))
}
