package app

import "net/http"

// Handler is everything that answers on GRIOT_ADDR: the pages of web, and the playground below the rest.
func (a *App) Handler() http.Handler {
	mux := http.NewServeMux()
	for i, s := range a.Playgrounds {
		mux.Handle([]string{"", a.parts.Second}[i]+"/", s.Handler())
	}
	return mux
}
