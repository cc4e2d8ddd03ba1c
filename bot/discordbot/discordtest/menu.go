package discordtest

// menu judges a select menu.
func (t *tree) menu(kind int64, o Object, at string) {
	t.custom(o, at)
	t.length(o, at, "placeholder", 0, 150)
	t.within(o, at, "min_values", 0, 25)
	t.within(o, at, "max_values", 1, 25)
	least, most := or(1, o, "min_values"), or(1, o, "max_values")
	if least > most {
		t.no(under(at, "min_values"), "BASE_TYPE_MIN_MAX", "min_values must not be greater than max_values")
	}
	switch _, there := o["disabled"]; {
	case t.modal && there:
		t.no(under(at, "disabled"), "COMPONENT_INVALID", "disabled cannot be used in a modal")
	case !t.modal && o["required"] != nil:
		t.ignored = append(t.ignored, under(at, "required")+" of a menu outside modals")
	case t.modal:
		t.needs(o, at, least)
	}
	if kind == menuKind {
		t.options(o, at, 25, true, most)
	}
}

// needs judges required beside min_values.
func (t *tree) needs(o Object, at string, least int64) {
	if least == 0 && o["min_values"] != nil && yes(true, o, "required") {
		t.no(under(at, "required"), "COMPONENT_INVALID", "required must be false when min_values is 0")
	}
}

// options judges options to choose from: at least one, with values of their own.
func (t *tree) options(o Object, at string, top int, emoji bool, most int64) {
	all := objects(o["options"])
	place := under(at, "options")
	if n := len(all); n < 1 || n > top {
		t.no(place, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and %d in length.", top)
	}
	if emoji && most > int64(len(all)) {
		t.no(under(at, "max_values"), "BASE_TYPE_MAX_LENGTH", "max_values must not be greater than the number of options")
	}
	seen, chosen := map[string]bool{}, int64(0)
	for i, x := range all {
		here := under(place, i)
		t.length(x, here, "label", 1, 100)
		t.length(x, here, "value", 1, 100)
		t.length(x, here, "description", 0, 100)
		if v := str(x, "value"); seen[v] {
			t.no(under(here, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		}
		seen[str(x, "value")] = true
		if yes(false, x, "default") {
			chosen++
		}
	}
	if chosen > most {
		t.no(place, "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "More than %d options are chosen by default", most)
	}
}
