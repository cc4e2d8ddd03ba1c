package discordtest

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

//go:embed testdata/openapi.json.gz
var described []byte

// spec is Discord's own description of its API. Loading it takes half a second, so a process does it once.
type spec struct {
	doc    *openapi3.T
	router routers.Router
}

var official = sync.OnceValue(func() spec {
	zipped, err := gzip.NewReader(bytes.NewReader(described))
	if err != nil {
		panic("discordtest: the description of the API: " + err.Error())
	}
	raw, err := io.ReadAll(zipped)
	if err != nil {
		panic("discordtest: the description of the API: " + err.Error())
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		panic("discordtest: the description of the API: " + err.Error())
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		panic("discordtest: the description of the API: " + err.Error())
	}
	return spec{doc, router}
})

// check notes how a request with a JSON body is broken; body is nil when there is none.
func (sp spec) check(j *judge, method, path, query string, body any) {
	var raw []byte
	if body != nil {
		raw = encode(excused(body))
	}
	r, err := http.NewRequest(method, "https://discord.com/api/v10"+path+"?"+query, bytes.NewReader(raw))
	if err != nil {
		j.broken = append(j.broken, wrong{"", "SPEC", err.Error()})
		return
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	route, params, err := sp.router.FindRoute(r)
	if err != nil {
		j.broken = append(j.broken, wrong{"", "SPEC", err.Error()})
		return
	}
	err = openapi3filter.ValidateRequest(context.Background(), &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true},
	})
	if err != nil {
		where, told := explain(err)
		j.broken = append(j.broken, wrong{where, "SPEC", told})
	}
}

// explain is where a request is wrong, and why, in few words.
func explain(err error) (where, told string) {
	if about, ok := errors.AsType[*openapi3filter.RequestError](err); ok && about.Parameter != nil {
		where = about.Parameter.Name
	}
	told = err.Error()
	if wrong, ok := errors.AsType[*openapi3.SchemaError](err); ok {
		told = wrong.Reason
		if at := strings.Join(wrong.JSONPointer(), "."); at != "" {
			where = at
		}
	}
	if _, rest, ok := strings.Cut(told, "schema.json#'"); ok {
		told = strings.TrimLeft(rest, " -\n")
	}
	return where, brief(told)
}

// brief is a text of which a person still reads the end.
func brief(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 600 {
		return text[:600] + "…"
	}
	return text
}

// excused is a body without what the description refuses and Discord takes: permissions of commands as text, and attachments that
// are numbered with numbers, as Discord's own examples do.
func excused(body any) any {
	body = copied(body)
	for _, c := range objects(body) {
		if text, ok := c["default_member_permissions"].(string); ok {
			c["default_member_permissions"] = whole(text)
		}
	}
	for _, o := range []any{body, at(body, "data"), at(body, "message")} {
		for _, a := range objects(at(o, "attachments")) {
			if n, ok := number(a, "id"); ok {
				a["id"] = strconv.FormatInt(n, 10)
			}
		}
	}
	return body
}

// known says whether a schema has a field. A schema that is not there has them all, so that the table of kinds may be short.
func (sp spec) known(schema, field string) bool {
	found, ok := sp.doc.Components.Schemas[schema]
	if !ok {
		return true
	}
	for _, part := range append(openapi3.SchemaRefs{found}, found.Value.AllOf...) {
		if _, ok := part.Value.Properties[field]; ok {
			return true
		}
	}
	return false
}

// strange notes the fields of an object that a schema does not have: Discord ignores them without a word.
func (j *judge) strange(o Object, at, schema string) {
	for k := range o {
		if !official().known(schema, k) {
			j.ignored = append(j.ignored, fmt.Sprintf("%s does not exist", under(at, k)))
		}
	}
}
