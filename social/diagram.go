package social

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// PostDiagram draws the table of a post's moves as a Mermaid state diagram. Moves that leave the state as it is are named
// in a note; approval goes where the wish for a date says.
func PostDiagram() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> draft\n")
	stay := map[State][]string{}
	for _, s := range States {
		for _, r := range moves {
			for _, to := range r.leads(s) {
				if to == s {
					stay[s] = append(stay[s], string(r.Do))
				} else {
					fmt.Fprintf(&b, "    %s --> %s : %s\n", s, to, r.Do)
				}
			}
		}
	}
	for _, s := range States {
		if len(stay[s]) > 0 {
			fmt.Fprintf(&b, "    note right of %s : stays with %s\n", s, strings.Join(stay[s], ", "))
		}
	}
	b.WriteString("    cancelled --> [*]\n")
	return b.String()
}

// leads lists the states that r can lead to from s; none where the table does not allow it. Where the table leaves it open, Apply says it for every wish and rule.
func (r rule) leads(s State) []State {
	var out []State
	for _, c := range possible(s) {
		p, err := c.post.Apply(r.Do, c.by, c.change)
		if err == nil && !slices.Contains(out, p.State) {
			out = append(out, p.State)
		}
	}
	slices.SortFunc(out, func(a, b State) int { return slices.Index(States, a) - slices.Index(States, b) })
	return out
}

type possibility struct {
	post   Post
	by     Actor
	change Change
}

// possible are a post in s with every wish for a date, somebody else's words, before a writer and an admin of a brand with
// and without its rule about moving, who change the words or leave them.
func possible(s State) []possibility {
	var out []possibility
	now := time.Unix(0, 0)
	for _, wish := range []When{Later, Soon, OnDate} {
		for _, who := range []Role{Writer, Admin} {
			for _, b := range []Brand{{ID: "b", Zone: "UTC"}, {ID: "b", Zone: "UTC", NoMove: true}} {
				for _, words := range []int64{1, 2} {
					p := Post{BrandID: "b", Author: "w", Editor: "w", State: s, Words: 1, When: wish, Moment: Moment{At: now.Add(1)}}
					m := Member{ID: "a", Roles: map[string][]Role{"b": {who}}}
					if who == Writer {
						m.ID = "w"
					}
					out = append(out, possibility{p, Actor{m, b}, Change{Moment: Moment{At: now.Add(2)}, Note: "n", Words: words, Now: now}})
				}
			}
		}
	}
	return out
}

// DeliveryDiagram draws the table of a delivery's turns as a Mermaid state diagram.
func DeliveryDiagram() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> waiting\n")
	for _, s := range DeliveryStates {
		for _, r := range deliveryTurns {
			if slices.Contains(r.From, s) {
				fmt.Fprintf(&b, "    %s --> %s : %s\n", s, r.To, r.Do)
			}
		}
	}
	return b.String()
}
