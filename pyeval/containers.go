package pyeval

import (
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"slices"
	"strings"
	"unicode/utf8"
)

// NewList is a list that the code which is evaluated may change.
func (f *Frame) NewList(elems []Value) *List { return &List{Elems: elems, owned: f.own()} }

// NewDict is a dict that the code which is evaluated may change.
func (f *Frame) NewDict(items []Item) *Dict {
	dict := &Dict{owned: f.own()}
	for _, item := range items {
		f.setItem(dict, item.Key, item.Value)
	}
	return dict
}

// appendTo is list.append.
func (f *Frame) appendTo(list *List, values ...Value) {
	may, certain := f.mine(&list.owned, list)
	switch {
	case !may:
	case !certain:
		list.Open = true
	case !list.Open:
		list.Elems = append(list.Elems, values...)
	}
}

// extend is list.extend.
func (f *Frame) extend(list *List, by Value) {
	values, known := f.Iterate(by)
	f.appendTo(list, values...)
	if !known {
		if may, _ := f.mine(&list.owned, list); may {
			list.Open = true
		}
	}
}

// forget says that nothing is known any more of what is in a container.
func (f *Frame) forget(value Value) {
	switch v := value.(type) {
	case *List:
		if may, _ := f.mine(&v.owned, v); may {
			v.Elems, v.Open = nil, true
		}
	case *Dict:
		if may, _ := f.mine(&v.owned, v); may {
			v.Items, v.index, v.odd, v.Open = nil, nil, false, true
		}
	case *Set:
		if may, _ := f.mine(&v.owned, v); may && !v.Frozen {
			v.Elems, v.index, v.odd, v.Open = nil, nil, false, true
		}
	}
}

// change prepares a change of a list that isn't an append: false if it may not
// be made, and then what is in the list isn't known any more.
func (f *Frame) change(list *List) bool {
	if may, certain := f.mine(&list.owned, list); may && certain && !list.Open {
		return true
	}
	f.forget(list)
	return false
}

// hashKey is a Go value that is equal for equal constants; false for what is
// none.
func hashKey(v Value) (Value, bool) {
	switch k := v.(type) {
	case Str, None, Bytes, Ellipsis:
		return k, true
	case Bool:
		if k {
			return Float(1), true
		}
		return Float(0), true
	case Float:
		return k, k == k
	case Int:
		if k.IsInt64() {
			if n := k.Int64(); n > -1<<53 && n < 1<<53 {
				return Float(n), true
			}
		}
	case *EnumMember:
		switch k.mixin() {
		case "":
			return Str("\x00" + k.Class.Module.Path + "\x00" + k.Class.Qualname + "\x00" + k.Name), true
		case "builtins.str", "builtins.int":
			return hashKey(k.Value)
		}
	}
	return nil, false
}

// find is the place of a key among n keys: -1 if it isn't there, known false if
// that can't be told.
func (f *Frame) findKey(key Value, n int, at func(int) Value, index map[Value]int, odd bool) (place int, known bool) {
	hash, ok := hashKey(key)
	if ok && index != nil {
		if i, ok := index[hash]; ok {
			return i, true
		}
		if !odd {
			return -1, true
		}
	}
	known = true
	for i := range n {
		same, k := f.Equal(at(i), key)
		if same && k {
			return i, true
		}
		known = known && k
	}
	return -1, known
}

func (f *Frame) place(d *Dict, key Value) (place int, known bool) {
	return f.findKey(key, len(d.Items), func(i int) Value { return d.Items[i].Key }, d.index, d.odd)
}

// item is d[key].
func (f *Frame) item(d *Dict, key Value) (value Value, found, known bool) {
	if !f.intact(d) {
		return nil, false, false
	}
	i, known := f.place(d, key)
	if i < 0 {
		return nil, false, known && !d.Open
	}
	return d.Items[i].Value, true, true
}

// setItem is d[key] = value.
func (f *Frame) setItem(d *Dict, key, value Value) {
	may, certain := f.mine(&d.owned, d)
	if !may {
		return
	}
	i, known := f.place(d, key)
	if !known {
		// Any of the entries may be the one that is replaced.
		d.Open = true
		for i := range d.Items {
			if same, k := f.Equal(d.Items[i].Key, key); same || !k {
				d.Items[i].Value = f.perhaps(d.Items[i].Value, value, "the dict")
			}
		}
		return
	}
	switch {
	case i >= 0 && certain:
		d.Items[i].Value = value
	case i >= 0:
		d.Items[i].Value = f.perhaps(d.Items[i].Value, value, "the dict")
	case !certain:
		d.Open = true
	default:
		d.Items = append(d.Items, Item{key, value})
		d.index, d.odd = indexed(d.index, d.odd, len(d.Items), func(i int) Value { return d.Items[i].Key })
	}
}

// indexed is the index of n keys after the last one was added.
func indexed(index map[Value]int, odd bool, n int, at func(int) Value) (map[Value]int, bool) {
	from := n - 1
	if index == nil {
		if n <= smallScope {
			return nil, odd
		}
		index, from, odd = make(map[Value]int, 2*n), 0, false
	}
	for i := from; i < n; i++ {
		if hash, ok := hashKey(at(i)); ok {
			index[hash] = i
		} else {
			odd = true
		}
	}
	return index, odd
}

// updateDict is d.update(from).
func (f *Frame) updateDict(d *Dict, from Value) {
	switch from := from.(type) {
	case *Dict:
		if !f.intact(from) || from.Open {
			f.openDict(d)
		}
		for _, item := range from.Items {
			f.setItem(d, item.Key, item.Value)
		}
		return
	case *namespace:
		f.updateDict(d, from.copy(f))
		return
	case *Unknown, *Uncertain:
		f.openDict(d)
		return
	}
	pairs, known := f.Iterate(from)
	for _, pair := range pairs {
		entry, ok := f.Iterate(pair)
		if !ok || len(entry) != 2 {
			known = false
			break
		}
		f.setItem(d, entry[0], entry[1])
	}
	if !known {
		f.openDict(d)
	}
}

// openDict says that unknown entries are set: those that are known may be
// among them.
func (f *Frame) openDict(d *Dict) { f.forget(d) }

// deleteIndex is del container[index].
func (f *Frame) deleteIndex(container, index Value) {
	switch c := container.(type) {
	case *Uncertain:
		f.eitherPart(len(c.Values), func(i int) { f.deleteIndex(c.Values[i], index) })
	case *Dict:
		i, known := f.place(c, index)
		may, certain := f.mine(&c.owned, c)
		switch {
		case !may:
		case !known || !certain || i < 0 && c.Open:
			f.ev.mayRaise = true
			f.forget(c)
		case i < 0:
			f.fail("KeyError", "the dict has no such key", nil)
		default:
			c.Items = slices.Delete(c.Items, i, i+1)
			c.index = nil
			if len(c.Items) > 0 {
				c.index, c.odd = indexed(nil, false, len(c.Items), func(i int) Value { return c.Items[i].Key })
			}
		}
	case IndexDeleter:
		c.DeleteIndex(f, index)
	case *namespace:
		c.remove(f, index)
	case *List:
		if n, ok := index.(Int); ok && n.IsInt64() && f.change(c) {
			if i, ok := position(n.Int64(), len(c.Elems)); ok {
				c.Elems = slices.Delete(c.Elems, i, i+1)
				return
			}
			f.fail("IndexError", "the list is shorter", nil)
			return
		}
		f.ev.mayRaise = true
		f.forget(c)
	case *Instance:
		if method, ok := f.special(c, "__delitem__"); ok {
			f.CallValue(method, &Call{Func: method, Args: []Named{{Value: index}}})
		}
	case Str, Bytes, *Tuple, None, Bool, Int, Float, *Set, *Function:
		f.fail("TypeError", "parts of "+container.Describe()+" can't be deleted", nil)
	default:
		f.ev.mayRaise = true
	}
}

// setIndex is container[index] = value.
func (f *Frame) setIndex(container, index, value Value) {
	switch c := container.(type) {
	case *Uncertain:
		f.eitherPart(len(c.Values), func(i int) { f.setIndex(c.Values[i], index, value) })
	case *Dict:
		f.setItem(c, index, value)
	case *List:
		n, ok := index.(Int)
		if !ok || !n.IsInt64() || !f.change(c) {
			f.ev.mayRaise = true
			f.forget(c)
			return
		}
		if i, ok := position(n.Int64(), len(c.Elems)); ok {
			c.Elems[i] = value
			return
		}
		f.fail("IndexError", "the list is shorter", nil)
	case *Instance:
		if method, ok := f.special(c, "__setitem__"); ok {
			f.CallValue(method, &Call{Func: method, Args: []Named{{Value: index}, {Value: value}}})
		}
	case IndexSetter:
		c.SetIndex(f, index, value)
	case Str, Bytes, *Tuple, None, Bool, Int, Float, *Set, *Function:
		f.fail("TypeError", "parts of "+container.Describe()+" can't be set", nil)
	default:
		f.ev.mayRaise = true
	}
}

// IndexSetter is a value whose parts can be set: value[index] = to.
type IndexSetter interface {
	SetIndex(f *Frame, index, to Value)
}

// IndexDeleter is a value whose parts can be deleted: del value[index].
type IndexDeleter interface {
	DeleteIndex(f *Frame, index Value)
}

// addTo is set.add.
func (f *Frame) addTo(s *Set, value Value) {
	may, certain := f.mine(&s.owned, s)
	if !may {
		return
	}
	i, known := f.findKey(value, len(s.Elems), func(i int) Value { return s.Elems[i] }, s.index, s.odd)
	switch {
	case i >= 0:
	case !certain || !known:
		s.Open = true
	default:
		s.Elems = append(s.Elems, value)
		s.index, s.odd = indexed(s.index, s.odd, len(s.Elems), func(i int) Value { return s.Elems[i] })
	}
}

func (f *Frame) addAll(s *Set, from Value) {
	values, known := f.unordered(from)
	for _, value := range values {
		f.addTo(s, value)
	}
	if !known {
		if may, _ := f.mine(&s.owned, s); may {
			s.Open = true
		}
	}
}

// position is the place that an index means in a sequence.
func position(index int64, length int) (int, bool) {
	if index < 0 {
		index += int64(length)
	}
	return int(index), index >= 0 && index < int64(length)
}

// Iterate are the elements of a value in the order in which Python iterates over
// them; known is false if there are others, or none is known. The order of a
// set is up to the interpreter.
func (f *Frame) Iterate(value Value) (values []Value, known bool) {
	values, known = f.unordered(value)
	if set, ok := value.(*Set); ok && len(set.Elems) > 1 {
		return nil, false
	}
	return values, known
}

// unordered are the elements of a value in any order.
func (f *Frame) unordered(value Value) (values []Value, known bool) {
	switch v := value.(type) {
	case *List:
		if !f.intact(v) {
			return nil, false
		}
		return slices.Clip(v.Elems), !v.Open
	case *Tuple:
		return v.Elems, true
	case *Set:
		if !f.intact(v) {
			return nil, false
		}
		return slices.Clip(v.Elems), !v.Open
	case *Dict:
		if !f.intact(v) {
			return nil, false
		}
		values = make([]Value, len(v.Items))
		for i, item := range v.Items {
			values[i] = item.Key
		}
		return values, !v.Open
	case Str:
		if len(v) > maxElems {
			return nil, false
		}
		for _, r := range string(v) {
			values = append(values, Str(string(r)))
		}
		return values, true
	case Bytes:
		for _, b := range []byte(v) {
			values = append(values, NewInt(int64(b)))
		}
		return values, len(v) <= maxElems
	case *generator:
		v.evaluated()
		if may, certain := f.mine(&v.owned, v); !may || !certain || v.used {
			return nil, false
		}
		v.used = true
		return v.list.Elems, !v.list.Open
	case *Class:
		if v.enum {
			for _, member := range v.Members() {
				values = append(values, member)
			}
			return values, true
		}
	case Iterable:
		return v.Iterate(f)
	case *Instance:
		if isNative(v.Class, "builtins.range") {
			return rangeValues(v)
		}
		if values, ok := f.tupleFields(v); ok {
			return values, true
		}
		if method, ok := f.special(v, "__iter__"); ok {
			if iterator := f.CallValue(method, &Call{Func: method}); iterator != value {
				return f.Iterate(iterator)
			}
		}
	case *boundMethod, None, Bool, Int, Float, *Function:
		f.fail("TypeError", value.Describe()+" can't be iterated over", nil)
	}
	f.ev.mayRaise = true
	return nil, false
}

// contained is `value in container` at a comparison.
func (f *Frame) contained(value, container Value, at ast.Expr) (is, known bool) {
	left := at
	if c, ok := at.(*ast.Compare); ok {
		left = c.Left
		if len(c.Comparators) == 1 {
			was := f.asking(c.Comparators[0])
			defer func() { f.ev.asked = was }()
		}
	}
	switch c := container.(type) {
	case *List:
		f.usedAsElement(c.Elems, value, left)
	case *Tuple:
		f.usedAsElement(c.Elems, value, left)
	}
	return f.contains(container, value, at)
}

// usedAsElement tells a value that it is compared with others, unless it may be
// the first of them itself.
func (f *Frame) usedAsElement(elems []Value, value Value, at ast.Expr) {
	if len(elems) > 0 && !unknown(elems[0]) && !uncertain(elems[0]) && !sameObject(elems[0], value) {
		f.used(value, AsElement, at)
	}
}

// contains is `value in container`.
func (f *Frame) contains(container, value Value, at ast.Expr) (is, known bool) {
	switch c := container.(type) {
	case Str:
		if s, ok := text(value); ok {
			return strings.Contains(string(c), s), true
		}
		return false, false
	case *Dict:
		_, found, known := f.item(c, value)
		return found, known
	case *Uncertain:
		defer f.unasked()()
		for i, v := range c.Values {
			in, k := f.contains(v, value, at)
			if !k || i > 0 && in != is {
				return false, false
			}
			is = in
		}
		return is, true
	case *Instance:
		if method, ok := f.special(c, "__contains__"); ok {
			return f.Truth(f.CallValue(method, &Call{Func: method, Args: []Named{{Value: value}}}))
		}
	case *Set:
		if !f.intact(c) {
			return false, false
		}
		i, known := f.findKey(value, len(c.Elems), func(i int) Value { return c.Elems[i] }, c.index, c.odd)
		return i >= 0, i >= 0 || known && !c.Open
	case *generator:
		return false, false
	}
	values, known := f.unordered(container)
	for _, v := range values {
		same, k := f.Equal(v, value)
		if same && k {
			return true, true
		}
		known = known && k
	}
	return false, known
}

// length is len(value).
func (f *Frame) length(value Value) (n int, known bool) {
	switch v := value.(type) {
	case Str:
		return utf8.RuneCountInString(string(v)), true
	case Bytes:
		return len(v), true
	case *generator:
		return 0, false
	case *Instance:
		if method, ok := f.special(v, "__len__"); ok {
			if n, ok := f.CallValue(method, &Call{Func: method}).(Int); ok && n.IsInt64() {
				return int(n.Int64()), true
			}
			return 0, false
		}
	}
	values, known := f.unordered(value)
	return len(values), known
}
