package services

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// digest is a hash of a message's content, the same for equal messages.
func digest(m proto.Message) (string, error) {
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

// differences are the lines that tell what changed between two messages:
// path, old value, new value.
func differences(older, newer proto.Message) func() string {
	return func() string {
		var lines []string
		compare("", plain(older), plain(newer), &lines)
		return strings.Join(lines, "\n")
	}
}

func plain(m proto.Message) any {
	data, err := protojson.Marshal(m)
	if err != nil {
		return err.Error()
	}
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		return err.Error()
	}
	return value
}

func compare(path string, older, newer any, lines *[]string) {
	switch o := older.(type) {
	case map[string]any:
		if n, same := newer.(map[string]any); same {
			keys := maps.Clone(o)
			maps.Copy(keys, n)
			for _, key := range slices.Sorted(maps.Keys(keys)) {
				compare(strings.TrimPrefix(path+"."+key, "."), o[key], n[key], lines)
			}
			return
		}
	case []any:
		if n, same := newer.([]any); same && len(o) == len(n) {
			for i := range o {
				compare(fmt.Sprintf("%s[%d]", path, i), o[i], n[i], lines)
			}
			return
		}
	}
	before, after := shown(older), shown(newer)
	if before == after {
		return
	}
	*lines = append(*lines, path+":")
	if older != nil {
		*lines = append(*lines, "\t- "+before)
	}
	if newer != nil {
		*lines = append(*lines, "\t+ "+after)
	}
}

func shown(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(data)
}
