package discordtest

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Components are message components as they came, with the ids that Discord adds.
type Components []Object

// The kinds of components. Source: docs.discord.com/developers/components/reference, read 2026-11.
const (
	rowKind           = 1
	buttonKind        = 2
	menuKind          = 3
	inputKind         = 4
	userMenuKind      = 5
	roleMenuKind      = 6
	mentionMenuKind   = 7
	channelMenuKind   = 8
	sectionKind       = 9
	textKind          = 10
	thumbnailKind     = 11
	galleryKind       = 12
	fileKind          = 13
	separatorKind     = 14
	containerKind     = 17
	labelKind         = 18
	uploadKind        = 19
	radioKind         = 21
	checkboxesKind    = 22
	checkboxKind      = 23
	maxComponents     = 40
	maxText           = 4000
	linkStyle         = 5
	premiumStyle      = 6
	componentsV2      = 1 << 15
	ephemeral         = 1 << 6
	thinking          = 1 << 7
	suppressEmbeds    = 1 << 2
	silentMessage     = 1 << 12
	attachmentsScheme = "attachment://"
)

// names are the kinds in Discord's description.
var kindNames = map[int64]string{
	rowKind: "ActionRow", buttonKind: "Button", menuKind: "StringSelect", inputKind: "TextInput", userMenuKind: "UserSelect",
	roleMenuKind: "RoleSelect", mentionMenuKind: "MentionableSelect", channelMenuKind: "ChannelSelect", sectionKind: "Section",
	textKind: "TextDisplay", thumbnailKind: "Thumbnail", galleryKind: "MediaGallery", fileKind: "File", separatorKind: "Separator",
	containerKind: "Container", labelKind: "Label", uploadKind: "FileUpload", radioKind: "RadioGroup", checkboxesKind: "CheckboxGroup",
	checkboxKind: "Checkbox",
}

var (
	menus        = []int64{menuKind, userMenuKind, roleMenuKind, mentionMenuKind, channelMenuKind}
	inRow        = append([]int64{buttonKind}, menus...)
	inContainer  = []int64{rowKind, sectionKind, textKind, galleryKind, fileKind, separatorKind}
	onTop        = append([]int64{containerKind}, inContainer...)
	inSection    = []int64{textKind}
	asAccessory  = []int64{buttonKind, thumbnailKind}
	onTopLegacy  = []int64{rowKind}
	onTopOfModal = []int64{rowKind, textKind, labelKind}
	inLabel      = append([]int64{inputKind, uploadKind, radioKind, checkboxesKind, checkboxKind}, menus...)
)

// tree judges the components of one message or modal.
type tree struct {
	*judge
	modal   bool
	n       int // components so far, nested ones among them
	text    int // characters of text
	customs map[string]bool
	ids     map[int64]bool
	names   map[string]bool // of attachments; true once it was referred to
}

func (j *judge) tree(names []string) *tree {
	t := &tree{judge: j, customs: map[string]bool{}, ids: map[int64]bool{}, names: map[string]bool{}}
	for _, n := range names {
		t.names[n] = false
	}
	return t
}

// message judges the components of a message.
func (t *tree) message(v any, at string, flags int64) {
	all, ok := v.([]any)
	if !ok && v != nil {
		t.no(at, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
		return
	}
	allowed, most := onTopLegacy, 5
	if flags&componentsV2 != 0 {
		allowed, most = onTop, maxComponents
	}
	t.each(all, at, allowed, 0, most)
	if t.n > maxComponents {
		t.no(at, "BASE_TYPE_BAD_LENGTH", "The total number of components must not exceed %d: %d", maxComponents, t.n)
	}
	if t.text > maxText {
		t.no(at, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "The total displayable text size must not exceed %d: %d", maxText, t.text)
	}
}

// each judges a list of components of the allowed kinds.
func (t *tree) each(all []any, at string, allowed []int64, least, most int) {
	if n := len(all); n < least || n > most {
		t.no(at, "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
	}
	for i, v := range all {
		t.one(v, under(at, i), allowed)
	}
}

// one judges one component.
func (t *tree) one(v any, at string, allowed []int64) {
	o, ok := v.(Object)
	kind := num(o, "type")
	if !ok || !slices.Contains(allowed, kind) {
		t.no(under(at, "type"), "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of %v.", allowed)
		return
	}
	t.n++
	place := "ForMessageRequest"
	if t.modal {
		place = "ForModalRequest"
	}
	t.strange(o, at, kindNames[kind]+"Component"+place)
	t.within(o, at, "id", 0, 1<<31-1)
	if id := num(o, "id"); id != 0 {
		if t.ids[id] {
			t.no(under(at, "id"), "COMPONENT_ID_DUPLICATED", "Component id %d cannot be duplicated", id)
		}
		t.ids[id] = true
	}
	t.kind(kind, o, at)
}

// kind judges what is particular to a kind.
func (t *tree) kind(kind int64, o Object, at string) {
	switch kind {
	case rowKind:
		t.row(o, at)
	case buttonKind:
		t.button(o, at)
	case menuKind, userMenuKind, roleMenuKind, mentionMenuKind, channelMenuKind:
		t.menu(kind, o, at)
	case sectionKind:
		t.each(anys(o["components"]), under(at, "components"), inSection, 1, 3)
		t.one(o["accessory"], under(at, "accessory"), asAccessory)
	case textKind:
		t.length(o, at, "content", 1, maxText)
		t.text += runes(str(o, "content"))
	case thumbnailKind:
		t.media(o, at, "media")
	case galleryKind:
		items := objects(o["items"])
		if n := len(items); n < 1 || n > 10 {
			t.no(under(at, "items"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.")
		}
		for i, item := range items {
			t.media(item, under(at, fmt.Sprint("items.", i)), "media")
		}
	case fileKind:
		t.media(o, at, "file")
		if !strings.HasPrefix(str(o, "file", "url"), attachmentsScheme) {
			t.no(under(at, "file.url"), "URL_TYPE_INVALID_SCHEME", "Must be an attachment:// reference")
		}
	case separatorKind:
		t.within(o, at, "spacing", 1, 2)
	case containerKind:
		t.each(anys(o["components"]), under(at, "components"), inContainer, 1, maxComponents)
		t.within(o, at, "accent_color", 0, 0xffffff)
	default:
		t.field(kind, o, at)
	}
}

func anys(v any) []any {
	all, _ := v.([]any)
	return all
}

// row judges an action row: up to five buttons, or one menu; in a modal one text input.
func (t *tree) row(o Object, at string) {
	inside := anys(o["components"])
	if t.modal {
		t.each(inside, under(at, "components"), []int64{inputKind}, 1, 1)
		for i, x := range objects(inside) {
			t.length(x, under(at, fmt.Sprint("components.", i)), "label", 1, 45)
		}
		return
	}
	t.each(inside, under(at, "components"), inRow, 1, 5)
	for i, x := range objects(inside) {
		if num(x, "type") != buttonKind && len(inside) > 1 {
			t.no(under(at, fmt.Sprint("components.", i)), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
		}
	}
}

// button judges a button: a link has an address, all others a custom_id.
func (t *tree) button(o Object, at string) {
	style := num(o, "style")
	t.length(o, at, "label", 0, 80)
	if str(o, "label") == "" && o["emoji"] == nil && style != premiumStyle {
		t.no(at, "BUTTON_COMPONENT_INVALID", "A button must have a label or an emoji")
	}
	switch {
	case style == linkStyle:
		t.address(o, at, "url", 512)
		if o["custom_id"] != nil {
			t.no(under(at, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
		}
	case style == premiumStyle:
	case style < 1 || style > premiumStyle:
		t.no(under(at, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.")
	default:
		t.custom(o, at)
		if o["url"] != nil {
			t.no(under(at, "url"), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
		}
	}
}

// custom judges a custom_id, which is there and unique.
func (t *tree) custom(o Object, at string) {
	t.length(o, at, "custom_id", 1, 100)
	id := str(o, "custom_id")
	if id != "" && t.customs[id] {
		t.no(under(at, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
	}
	t.customs[id] = true
}

// address judges a web address.
func (t *tree) address(o Object, at, key string, most int) {
	t.length(o, at, key, 1, most)
	u, err := url.Parse(str(o, key))
	if err != nil || !slices.Contains([]string{"http", "https", "discord"}, u.Scheme) {
		t.no(under(at, key), "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https', 'discord').")
	}
}

// media judges a picture or file: its address is of the web or names an attachment.
func (t *tree) media(o Object, at, key string) {
	if o["description"] != nil {
		t.length(o, at, "description", 1, 1024)
	}
	place := under(at, key+".url")
	name, attached := strings.CutPrefix(str(o, key, "url"), attachmentsScheme)
	if !attached {
		if !strings.HasPrefix(name, "http://") && !strings.HasPrefix(name, "https://") {
			t.no(place, "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https', 'attachment').")
		}
		return
	}
	if _, there := t.names[name]; !there {
		t.no(place, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", "The referenced attachment was not found: %s", name)
		return
	}
	t.names[name] = true
}
