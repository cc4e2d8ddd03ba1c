package discordtest

// The fields of modals. Source: docs.discord.com/developers/components/reference, read 2026-11.

// form judges a modal.
func (j *judge) form(o Object) {
	t := j.tree(nil)
	t.modal = true
	j.length(o, "data", "title", 1, 45)
	j.length(o, "data", "custom_id", 1, 100)
	j.strange(o, "data", "ModalInteractionCallbackRequestData")
	t.each(anys(o["components"]), "data.components", onTopOfModal, 1, 5)
}

// field judges what is shown in modals only.
func (t *tree) field(kind int64, o Object, at string) {
	switch kind {
	case labelKind:
		t.length(o, at, "label", 1, 45)
		if o["description"] != nil {
			t.length(o, at, "description", 1, 100)
		}
		t.one(o["component"], under(at, "component"), inLabel)
		if inside, ok := o["component"].(Object); ok && inside["label"] != nil {
			t.no(under(at, "component.label"), "COMPONENT_INVALID", "label cannot be used inside a Label")
		}
	case inputKind:
		t.input(o, at)
	case uploadKind:
		t.custom(o, at)
		t.between(o, at, 10)
	case radioKind:
		t.custom(o, at)
		if len(objects(o["options"])) < 2 {
			t.no(under(at, "options"), "BASE_TYPE_BAD_LENGTH", "Must be between 2 and 10 in length.")
		}
		t.options(o, at, 10, false, 1)
	case checkboxesKind:
		t.custom(o, at)
		t.between(o, at, 10)
		t.options(o, at, 10, false, or(10, o, "max_values"))
	case checkboxKind:
		t.custom(o, at)
	}
}

// between judges how many values a field takes.
func (t *tree) between(o Object, at string, top int64) {
	t.within(o, at, "min_values", 0, top)
	t.within(o, at, "max_values", 1, top)
	least := or(1, o, "min_values")
	if least > or(top, o, "max_values") {
		t.no(under(at, "min_values"), "BASE_TYPE_MIN_MAX", "min_values must not be greater than max_values")
	}
	t.needs(o, at, least)
}

// input judges a text input.
func (t *tree) input(o Object, at string) {
	t.custom(o, at)
	t.within(o, at, "style", 1, 2)
	t.within(o, at, "min_length", 0, 4000)
	t.within(o, at, "max_length", 1, 4000)
	t.length(o, at, "placeholder", 0, 100)
	least, most := or(0, o, "min_length"), or(4000, o, "max_length")
	if least > most {
		t.no(under(at, "min_length"), "BASE_TYPE_MIN_MAX", "min_length must not be greater than max_length")
	}
	if n := int64(runes(str(o, "value"))); n > most || n > 0 && n < least {
		t.no(under(at, "value"), "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
	}
}
