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
	"github.com/santhosh-tekuri/jsonschema/v6"
)

//go:embed testdata/openapi.json.gz
var described []byte

// spec is Discord's own description of its API. Loading it takes a while, so a process does it once.
type spec struct {
	doc    *openapi3.T
	router routers.Router

	mu       sync.Mutex // guards what follows
	compiler *jsonschema.Compiler
	bodies   map[string]*jsonschema.Schema // compiled once: openapi3filter would do it for every request anew
}

var official = sync.OnceValue(func() *spec {
	sp, err := load()
	if err != nil {
		panic("discordtest: the description of the API: " + err.Error())
	}
	return sp
})

// descriptionURL names the description inside the compiler.
const descriptionURL = "https://discord.com/openapi.json"

func load() (*spec, error) {
	zipped, err := gzip.NewReader(bytes.NewReader(described))
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(zipped)
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		return nil, err
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		return nil, err
	}
	whole, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	if err := compiler.AddResource(descriptionURL, whole); err != nil {
		return nil, err
	}
	return &spec{doc: doc, router: router, compiler: compiler, bodies: map[string]*jsonschema.Schema{}}, nil
}

// check notes how a request with a JSON body is broken; body is nil when there is none.
func (sp *spec) check(j *judge, method, path, query string, body any) {
	broken := func(err error) {
		where, told := explain(err)
		j.broken = append(j.broken, wrong{where, "SPEC", told})
	}
	r, err := http.NewRequest(method, "https://discord.com/api/v10"+path+"?"+query, nil)
	if err != nil {
		broken(err)
		return
	}
	route, params, err := sp.router.FindRoute(r)
	if err != nil {
		broken(err)
		return
	}
	if err := openapi3filter.ValidateRequest(context.Background(), &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route, Options: &openapi3filter.Options{
			AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true, ExcludeRequestBody: true,
		},
	}); err != nil {
		broken(err)
	}
	takes := route.Operation.RequestBody
	switch {
	case takes == nil && body != nil:
		broken(errors.New("this takes no body"))
	case takes != nil && body == nil && takes.Value.Required:
		broken(errors.New("this needs a body"))
	case takes != nil && body != nil:
		schema, err := sp.body(method, route.Path)
		if err == nil {
			err = schema.Validate(excused(body))
		}
		if err != nil {
			broken(err)
		}
	}
}

// body is what the body of an operation is like.
func (sp *spec) body(method, path string) (*jsonschema.Schema, error) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	escaped := strings.NewReplacer("~", "~0", "/", "~1").Replace(path)
	place := fmt.Sprintf("#/paths/%s/%s/requestBody/content/application~1json/schema", escaped, strings.ToLower(method))
	if found := sp.bodies[place]; found != nil {
		return found, nil
	}
	compiled, err := sp.compiler.Compile(descriptionURL + place)
	if err != nil {
		return nil, fmt.Errorf("compile the description: %w", err)
	}
	sp.bodies[place] = compiled
	return compiled, nil
}

// explain is where a request is wrong, and why, in few words.
func explain(err error) (where, told string) {
	if about, ok := errors.AsType[*openapi3filter.RequestError](err); ok && about.Parameter != nil {
		return about.Parameter.Name, brief(err.Error())
	}
	wrong, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return "", brief(err.Error())
	}
	for len(wrong.Causes) == 1 {
		wrong = wrong.Causes[0]
	}
	return strings.Join(wrong.InstanceLocation, "."), brief(wrong.Error())
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
func (sp *spec) known(schema, field string) bool {
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

// strange notes the fields of an object that a schema does not have: Discord ignores them without a word. The two that discordgo
// v0.29.0 writes into every edit are forgiven.
func (j *judge) strange(o Object, at, schema string) {
	for k := range o {
		if k != "ID" && k != "Channel" && !official().known(schema, k) {
			j.ignored = append(j.ignored, fmt.Sprintf("%s does not exist", under(at, k)))
		}
	}
}
