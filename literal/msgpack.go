package literal

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// msgpackDepth bounds the nesting of a value: the bytes come from a backend,
// and a stack is not endless.
const msgpackDepth = 500

// decodeMsgpack reads what flytekit writes for dataclasses, pydantic models
// and untyped dicts (core/type_engine.py, MESSAGEPACK). It walks the codes
// itself, because a Go map would lose the order of a dataclass's fields.
func decodeMsgpack(data []byte) (value, error) {
	return msgpackValue(msgpack.NewDecoder(bytes.NewReader(data)), 0)
}

func msgpackValue(dec *msgpack.Decoder, depth int) (value, error) {
	if depth > msgpackDepth {
		return nil, fmt.Errorf("it is nested more than %d levels deep", msgpackDepth)
	}
	code, err := dec.PeekCode()
	if err != nil {
		return nil, err
	}
	switch {
	case code == msgpcode.Nil:
		return nil, dec.DecodeNil()
	case code == msgpcode.False || code == msgpcode.True:
		return dec.DecodeBool()
	case code == msgpcode.Float || code == msgpcode.Double:
		return dec.DecodeFloat64()
	case code == msgpcode.Uint64:
		return msgpackUint(dec)
	case msgpcode.IsFixedNum(code) || code >= msgpcode.Uint8 && code <= msgpcode.Int64:
		return dec.DecodeInt64()
	case msgpcode.IsString(code):
		return dec.DecodeString()
	case msgpcode.IsBin(code):
		return dec.DecodeBytes()
	case msgpcode.IsFixedArray(code) || code == msgpcode.Array16 || code == msgpcode.Array32:
		return msgpackList(dec, depth)
	case msgpcode.IsFixedMap(code) || code == msgpcode.Map16 || code == msgpcode.Map32:
		return msgpackMap(dec, depth)
	case msgpcode.IsExt(code):
		return msgpackExt(dec)
	default:
		return nil, fmt.Errorf("it holds the unknown code %#x", code)
	}
}

func msgpackUint(dec *msgpack.Decoder) (value, error) {
	n, err := dec.DecodeUint64()
	if err != nil || n > 1<<63-1 {
		return n, err
	}
	return int64(n), nil
}

func msgpackList(dec *msgpack.Decoder, depth int) (value, error) {
	n, err := dec.DecodeArrayLen()
	if err != nil {
		return nil, err
	}
	items := []any{}
	for range n {
		item, err := msgpackValue(dec, depth+1)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

func msgpackMap(dec *msgpack.Decoder, depth int) (value, error) {
	n, err := dec.DecodeMapLen()
	if err != nil {
		return nil, err
	}
	out := &object{}
	for range n {
		key, err := msgpackValue(dec, depth+1)
		if err != nil {
			return nil, err
		}
		item, err := msgpackValue(dec, depth+1)
		if err != nil {
			return nil, err
		}
		out.add(keyText(key), item)
	}
	return out, nil
}

// keyText names a key: Python's dicts have others than strings.
func keyText(key value) string {
	if s, ok := key.(string); ok {
		return s
	}
	w := lineWriter{limit: TextRunes}
	w.value(key)
	return w.String()
}

func msgpackExt(dec *msgpack.Decoder) (value, error) {
	raw, err := dec.DecodeRaw()
	if err != nil {
		return nil, err
	}
	var at time.Time
	if err := msgpack.Unmarshal(raw, &at); err == nil {
		text := at.UTC().Format(time.RFC3339Nano)
		return bare{text: text, json: text}, nil
	}
	id, length, err := msgpack.NewDecoder(bytes.NewReader(raw)).DecodeExtHeader()
	if err != nil {
		return nil, errors.Join(errors.New("it holds a broken extension"), err)
	}
	return unshowable(fmt.Sprintf("a msgpack extension of type %d with %d bytes", id, length)), nil
}
