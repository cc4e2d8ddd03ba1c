package mastodon

import (
	"context"
	"net/url"
	"regexp"
	"strings"

	"griot/connectors/rest"
	"griot/social"
)

// instance is what the server says of itself, in both versions of the API.
type instance struct {
	Version       string `json:"version"`
	Domain        string `json:"domain"`         // version 2
	URI           string `json:"uri"`            // version 1; some write it as a URL
	AccountDomain string `json:"account_domain"` // GoToSocial, when handles have another domain
	SourceURL     string `json:"source_url"`     // version 2
	MaxTootChars  int    `json:"max_toot_chars"` // older Pleroma
	Configuration struct {
		Statuses struct {
			MaxCharacters int  `json:"max_characters"`
			MaxMedia      int  `json:"max_media_attachments"`
			PerURL        *int `json:"characters_reserved_per_url"`
		} `json:"statuses"`
		Media struct {
			Types       []string `json:"supported_mime_types"`
			ImageBytes  int64    `json:"image_size_limit"`
			ImagePixels int64    `json:"image_matrix_limit"`
			Alt         int      `json:"description_limit"`
		} `json:"media_attachments"`
	} `json:"configuration"`
}

func readInstance(ctx context.Context, c *rest.Client) (instance, error) {
	in, a, err := fetch[instance](ctx, c, rest.Call{Path: "/api/v2/instance"})
	if absent(err) {
		in, a, err = fetch[instance](ctx, c, rest.Call{Path: "/api/v1/instance"})
	}
	if err == nil && in.Version == "" {
		return in, a.Unreadable("an instance without a version")
	}
	return in, err
}

// domain is what stands after the second @ of a handle.
func (in instance) domain(server string) string {
	for _, d := range []string{in.AccountDomain, in.Domain, in.URI} {
		if _, after, ok := strings.Cut(d, "://"); ok {
			d = after
		}
		if d, _, _ = strings.Cut(d, "/"); d != "" {
			return d
		}
	}
	if u, err := url.Parse(server); err == nil {
		return u.Host
	}
	return server
}

// Other servers put their name into the version: "2.7.2 (compatible; Pleroma 2.9.1)". GoToSocial says "0.19.1 git-1234567".
var (
	compatible = regexp.MustCompile(`\(compatible; ([A-Za-z]+)`)
	goToSocial = regexp.MustCompile(`(?i)gotosocial|^0\.\d+\.\d+\S* git-`)
)

func (in instance) software() string {
	if goToSocial.MatchString(in.Version) || goToSocial.MatchString(in.SourceURL) {
		return "gotosocial"
	}
	if m := compatible.FindStringSubmatch(in.Version); m != nil {
		return strings.ToLower(m[1])
	}
	return network
}

// limits starts from the usual ones, and takes what the server says. Only Mastodon counts links and mentions short:
// GoToSocial counts runes as written, whatever it advertises; Pleroma and its kin count graphemes as written.
func (in instance) limits() social.Limits {
	l := usual
	statuses, media := in.Configuration.Statuses, in.Configuration.Media
	set(&l.Length, in.MaxTootChars)
	set(&l.Length, statuses.MaxCharacters)
	set(&l.Images, statuses.MaxMedia)
	set(&l.ImageBytes, media.ImageBytes)
	set(&l.ImagePixels, media.ImagePixels)
	set(&l.Alt, media.Alt)
	if statuses.PerURL != nil {
		l.URLLength = *statuses.PerURL
	}
	if types := images(media.Types); len(types) > 0 {
		l.ImageTypes = types
	}
	switch in.software() {
	case network:
	case "gotosocial":
		l.Unit, l.URLLength, l.ShortMentions = social.Runes, 0, false
	default:
		l.URLLength, l.ShortMentions = 0, false
	}
	return l
}

// set keeps what is there when the server says nothing.
func set[N int | int64](to *N, said N) {
	if said > 0 {
		*to = said
	}
}

func images(types []string) []string {
	var found []string
	for _, t := range types {
		if strings.HasPrefix(t, "image/") {
			found = append(found, t)
		}
	}
	return found
}
