package i18n

import (
	"math"
	"strconv"
	"strings"
)

// Number writes n with its thousands apart: "12 345" with a narrow no-break space, "12,345".
func Number(n int64, l Locale) string { return Decimal(float64(n), l) }

// Decimal writes n to one digit after the comma, none when that is zero: "12,5", "12.5".
func Decimal(n float64, l Locale) string {
	apart, comma := ",", "."
	if l == Fr {
		apart, comma = "\u202f", ","
	}
	whole, rest, _ := strings.Cut(strconv.FormatFloat(math.Abs(n), 'f', 1, 64), ".")
	var b strings.Builder
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(apart)
		}
		b.WriteRune(c)
	}
	if rest != "0" {
		b.WriteString(comma + rest)
	}
	if said := b.String(); n >= 0 || said == "0" {
		return said
	}
	return "−" + b.String()
}

// Change writes a difference with its sign: "+12", "−3", "0".
func Change(n float64, l Locale) string {
	if said := Decimal(n, l); n <= 0 || said == "0" {
		return said
	}
	return "+" + Decimal(n, l)
}

// DayMonth writes a day without its year, as short as it stands below a chart: "12/2" in French, "12 Feb" in English.
func DayMonth(day, month int, l Locale) string {
	if l == Fr {
		return strconv.Itoa(day) + "/" + strconv.Itoa(month)
	}
	return strconv.Itoa(day) + " " + months[En][month-1][:3]
}
