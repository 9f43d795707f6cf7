package pyeval

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

func callBool(f *Frame, c *Call) Value {
	if len(c.Args) == 0 {
		return Bool(false)
	}
	if truth, known := f.Truth(c.Args[0].Value); known {
		return Bool(truth)
	}
	return nil
}

func callBytes(f *Frame, c *Call) Value {
	switch v := c.Value(0, "", Bytes("")).(type) {
	case Bytes:
		return v
	case Str:
		return Bytes(v)
	}
	return nil
}

func callDict(f *Frame, c *Call) Value {
	dict := &Dict{owned: f.own()}
	if len(c.Args) > 0 {
		f.updateDict(dict, c.Args[0].Value)
	}
	for _, keyword := range c.Keywords {
		f.setItem(dict, Str(keyword.Name), keyword.Value)
	}
	if c.Open {
		f.openDict(dict)
	}
	return dict
}

func callFloat(f *Frame, c *Call) Value {
	v := c.Value(0, "", Float(0))
	if x, ok := number(v); ok {
		return Float(x)
	}
	text, ok := v.(Str)
	if !ok {
		return nil
	}
	cleaned := strings.ToLower(strings.TrimSpace(string(text)))
	if strings.ContainsAny(cleaned, "_xp") {
		return nil
	}
	x, err := strconv.ParseFloat(cleaned, 64)
	if err != nil && !math.IsInf(x, 0) {
		return f.fail("ValueError", "the string is no float", c.at())
	}
	return Float(x)
}

func callInt(f *Frame, c *Call) Value {
	v := c.Value(0, "", NewInt(0))
	if n, ok := integer(v); ok {
		return Int{n}
	}
	switch v := v.(type) {
	case Float:
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return nil
		}
		n, _ := new(big.Float).SetFloat64(float64(v)).Int(nil)
		return Int{n}
	case Str:
		if len(c.Args)+len(c.Keywords) > 1 {
			return nil
		}
		text := strings.TrimSpace(string(v))
		digits := strings.TrimLeft(text, "+-0123456789_")
		if digits == "" && len(text) <= maxDigits && !strings.Contains(text, "_") {
			if n, ok := new(big.Int).SetString(text, 10); ok {
				return Int{n}
			}
		}
		if !strings.Contains(text, "_") && isASCII(text) {
			return f.fail("ValueError", "the string is no int", c.at())
		}
	}
	return nil
}

func callFormat(f *Frame, c *Call) Value {
	spec, ok := c.Value(1, "", Str("")).(Str)
	if !ok || len(c.Args) == 0 {
		return nil
	}
	if text, ok := f.format(c.Args[0].Value, string(spec)); ok {
		return Str(text)
	}
	return nil
}

func (f *Frame) newSet(c *Call, frozen bool) Value {
	set := &Set{Frozen: frozen, owned: f.own()}
	if len(c.Args) > 0 {
		f.addAll(set, c.Args[0].Value)
	}
	return set
}

func callRound(f *Frame, c *Call) Value {
	if len(c.Args) != 1 {
		return nil
	}
	switch v := c.Args[0].Value.(type) {
	case Int:
		return v
	case Float:
		if rounded := math.RoundToEven(float64(v)); math.Abs(rounded) < 1<<53 {
			return NewInt(int64(rounded))
		}
	}
	return nil
}

func callStr(f *Frame, c *Call) Value {
	if len(c.Args)+len(c.Keywords) == 0 {
		return Str("")
	}
	if len(c.Args) == 1 {
		if text, ok := f.str(c.Args[0].Value); ok {
			return Str(text)
		}
		return f.unknownFrom(c.Args[0].Value, "the text of "+c.Args[0].Value.Describe(), c.at())
	}
	return nil
}
