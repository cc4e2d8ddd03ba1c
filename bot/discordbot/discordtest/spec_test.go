package discordtest

import "testing"

// TestSchemasExist: a schema that is not in the description would forgive every field.
func TestSchemasExist(t *testing.T) {
	t.Parallel()
	names := []string{
		"MessageCreateRequest", "MessageEditRequestPartial", "BaseCreateMessageCreateRequest", "IncomingWebhookInteractionRequest",
		"IncomingWebhookUpdateForInteractionCallbackRequestPartial", "IncomingWebhookRequestPartial", "IncomingWebhookUpdateRequestPartial",
		"ApplicationCommandUpdateRequest", "ModalInteractionCallbackRequestData",
	}
	for _, allowed := range [][]int64{onTop, inRow, asAccessory} {
		for _, kind := range allowed {
			names = append(names, kindNames[kind]+"ComponentForMessageRequest")
		}
	}
	for _, allowed := range [][]int64{onTopOfModal, inLabel} {
		for _, kind := range allowed {
			names = append(names, kindNames[kind]+"ComponentForModalRequest")
		}
	}
	for _, name := range names {
		if official().doc.Components.Schemas[name] == nil {
			t.Errorf("%s does not exist", name)
		}
	}
}
