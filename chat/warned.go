package chat

// Warned is an answer that says one thing more to the person, before the rest.
func Warned(a Answer, words string) Answer {
	note := []Span{Plain(words), Break{}}
	switch x := a.(type) {
	case Ask:
		x.Form.Intro = append(note, x.Form.Intro...)
		return x
	case Say:
		x.Card.Body = append(note, x.Card.Body...)
		return x
	case Refresh:
		tell := Card{Locale: x.Card.Locale}
		if x.Tell != nil {
			tell = *x.Tell
		}
		tell.Body = append(note, tell.Body...)
		x.Tell = &tell
		return x
	}
	return Say{Card: Sentence(Bad, note[0]), Private: true}
}
