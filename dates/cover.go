package dates

import "strings"

// item is a part of the phrase that means something: the tokens from where it is kept to end.
type item struct {
	end     int
	meaning meaning
}

// maxReadings bounds how many ways of reading one phrase are kept; a person is shown two.
const maxReadings = 16

// cover reads a phrase as items that follow one another and leave the fewest tokens out.
type cover struct {
	grid  grid
	items [][]item // by first token
	cost  map[state]int
	found []meaning
	out   []bool // tokens left out by the first best reading
}

// state is where the reading stands and what has been said before it.
type state struct {
	at   int
	said slot
}

// read lists the meanings of the whole phrase. When some tokens fit nowhere there is none, and left says them as typed.
func (s scene) read(text string) (readings []meaning, left []string) {
	c := &cover{grid: grid{lex(text)}, cost: map[state]int{}}
	c.out = make([]bool, len(c.grid.tokens))
	for i := range c.grid.tokens {
		c.items = append(c.items, s.itemsAt(c.grid, i, text))
	}
	if c.least(state{}) == 0 {
		c.walk(state{}, meaning{})
		return c.found, nil
	}
	c.skip(state{})
	return nil, c.leftOut(text)
}

// itemsAt lists what the tokens from i on can be.
func (s scene) itemsAt(g grid, i int, text string) []item {
	var out []item
	add := func(t sequence, all []meaning) {
		for _, m := range all {
			if m.refused != "" {
				m.words = text[g.tokens[i].start:g.tokens[t.end()-1].end]
			}
			out = append(out, item{t.end(), m})
		}
	}
	for _, rule := range clockRules {
		for _, t := range g.match(rule.pattern, i) {
			add(t, rule.read(t))
		}
	}
	for _, rule := range dayRules {
		for _, t := range g.match(rule.pattern, i) {
			add(t, rule.read(s, t))
		}
	}
	return out
}

// least is the fewest tokens that must be left out from st on.
func (c *cover) least(st state) int {
	if st.at == len(c.items) {
		return 0
	}
	if known, ok := c.cost[st]; ok {
		return known
	}
	best := 1 + c.least(state{st.at + 1, st.said})
	for _, it := range c.items[st.at] {
		if st.said.fits(it.meaning.slots) {
			best = min(best, c.least(state{it.end, st.said | it.meaning.slots}))
		}
	}
	c.cost[st] = best
	return best
}

// walk collects the meanings of the readings that leave nothing out.
func (c *cover) walk(st state, m meaning) {
	if len(c.found) == maxReadings {
		return
	}
	if st.at == len(c.items) {
		c.found = append(c.found, m)
		return
	}
	for _, it := range c.items[st.at] {
		to := state{it.end, st.said | it.meaning.slots}
		if st.said.fits(it.meaning.slots) && c.least(to) == 0 {
			c.walk(to, m.and(it.meaning))
		}
	}
}

// skip marks the tokens left out by the first reading that leaves out the fewest.
func (c *cover) skip(st state) {
	if st.at == len(c.items) {
		return
	}
	for _, it := range c.items[st.at] {
		to := state{it.end, st.said | it.meaning.slots}
		if st.said.fits(it.meaning.slots) && c.least(to) == c.least(st) {
			c.skip(to)
			return
		}
	}
	c.out[st.at] = true
	c.skip(state{st.at + 1, st.said})
}

// leftOut says the marked tokens as they were typed, neighbours together.
func (c *cover) leftOut(text string) []string {
	var all []string
	for i := 0; i < len(c.out); i++ {
		if !c.out[i] {
			continue
		}
		start := c.grid.tokens[i].start
		for i+1 < len(c.out) && c.out[i+1] {
			i++
		}
		all = append(all, strings.Join(strings.Fields(text[start:c.grid.tokens[i].end]), " "))
	}
	return all
}
