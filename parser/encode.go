package parser

import (
	"bytes"
	"fmt"
)

// Encode is a text as a Python file is written that like, the file before, is:
// with its byte order mark and in its encoding, or in the one that the text
// itself now names. The error says that the encoding can't write the text, or
// that like isn't written in what it says.
func Encode(text, like []byte) ([]byte, error) {
	if _, _, err := Decode(like); err != nil {
		return nil, err
	}
	file := text
	if name := declaredEncoding(text); name != "" {
		if codec := codecOf(name); codec != nil {
			encoded, err := codec.NewEncoder().Bytes(text)
			if err != nil {
				return nil, fmt.Errorf("write it in %s, as it says that it is: %w", name, err)
			}
			file = encoded
		}
	}
	if bytes.HasPrefix(like, byteOrderMark) {
		file = append(bytes.Clone(byteOrderMark), file...)
	}
	if again, _, err := Decode(file); err != nil || !bytes.Equal(again, text) {
		return nil, fmt.Errorf("its encoding can't write all of the text: save the file as UTF-8")
	}
	return file, nil
}
