package pyeval

import (
	"slices"
)

// generated is an iterator over values that are evaluated already.
func (f *Frame) generated(values []Value, known bool) Value {
	return &generator{list: &List{Elems: values, Open: !known}, owned: f.own()}
}

func rangeValues(i *Instance) ([]Value, bool) {
	bounds := [3]int64{0, 0, 1}
	for n, arg := range i.Args {
		value, ok := integer(arg)
		if !ok || n > 2 || !value.IsInt64() {
			return nil, false
		}
		bounds[n] = value.Int64()
	}
	if len(i.Args) == 1 {
		bounds[0], bounds[1] = 0, bounds[0]
	}
	if len(i.Args) == 0 || i.Open || bounds[2] == 0 {
		return nil, false
	}
	var values []Value
	for n := bounds[0]; bounds[2] > 0 && n < bounds[1] || bounds[2] < 0 && n > bounds[1]; n += bounds[2] {
		if len(values) == maxElems {
			return nil, false
		}
		values = append(values, NewInt(n))
	}
	return values, true
}

// quantified is all() or any().
func (f *Frame) quantified(c *Call, any bool) Value {
	values, known := f.unordered(f.interleaved(c.Value(0, "", None{})))
	for _, value := range values {
		truth, k := f.Truth(value)
		if k && truth == any {
			return Bool(any)
		}
		known = known && k
	}
	if !known {
		return nil
	}
	return Bool(!any)
}

func callNext(f *Frame, c *Call) Value {
	g, ok := f.interleaved(c.Value(0, "", nil)).(*generator)
	if !ok {
		return nil
	}
	may, certain := f.mine(&g.owned, g)
	if !may || !certain || g.used || g.list.Open {
		g.used = g.used || may
		return nil
	}
	if len(g.list.Elems) == 0 {
		if len(c.Args) > 1 {
			return c.Args[1].Value
		}
		return f.fail("StopIteration", "the iterator is at its end", c.at())
	}
	value := g.list.Elems[0]
	g.list.Elems = g.list.Elems[1:]
	return value
}

func callMap(f *Frame, c *Call) Value {
	if len(c.Args) != 2 {
		return nil
	}
	mapped := &List{owned: f.own()}
	return f.later(mapped, func() {
		values, known := f.Iterate(f.interleaved(c.Args[1].Value))
		for _, value := range values {
			f.appendTo(mapped, f.CallValue(c.Args[0].Value, &Call{Args: []Named{{Value: value}}, Expr: c.Expr}))
		}
		mapped.Open = mapped.Open || !known
	})
}

func callFilter(f *Frame, c *Call) Value {
	if len(c.Args) != 2 {
		return nil
	}
	values, known := f.Iterate(f.interleaved(c.Args[1].Value))
	var kept []Value
	for _, value := range values {
		test := value
		if _, none := c.Args[0].Value.(None); !none {
			test = f.CallValue(c.Args[0].Value, &Call{Args: []Named{{Value: value}}, Expr: c.Expr})
		}
		truth, k := f.Truth(test)
		if !k {
			known = false
			break
		}
		if truth {
			kept = append(kept, value)
		}
	}
	return f.generated(kept, known)
}

// extreme is max() or min().
func (f *Frame) extreme(c *Call, sign int) Value {
	var values []Value
	if len(c.Args) == 1 {
		elems, known := f.unordered(c.Args[0].Value)
		if !known {
			return nil
		}
		values = elems
	} else {
		for _, arg := range c.Args {
			values = append(values, arg.Value)
		}
	}
	if len(values) == 0 {
		return c.Value(-1, "default", nil)
	}
	key := c.Value(-1, "key", None{})
	var best, bestKey Value
	for _, value := range values {
		by := f.sortKey(key, value)
		if best == nil {
			best, bestKey = value, by
			continue
		}
		order, known := f.order(by, bestKey)
		if !known {
			return nil
		}
		if order*sign > 0 {
			best, bestKey = value, by
		}
	}
	return best
}

func (f *Frame) sortKey(key, value Value) Value {
	if _, none := key.(None); none {
		return value
	}
	return f.CallValue(key, &Call{Args: []Named{{Value: value}}})
}

// sorted are values in order, as the call's key and reverse say.
func (f *Frame) sorted(values []Value, c *Call) ([]Value, bool) {
	type keyed struct{ key, value Value }
	by := c.Value(-1, "key", None{})
	pairs := make([]keyed, len(values))
	for i, value := range values {
		pairs[i] = keyed{f.sortKey(by, value), value}
	}
	reverse, known := f.Truth(c.Value(-1, "reverse", Bool(false)))
	slices.SortStableFunc(pairs, func(a, b keyed) int {
		order, k := f.order(a.key, b.key)
		known = known && k
		if reverse {
			return -order
		}
		return order
	})
	sorted := make([]Value, len(pairs))
	for i, pair := range pairs {
		sorted[i] = pair.value
	}
	return sorted, known
}

func callSum(f *Frame, c *Call) Value {
	values, known := f.unordered(c.Value(0, "", None{}))
	if !known {
		return nil
	}
	sum := c.Value(1, "start", NewInt(0))
	for _, value := range values {
		sum = f.operate(sum, "+", value, c.at())
	}
	return sum
}

func callZip(f *Frame, c *Call) Value {
	known := true
	var columns [][]Value
	rows := -1
	for _, arg := range c.Args {
		values, k := f.Iterate(f.interleaved(arg.Value))
		known = known && k
		columns = append(columns, values)
		if rows < 0 || len(values) < rows {
			rows = len(values)
		}
	}
	zipped := make([]Value, max(rows, 0))
	for i := range zipped {
		row := make([]Value, len(columns))
		for j, column := range columns {
			row[j] = column[i]
		}
		zipped[i] = &Tuple{Elems: row}
	}
	if !known {
		zipped = nil
	}
	return f.generated(zipped, known)
}
