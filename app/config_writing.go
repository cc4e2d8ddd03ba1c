package app

import (
	"net/url"
	"strconv"
	"strings"

	"griot/drafting/openai"
	"griot/fault"
	"griot/i18n"
)

// Writing is how Griot reaches a language model. Its zero value is none at all.
type Writing struct {
	Key     string
	BaseURL string // empty: OpenAI's own
	Model   string
	Budget  string // tokens of a team and a UTC day, as it was set; 0: no limit
}

// On reports whether a language model writes.
func (w Writing) On() bool { return w.Key != "" || w.BaseURL != "" }

var (
	errModelURL = i18n.Text{
		En: "OPENAI_BASE_URL is “%s”. Write the address of an OpenAI-compatible server with its version, like http://127.0.0.1:11434/v1, or leave it out for OpenAI itself.",
		Fr: "OPENAI_BASE_URL vaut «\u202f%s\u202f». Écrivez l’adresse d’un serveur compatible OpenAI avec sa version, comme http://127.0.0.1:11434/v1, ou ne la mettez pas pour OpenAI.",
	}
	errBudget = i18n.Text{
		En: "GRIOT_DRAFT_BUDGET is “%s”. Write how many tokens a team may spend in a day, like 200000, or 0 for no limit.",
		Fr: "GRIOT_DRAFT_BUDGET vaut «\u202f%s\u202f». Écrivez combien de jetons une équipe peut dépenser par jour, comme 200000, ou 0 pour ne pas limiter.",
	}
)

// readWriting takes the model's part of the configuration from the environment.
func readWriting(or func(name, otherwise string) string) Writing {
	return Writing{Key: or("OPENAI_API_KEY", ""), BaseURL: strings.TrimSuffix(or("OPENAI_BASE_URL", ""), "/"),
		Model: or("OPENAI_MODEL", openai.Model), Budget: or("GRIOT_DRAFT_BUDGET", "200000")}
}

func (w Writing) check() error {
	u, err := url.Parse(w.BaseURL)
	switch {
	case err != nil:
		return fault.New(fault.Invalid, errModelURL, w.BaseURL)
	case w.BaseURL != "" && (u.Host == "" || u.User != nil || u.RawQuery != "" || u.Scheme != "https" && u.Scheme != "http"):
		return fault.New(fault.Invalid, errModelURL, u.Redacted())
	}
	if n, err := strconv.ParseInt(w.Budget, 10, 64); err != nil || n < 0 {
		return fault.New(fault.Invalid, errBudget, w.Budget)
	}
	return nil
}

// budget is what check has seen to be a number.
func (w Writing) budget() int64 {
	n, err := strconv.ParseInt(w.Budget, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
