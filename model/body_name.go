package model

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
)

// The length of a DNS label, and how much of a hash stands for what is cut off.
const (
	maxLabel   = 63
	hashLength = 10
)

// dnsName is the node id that flytekit makes of a name
// (core/utils.py:_dnsify). It is applied again to the id of a node, but not to
// the ids in its promises, when the workflow is serialized: a name of more than
// 62 characters gives a workflow that the backend rejects.
func dnsName(name string) string {
	characters := []rune(name)
	if len(characters) >= maxLabel {
		sum := sha256.Sum224([]byte(name))
		rest := characters[len(characters)-(maxLabel-hashLength-1):]
		characters = []rune(hex.EncodeToString(sum[:])[:hashLength] + "-" + string(rest))
	}
	var label []rune
	for _, c := range characters {
		switch {
		case c == '_' || c == '-' || c == '.':
			if len(label) > 0 && len(label) < maxLabel-1 {
				label = append(label, '-')
			}
		case !unicode.IsLetter(c) && !unicode.IsNumber(c):
		case unicode.IsLower(c) || unicode.IsDigit(c):
			label = append(label, c)
		default:
			if len(label) > 0 && label[len(label)-1] != '-' && len(label) < maxLabel-1 {
				label = append(label, '-')
			}
			label = append(label, []rune(strings.ToLower(string(c)))...)
		}
	}
	return strings.TrimSuffix(string(label), "-")
}

// lastPart is the part of a full name behind its last dot
// (core/promise.py:extract_obj_name).
func lastPart(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }
