package dates

import (
	"slices"
	"strings"
	"time"

	"griot/fault"
	"griot/i18n"
)

// Reason says why a phrase is no moment. It is the cause of the faults of Parse, so that a form can answer
// with the right field: errors.As finds it.
type Reason string

// The reasons.
const (
	Empty         Reason = "empty"          // nothing that says when
	Unknown       Reason = "unknown"        // words that have no place
	NeedDay       Reason = "need day"       // a week or a weekend, without a day
	NeedTime      Reason = "need time"      // a day without a time
	Ambiguous     Reason = "ambiguous"      // two moments are as likely
	Past          Reason = "past"           // it is gone
	TooFar        Reason = "too far"        // beyond MaxYears
	NoSuchDay     Reason = "no such day"    // 31 February
	NoSuchTime    Reason = "no such time"   // 25:00
	WrongWeekday  Reason = "wrong weekday"  // Tuesday 12 February when that is a Thursday
	Contradiction Reason = "contradiction"  // tomorrow morning at 18:00
	ZoneGiven     Reason = "zone given"     // times are read in the brand's zone only
	NoDuration    Reason = "not a duration" // said by ParseDuration
)

// Error is the reason in English, for logs.
func (r Reason) Error() string { return string(r) }

func refuse(r Reason, say i18n.Text, args ...any) *fault.Error {
	e := fault.New(fault.Invalid, say, args...)
	e.Err = r
	return e
}

// impossible are the reasons that make a reading give way to any other.
var impossible = []Reason{Empty, NeedDay, NoSuchDay, NoSuchTime, WrongWeekday, Contradiction, ZoneGiven}

// choose settles the readings of a phrase on one moment, or asks.
func (s scene) choose(phrase string, readings []meaning) (Moment, error) {
	var likely, doubtful []outcome
	for _, m := range readings {
		for _, o := range s.settle(m) {
			if slices.Contains(impossible, o.reason) {
				doubtful = append(doubtful, o)
			} else if !slices.ContainsFunc(likely, o.same) {
				likely = append(likely, o)
			}
		}
	}
	if timed := slices.DeleteFunc(slices.Clone(likely), untimed); len(timed) > 0 {
		likely = timed
	}
	switch len(likely) {
	case 0:
		return Moment{}, s.sentence(phrase, doubtful[0])
	case 1:
		if likely[0].reason == "" {
			return likely[0].moment, nil
		}
		return Moment{}, s.sentence(phrase, likely[0])
	}
	return Moment{}, s.whichOne(phrase, likely)
}

func (o outcome) same(p outcome) bool {
	return o.reason == p.reason && o.moment.At.Equal(p.moment.At) && o.day.Equal(p.day)
}

func untimed(o outcome) bool { return o.reason == NeedTime }

// sentence is the refusal of one outcome.
func (s scene) sentence(phrase string, o outcome) error {
	switch o.reason {
	case NeedDay:
		return refuse(NeedDay, dayMissing, quote(phrase))
	case NeedTime:
		return refuse(NeedTime, timeMissing, dayOf(o.day), s.withTime(phrase, o.day))
	case Past:
		return refuse(Past, alreadyPast, dayAndTime(s.wallOf(o)), dayAndTime(s.nearest(o)))
	case TooFar:
		return refuse(TooFar, farAway, dayAndTime(s.wallOf(o)), MaxYears, dayAndTime(s.nearest(o)))
	case NoSuchDay:
		return refuse(NoSuchDay, noSuchDay, quote(cmpOr(o.words, phrase)), example(s.inDays(1), usualHour))
	case NoSuchTime:
		return refuse(NoSuchTime, noSuchTime, quote(o.words))
	case WrongWeekday:
		return refuse(WrongWeekday, wrongWeekday, dayOf(o.day), dayAndTime(s.nearest(o)), dayAndTime(s.nearestNamed(o)))
	case Contradiction:
		return refuse(Contradiction, contradictory, quote(phrase))
	case ZoneGiven:
		return refuse(ZoneGiven, zoneGiven, s.now.Location().String(), quote(o.words))
	}
	return refuse(Empty, nothingTyped)
}

func cmpOr(words, phrase string) string {
	if words != "" {
		return words
	}
	return phrase
}

// whichOne asks between the first two of several outcomes.
func (s scene) whichOne(phrase string, all []outcome) error {
	said := make([]i18n.Localised, len(all))
	for i, o := range all {
		said[i] = dayAndTime(s.wallOf(o))
		if o.reason == NeedTime {
			said[i] = dayOf(o.day)
		}
	}
	likely := all[0]
	for _, o := range all {
		if o.reason == "" || o.reason == NeedTime {
			likely = o
			break
		}
	}
	propose := dayAndTime(s.nearest(likely))
	if likely.reason == NeedTime {
		propose = example(s.notGone(likely.day), usualHour)
	}
	return refuse(Ambiguous, twoReadings, quote(phrase), said[0], said[1], propose)
}

// wallOf is the wall-clock time of o, as if it were UTC.
func (s scene) wallOf(o outcome) time.Time {
	if o.moment.Local == "" {
		return o.day.Add(time.Duration(o.clock.hour)*time.Hour + time.Duration(o.clock.minute)*time.Minute)
	}
	t := o.moment.At
	return midnightUTC(t).Add(timeOfDay(t))
}

// nearest is the wall-clock time to propose in place of o: o itself when it can be; the coming weekday when one was
// said; when it was a few days ago the next time the clock shows that hour; otherwise the same day of the first year
// that has it to come.
func (s scene) nearest(o outcome) time.Time {
	wall := s.wallOf(o)
	if o.reason == "" || o.reason == WrongWeekday && s.comes(wall) {
		return wall
	}
	if o.weekly {
		return first(wall.Weekday(), s.inDays(1)).Add(timeOfDay(wall))
	}
	if wall.Before(s.today.AddDate(0, 0, -7)) || o.reason == TooFar {
		for year := range MaxYears {
			day, ok := civil(s.today.Year()+year, int(wall.Month()), wall.Day())
			if at := day.Add(timeOfDay(wall)); ok && s.comes(at) {
				return at
			}
		}
	}
	if at := s.today.Add(timeOfDay(wall)); s.comes(at) {
		return at
	}
	return s.inDays(1).Add(timeOfDay(wall))
}

// nearestNamed is the weekday that was said in place of the date: the one closest to it that is to come. In "mardi 9"
// the number that is not that day's is proposed as an hour.
func (s scene) nearestNamed(o outcome) time.Time {
	if o.bare > 0 {
		return first(o.named, s.inDays(1)).Add(time.Duration(o.bare) * time.Hour)
	}
	wall := s.wallOf(o)
	day := first(o.named, o.day.AddDate(0, 0, -3))
	if at := day.Add(timeOfDay(wall)); s.comes(at) {
		return at
	}
	return first(o.named, s.inDays(1)).Add(timeOfDay(wall))
}

// comes reports whether a wall-clock time is still to come.
func (s scene) comes(wall time.Time) bool {
	return !resolve(wall.Truncate(time.Minute), s.now.Location()).At.Before(s.now)
}

// notGone is day, or tomorrow when day is too near to propose a time on it, or gone.
func (s scene) notGone(day time.Time) time.Time {
	if tomorrow := s.inDays(1); day.Before(tomorrow) {
		return tomorrow
	}
	return day
}

// withTime completes a phrase that has a day with an hour still to come, in the person's own words when they are few.
func (s scene) withTime(phrase string, day time.Time) said {
	return func(l i18n.Locale) string {
		for _, hour := range []int{usualHour, 14, 18, 21, s.now.Hour() + 1} {
			typed := strings.TrimSpace(phrase) + " " + shortHour(hour, l)
			readings, left := s.read(typed)
			if len(left) > 0 || len([]rune(typed)) > shortPhrase {
				break
			}
			if m, err := s.choose(typed, readings); err == nil && midnightUTC(m.At).Equal(day) {
				return typed
			}
		}
		return example(s.notGone(day), usualHour)(l)
	}
}
