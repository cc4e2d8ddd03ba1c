package social

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"griot/i18n"
)

// Variant is a post as one account will say it.
type Variant struct {
	PostID  string
	To      Remote // the item that it answers; zero: none
	Account Account
	Parts   []Part
}

// Part is one message of a variant; a thread has several.
type Part struct {
	Text  string
	Media []Media
}

// Variants returns what r says to each of accounts that it names, in the order of r.
func (r Revision) Variants(accounts []Account) []Variant {
	var out []Variant
	for _, id := range r.Accounts {
		i := slices.IndexFunc(accounts, func(a Account) bool { return a.ID == id })
		if i < 0 {
			continue
		}
		v := Variant{PostID: r.PostID, Account: accounts[i]}
		text, own := r.Texts[id]
		if !own {
			text = r.Text
		}
		for n, t := range SplitThread(text) {
			p := Part{Text: t}
			if n == 0 {
				p.Media = r.Media
			}
			v.Parts = append(v.Parts, p)
		}
		out = append(out, v)
	}
	return out
}

// Fingerprint is the identity of exactly these words, pictures and descriptions to exactly this account:
// 32 bytes of SHA-256 in lower-case hex. Time is not in it.
func (v Variant) Fingerprint() string {
	type picture struct {
		Hash, Alt  string
		Decorative bool
	}
	type part struct {
		Text  string
		Media []picture
	}
	said := struct {
		Network, RemoteID string
		Parts             []part
		To                string `json:",omitempty"`
	}{v.Account.Network, v.Account.RemoteID, nil, v.To.ID}
	for _, p := range v.Parts {
		q := part{Text: p.Text}
		for _, m := range p.Media {
			q.Media = append(q.Media, picture{m.Hash, m.Alt, m.Decorative})
		}
		said.Parts = append(said.Parts, q)
	}
	b, err := json.Marshal(said)
	if err != nil {
		panic(err) // strings and booleans always marshal
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Problem is one reason why a variant cannot go out as it is, with the next step.
type Problem struct {
	Account Account
	Part    int    // from 0
	Field   string // "text", "media" or "alt"
	Say     i18n.Localised
}

var (
	tooLong = i18n.Plural{
		One:  i18n.Text{En: "%[2]s: %[1]d character too many (%[3]d of %[4]d). Shorten it, or give %[2]s its own text.", Fr: "%[2]s\u202f: %[1]d caractère de trop (%[3]d sur %[4]d). Raccourcissez, ou donnez à %[2]s son propre texte."},
		Many: i18n.Text{En: "%[2]s: %[1]d characters too many (%[3]d of %[4]d). Shorten it, or give %[2]s its own text.", Fr: "%[2]s\u202f: %[1]d caractères de trop (%[3]d sur %[4]d). Raccourcissez, ou donnez à %[2]s son propre texte."},
	}
	tooManyBytes = i18n.Text{
		En: "%s: these characters take too much room (%d bytes of %d). Use fewer emoji, or shorten it.",
		Fr: "%s\u202f: ces caractères prennent trop de place (%d octets sur %d). Mettez moins d’émojis, ou raccourcissez.",
	}
	empty = i18n.Text{
		En: "%s: there is nothing to say yet. Write a text or attach a picture.",
		Fr: "%s\u202f: il n’y a encore rien à dire. Écrivez un texte ou joignez une image.",
	}
	tooManyParts = i18n.Text{
		En: "%s: a thread of %d parts is too long (%d at most). Remove a line of hyphens.",
		Fr: "%s\u202f: un fil de %d parties est trop long (%d au plus). Retirez une ligne de tirets.",
	}
	noThreads = i18n.Text{
		En: "%s does not take threads. Give it its own text, without a line of hyphens.",
		Fr: "%s n’accepte pas les fils. Donnez-lui son propre texte, sans ligne de tirets.",
	}
	tooManyImages = i18n.Text{
		En: "%s: %d pictures, %d at most. Remove some.",
		Fr: "%s\u202f: %d images, %d au plus. Retirez-en.",
	}
	tooBig = i18n.Text{
		En: "%s: the picture “%s” weighs %s, %s at most. Attach a lighter one.",
		Fr: "%s\u202f: l’image «\u202f%s\u202f» pèse %s, %s au plus. Joignez-en une plus légère.",
	}
	tooManyPixels = i18n.Text{
		En: "%s: the picture “%s” is too large (%d × %d pixels). Attach a smaller one.",
		Fr: "%s\u202f: l’image «\u202f%s\u202f» est trop grande (%d × %d pixels). Joignez-en une plus petite.",
	}
	wrongType = i18n.Text{
		En: "%s does not take pictures of this kind (“%s”, %s). Attach a JPEG or a PNG.",
		Fr: "%s n’accepte pas ce genre d’image («\u202f%s\u202f», %s). Joignez un JPEG ou un PNG.",
	}
	noAlt = i18n.Text{
		En: "The picture “%s” has no description. Say what it shows, or mark it as decorative.",
		Fr: "L’image «\u202f%s\u202f» n’a pas de description. Dites ce qu’elle montre, ou marquez-la comme décorative.",
	}
	altTooLong = i18n.Text{
		En: "%s: the description of “%s” is too long (%d of %d characters).",
		Fr: "%s\u202f: la description de «\u202f%s\u202f» est trop longue (%d caractères sur %d).",
	}
)

// Normal puts a text in NFC, without spaces around it and with plain line ends: what is counted is what is sent.
func Normal(text string) string {
	return norm.NFC.String(strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")))
}

// blank reports whether nobody would see anything of text: it is empty, or spaces and marks without width.
func blank(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }) < 0
}

// Check says everything that keeps v from going out, by its account's limits. Nothing: it may.
func (v Variant) Check() []Problem {
	var out []Problem
	l, name := v.Account.Limits, v.Account.Label()
	say := func(part int, field string, what i18n.Localised) {
		out = append(out, Problem{v.Account, part, field, what})
	}
	switch n := len(v.Parts); {
	case n > 1 && l.Parts <= 1:
		say(0, "text", noThreads.With(name))
	case n > 1 && n > l.Parts:
		say(0, "text", tooManyParts.With(name, n, l.Parts))
	}
	for i, p := range v.Parts {
		if blank(p.Text) && len(p.Media) == 0 {
			say(i, "text", empty.With(name))
		}
		if n := l.Count(p.Text); l.Length > 0 && n > l.Length {
			say(i, "text", tooLong.Of(n-l.Length, name, n, l.Length))
		}
		if l.Bytes > 0 && len(p.Text) > l.Bytes {
			say(i, "text", tooManyBytes.With(name, len(p.Text), l.Bytes))
		}
		if l.Images > 0 && len(p.Media) > l.Images {
			say(i, "media", tooManyImages.With(name, len(p.Media), l.Images))
		}
		for _, m := range p.Media {
			for _, what := range l.picture(name, m) {
				say(i, "media", what)
			}
		}
	}
	return out
}

func (l Limits) picture(name string, m Media) []i18n.Localised {
	var out []i18n.Localised
	if l.ImageBytes > 0 && m.Size > l.ImageBytes {
		out = append(out, tooBig.With(name, m.Name, i18n.Size(m.Size), i18n.Size(l.ImageBytes)))
	}
	if l.ImagePixels > 0 && int64(m.Width)*int64(m.Height) > l.ImagePixels {
		out = append(out, tooManyPixels.With(name, m.Name, m.Width, m.Height))
	}
	if len(l.ImageTypes) > 0 && !slices.Contains(l.ImageTypes, m.Type) {
		out = append(out, wrongType.With(name, m.Name, m.Type))
	}
	if n := l.Unit.Count(m.Alt); l.Alt > 0 && n > l.Alt {
		out = append(out, altTooLong.With(name, m.Name, n, l.Alt))
	}
	return out
}

// MissingAlt names the pictures of r that nobody has described. They stop sending for approval, not drafting.
func (r Revision) MissingAlt() []i18n.Localised {
	var out []i18n.Localised
	for _, m := range r.Media {
		if !m.Described() {
			out = append(out, noAlt.With(m.Name))
		}
	}
	return out
}

// Vote is one person's yes to the words of a post that needs several people's. The last one that it needs makes Approvals.
type Vote struct {
	By    string // member
	Words int64  // number of the Revision
}

// Approval is somebody's yes to exactly one fingerprint.
type Approval struct {
	PostID, AccountID string
	Fingerprint       string
	By                string // member
	Fixed             bool   // the approver's hand is in the words
}
