package social

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// PostDiagram prints the life of a post as a Mermaid state diagram, from what Apply really does. Moves that stay where they
// are (editing a draft, moving a date) are left out.
func PostDiagram() string {
	now := time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)
	by := Actor{Member: Member{ID: "one", Roles: map[string][]Role{"": {Admin}}}, Brand: Brand{Alone: true}}
	arrows := map[[2]State][]Move{}
	for _, from := range States {
		for _, r := range moves {
			for _, when := range []When{Later, Soon, OnDate} {
				p := Post{State: from, When: when, Moment: Moment{At: now.Add(time.Hour)}, Words: 1}
				q, err := p.Apply(r.Do, by, Change{When: OnDate, Moment: p.Moment, Note: "note", Words: 2, Now: now})
				if key := [2]State{from, q.State}; err == nil && q.State != from && !slices.Contains(arrows[key], r.Do) {
					arrows[key] = append(arrows[key], r.Do)
				}
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "```mermaid\nstateDiagram-v2\n    [*] --> %s\n", Draft)
	for _, from := range States {
		for _, to := range States {
			if do := arrows[[2]State{from, to}]; len(do) > 0 {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, joined(do))
			}
		}
	}
	fmt.Fprintf(&b, "    %s --> [*]\n```\n", Cancelled)
	return b.String()
}

// DeliveryDiagram prints the table of a delivery's turns as a Mermaid state diagram.
func DeliveryDiagram() string {
	arrows := map[[2]DeliveryState][]Turn{}
	for _, r := range deliveryTurns {
		for _, from := range r.From {
			if from != r.To {
				arrows[[2]DeliveryState{from, r.To}] = append(arrows[[2]DeliveryState{from, r.To}], r.Do)
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "```mermaid\nstateDiagram-v2\n    [*] --> %s\n", Waiting)
	for _, from := range DeliveryStates {
		for _, to := range DeliveryStates {
			if do := arrows[[2]DeliveryState{from, to}]; len(do) > 0 {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, joined(do))
			}
		}
	}
	fmt.Fprint(&b, "```\n")
	return b.String()
}

func joined[T ~string](all []T) string {
	words := make([]string, len(all))
	for i, w := range all {
		words[i] = strings.ReplaceAll(string(w), "_", " ")
	}
	return strings.Join(words, ", ")
}
