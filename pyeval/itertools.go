package pyeval

import (
	"math"
	"math/big"
	"slices"
	"strings"
)

func init() {
	for name, call := range map[string]func(*Frame, *Call) Value{
		"itertools.chain.from_iterable": chainNested,
		"itertools.combinations":        selections(func(i, from int) bool { return i >= from }),
		"itertools.permutations":        selections(func(int, int) bool { return true }),
		"itertools.islice":              islice,
		"itertools.zip_longest":         zipLongest,
		"builtins.dict.fromkeys":        fromKeys,
		"math.floor":                    wholeNumber(math.Floor),
		"math.ceil":                     wholeNumber(math.Ceil),
		"os.path.dirname": pathPart(func(path string) string {
			head := path[:strings.LastIndexByte(path, '/')+1]
			if trimmed := strings.TrimRight(head, "/"); trimmed != "" {
				return trimmed
			}
			return head
		}),
	} {
		pythonNatives[name] = Behaviour{Call: call}
	}
}

// elementsOf are the elements of an argument, in order.
func (f *Frame) elementsOf(c *Call, position int) ([]Value, bool) {
	if c.Open || position >= len(c.Args) {
		return nil, false
	}
	return f.Iterate(f.interleaved(c.Args[position].Value))
}

func chainNested(f *Frame, c *Call) Value {
	rows, known := f.elementsOf(c, 0)
	var all []Value
	for _, row := range rows {
		values, k := f.Iterate(row)
		all, known = append(all, values...), known && k
	}
	if !known || len(all) > maxElems {
		return nil
	}
	return f.generated(all, true)
}

// selections is itertools.combinations or .permutations: tuples of n different
// elements. follows tells whether the element i may come when those before from
// were tried.
func selections(follows func(i, from int) bool) func(*Frame, *Call) Value {
	return func(f *Frame, c *Call) Value {
		elems, known := f.elementsOf(c, 0)
		size, ok := integer(c.Value(1, "r", NewInt(int64(len(elems)))))
		if !known || !ok || !size.IsInt64() || size.Sign() < 0 || len(elems) > 20 {
			return nil
		}
		n := int(min(size.Int64(), int64(len(elems))+1))
		var all []Value
		complete := true
		var add func(chosen []int, from int)
		add = func(chosen []int, from int) {
			if len(all) >= maxTurns {
				complete = false
				return
			}
			if len(chosen) == n {
				tuple := &Tuple{}
				for _, i := range chosen {
					tuple.Elems = append(tuple.Elems, elems[i])
				}
				all = append(all, tuple)
				return
			}
			for i := range elems {
				if follows(i, from) && !slices.Contains(chosen, i) {
					add(append(slices.Clip(chosen), i), i+1)
				}
			}
		}
		add(nil, 0)
		if !complete {
			return nil
		}
		return f.generated(all, true)
	}
}

func islice(f *Frame, c *Call) Value {
	if len(c.Args) < 2 {
		return nil
	}
	elems, known := f.elementsOf(c, 0)
	part := &slice{None{}, c.Args[1].Value, None{}}
	if len(c.Args) > 2 {
		part.lower, part.upper = c.Args[1].Value, c.Args[2].Value
	}
	if len(c.Args) > 3 {
		part.step = c.Args[3].Value
	}
	for _, bound := range []Value{part.lower, part.upper, part.step} {
		if n, ok := integer(bound); ok && n.Sign() < 0 {
			return nil
		}
	}
	places, ok := part.places(len(elems))
	if !known || !ok {
		return nil
	}
	var picked []Value
	for _, place := range places {
		picked = append(picked, elems[place])
	}
	return f.generated(picked, true)
}

func zipLongest(f *Frame, c *Call) Value {
	rows := 0
	columns := make([][]Value, len(c.Args))
	for i := range c.Args {
		values, known := f.elementsOf(c, i)
		if !known {
			return nil
		}
		columns[i], rows = values, max(rows, len(values))
	}
	zipped := make([]Value, rows)
	for i := range zipped {
		row := &Tuple{Elems: make([]Value, len(columns))}
		for j, column := range columns {
			if row.Elems[j] = c.Value(-1, "fillvalue", None{}); i < len(column) {
				row.Elems[j] = column[i]
			}
		}
		zipped[i] = row
	}
	return f.generated(zipped, true)
}

// fromKeys is dict.fromkeys.
func fromKeys(f *Frame, c *Call) Value {
	keys, known := f.elementsOf(c, 0)
	if !known {
		return nil
	}
	dict := &Dict{owned: f.own()}
	for _, key := range keys {
		f.setItem(dict, key, c.Value(1, "value", None{}))
	}
	return dict
}

func wholeNumber(round func(float64) float64) func(*Frame, *Call) Value {
	return func(_ *Frame, c *Call) Value {
		switch v := c.Value(0, "", nil).(type) {
		case Int:
			return v
		case Float:
			if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				return nil
			}
			n, _ := new(big.Float).SetFloat64(round(float64(v))).Int(nil)
			return Int{n}
		}
		return nil
	}
}
