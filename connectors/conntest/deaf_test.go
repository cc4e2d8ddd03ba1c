package conntest_test

import (
	"context"
	"slices"

	"griot/connectors"
)

// deafened are sources with one mistake each, and the part of the battery that must see it.
var deafened = map[string]struct {
	part string
	make func(connectors.MentionSource) connectors.MentionSource
}{
	"hears the newest first":         {"mentions", func(m connectors.MentionSource) connectors.MentionSource { return reversed{m} }},
	"hears what was before":          {"mentions", func(m connectors.MentionSource) connectors.MentionSource { return curious{m} }},
	"loses one on a page":            {"mentions", func(m connectors.MentionSource) connectors.MentionSource { return skipping{m} }},
	"stays where it is":              {"mentions", func(m connectors.MentionSource) connectors.MentionSource { return stuck{m} }},
	"promises nothing more":          {"mentions", func(m connectors.MentionSource) connectors.MentionSource { return content{m} }},
	"forgets who said it":            {"mentions", func(m connectors.MentionSource) connectors.MentionSource { return nameless{m} }},
	"calls a failure silence":        {"listening fails", func(m connectors.MentionSource) connectors.MentionSource { return calm{m} }},
	"moves on although it could not": {"listening fails", func(m connectors.MentionSource) connectors.MentionSource { return hurried{m} }},
}

type reversed struct{ connectors.MentionSource }

func (m reversed) Since(ctx context.Context, cursor string) (connectors.Heard, error) {
	got, err := m.MentionSource.Since(ctx, cursor)
	slices.Reverse(got.Mentions)
	return got, err
}

type curious struct{ connectors.MentionSource }

func (m curious) Since(ctx context.Context, cursor string) (connectors.Heard, error) {
	if cursor == "" {
		cursor = "0"
	}
	return m.MentionSource.Since(ctx, cursor)
}

type skipping struct{ connectors.MentionSource }

func (m skipping) Since(ctx context.Context, cursor string) (connectors.Heard, error) {
	got, err := m.MentionSource.Since(ctx, cursor)
	if len(got.Mentions) > 10 {
		got.Mentions = got.Mentions[1:]
	}
	return got, err
}

type stuck struct{ connectors.MentionSource }

func (m stuck) Since(ctx context.Context, cursor string) (connectors.Heard, error) {
	got, err := m.MentionSource.Since(ctx, cursor)
	if cursor != "" && err == nil {
		got.Cursor = cursor
	}
	return got, err
}

type content struct{ connectors.MentionSource }

func (m content) Since(ctx context.Context, cursor string) (connectors.Heard, error) {
	got, err := m.MentionSource.Since(ctx, cursor)
	got.More = false
	return got, err
}

type nameless struct{ connectors.MentionSource }

func (m nameless) Since(ctx context.Context, cursor string) (connectors.Heard, error) {
	got, err := m.MentionSource.Since(ctx, cursor)
	for i := range got.Mentions {
		got.Mentions[i].Author.Handle = ""
	}
	return got, err
}

type calm struct{ connectors.MentionSource }

func (m calm) Since(ctx context.Context, cursor string) (connectors.Heard, error) {
	got, err := m.MentionSource.Since(ctx, cursor)
	if err != nil {
		return connectors.Heard{Cursor: cursor}, nil
	}
	return got, nil
}

type hurried struct{ connectors.MentionSource }

func (m hurried) Since(ctx context.Context, cursor string) (connectors.Heard, error) {
	got, err := m.MentionSource.Since(ctx, cursor)
	if err != nil {
		got.Cursor = "9"
	}
	return got, err
}
