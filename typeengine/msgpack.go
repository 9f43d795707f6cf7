package typeengine

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/vmihailenco/msgpack/v5"
)

// keyText is a dict's key as json.dumps writes it.
func keyText(key any) (string, error) {
	switch key := key.(type) {
	case string:
		return key, nil
	case int64:
		return strconv.FormatInt(key, 10), nil
	case uint64:
		return strconv.FormatUint(key, 10), nil
	case bool:
		return strconv.FormatBool(key), nil
	case nil:
		return "null", nil
	}
	return "", unknown("a key of the dict is no simple value")
}

// textKeys is a packed value after a way through JSON, which makes texts of all
// keys.
func textKeys(packed any) (any, error) {
	switch packed := packed.(type) {
	case []any:
		items := make([]any, len(packed))
		for i, item := range packed {
			var err error
			if items[i], err = textKeys(item); err != nil {
				return nil, err
			}
		}
		return items, nil
	case *ordered:
		out := &ordered{}
		for i, key := range packed.keys {
			name, err := keyText(key)
			if err != nil {
				return nil, err
			}
			value, err := textKeys(packed.values[i])
			if err != nil {
				return nil, err
			}
			out.add(name, value)
		}
		return out, nil
	}
	return packed, nil
}

// encode writes a packed value as Python's msgpack.packb(use_bin_type=True).
func encode(packed any) ([]byte, error) {
	var out bytes.Buffer
	enc := msgpack.NewEncoder(&out)
	enc.UseCompactInts(true)
	if err := encodeTo(enc, packed); err != nil {
		return nil, fmt.Errorf("encode as msgpack: %w", err)
	}
	return out.Bytes(), nil
}

func encodeTo(enc *msgpack.Encoder, packed any) error {
	switch packed := packed.(type) {
	case []any:
		if err := enc.EncodeArrayLen(len(packed)); err != nil {
			return err
		}
		for _, item := range packed {
			if err := encodeTo(enc, item); err != nil {
				return err
			}
		}
		return nil
	case *ordered:
		if err := enc.EncodeMapLen(len(packed.keys)); err != nil {
			return err
		}
		for i, key := range packed.keys {
			if err := encodeTo(enc, key); err != nil {
				return err
			}
			if err := encodeTo(enc, packed.values[i]); err != nil {
				return err
			}
		}
		return nil
	case int64:
		return enc.EncodeInt(packed)
	case uint64:
		return enc.EncodeUint(packed)
	default: // nil, bool, float64, string, []byte
		return enc.Encode(packed)
	}
}
