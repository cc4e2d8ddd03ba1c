package components

import (
	"regexp"
	"slices"
	"strconv"
	"time"
)

// token is what Discord writes for what a person chose from a menu while typing.
// Source: docs.discord.com, reference, message formatting, read 2026-11.
var token = regexp.MustCompile(`<(?:(@[!&]?|#)(\d{15,20})|a?:(\w{2,32}):\d{15,20}|t:(-?\d{1,12})(?::[tTdDfFR])?|/([^:<>]{1,100}):\d{15,20})>`)

// Typed is what a person meant by text as it arrives: names for people, channels and roles. name says how one is called, by its
// sign ("@", "@&", "#") and id; where it says nothing, the id stands in its place. Custom are the names of emoji that only
// the server knows.
func Typed(text string, name func(sign, id string) string) (plain string, custom []string) {
	plain = token.ReplaceAllStringFunc(text, func(whole string) string {
		m := token.FindStringSubmatch(whole)
		switch {
		case m[2] != "":
			sign := m[1]
			if sign == "@!" { // an older way to write a person
				sign = "@"
			}
			called := m[2]
			if n := name(sign, m[2]); n != "" {
				called = n
			}
			return sign[:1] + called
		case m[3] != "":
			if !slices.Contains(custom, m[3]) {
				custom = append(custom, m[3])
			}
			return ":" + m[3] + ":"
		case m[4] != "":
			at, err := strconv.ParseInt(m[4], 10, 64)
			if err != nil {
				return whole
			}
			return time.Unix(at, 0).UTC().Format("2006-01-02 15:04 UTC")
		}
		return "/" + m[5]
	})
	return plain, custom
}
