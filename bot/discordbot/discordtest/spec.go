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

// check judges a request with a JSON body; body is nil when there is none.
func (sp spec) check(j *judge, method, path, query string, body any) {
	var raw []byte
	if body != nil {
		raw = encode(excused(body))
	}
	r, err := http.NewRequest(method, "https://discord.com/api/v10"+path+"?"+query, bytes.NewReader(raw))
	if err != nil {
		j.no("", "SPEC", "%v", err)
		return
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	route, params, err := sp.router.FindRoute(r)
	if err != nil {
		j.no("", "SPEC", "%v", err)
		return
	}
	err = openapi3filter.ValidateRequest(context.Background(), &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true},
	})
	if err != nil {
		where, told := explain(err)
		j.no(where, "SPEC", "%s", told)
	}
}

// explain is where a request is wrong, and why, in few words.
func explain(err error) (where, told string) {
	if wrong, ok := errors.AsType[*openapi3.SchemaError](err); ok {
		return strings.Join(wrong.JSONPointer(), "."), brief(wrong.Reason)
	}
	return "", brief(err.Error())
}

// brief is a text of which a person still reads the end.
func brief(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 600 {
		return text[:600] + "…"
	}
	return text
}

// excused is a body without what the description refuses and Discord takes: permissions of commands as text.
func excused(body any) any {
	for _, c := range append(objects(body), Object{}) {
		if _, ok := c["default_member_permissions"].(string); ok {
			body = copied(body)
			for _, c := range objects(body) {
				if text, ok := c["default_member_permissions"].(string); ok {
					c["default_member_permissions"] = whole(text)
				}
			}
			return body
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
