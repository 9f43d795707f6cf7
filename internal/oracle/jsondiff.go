package oracle

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// canonical is a message as the JSON values that encoding/json makes.
func canonical(message proto.Message) any {
	text, err := protojson.Marshal(message)
	if err != nil {
		return err.Error()
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return err.Error()
	}
	return value
}

// firstDifference goes down to the smallest part that tells two JSON values
// apart, and returns its path and both sides as text.
func firstDifference(path string, got, want any) (where, a, b string) {
	switch got := got.(type) {
	case map[string]any:
		want, ok := want.(map[string]any)
		if !ok {
			break
		}
		keys := maps.Clone(got)
		maps.Copy(keys, want)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			if !reflect.DeepEqual(got[key], want[key]) {
				return firstDifference(path+"."+key, got[key], want[key])
			}
		}
	case []any:
		want, ok := want.([]any)
		if !ok || len(got) != len(want) {
			break
		}
		for i := range got {
			if !reflect.DeepEqual(got[i], want[i]) {
				return firstDifference(fmt.Sprintf("%s[%d]", path, i), got[i], want[i])
			}
		}
	}
	return path, text(got), text(want)
}

func text(value any) string {
	if value == nil {
		return "nothing"
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(encoded)
}

// short cuts a text to what a line can carry.
func short(text string) string {
	const most = 300
	if len(text) <= most {
		return text
	}
	end := most
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "..."
}
