package pyeval

import (
	"unicode/utf8"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// Index is value[index].
func (f *Frame) Index(value, index Value) Value { return f.indexAt(value, index, nil) }

func (f *Frame) indexAt(value, index Value, at ast.Expr) Value {
	if u, ok := index.(*Uncertain); ok {
		return f.each(u, func(index Value) Value { return f.indexAt(value, index, at) })
	}
	var found Value
	if _, ok := index.(Party); ok {
		f.usedAsIndex(value, index, at)
	}
	switch v := value.(type) {
	case *Unknown:
		return f.unknownFrom(v, "", at)
	case *Uncertain:
		return f.each(v, func(v Value) Value { return f.indexAt(v, index, at) })
	case *Native:
		if v.Missing != "" {
			return &Alias{Origin: v, Args: []Value{index}}
		}
		return f.indexNative(v, index, at)
	case Indexer:
		found = v.Index(f, index)
	case *Class:
		found = f.indexClass(v, index)
	case *Alias:
		found = f.indexAlias(v, index)
	case *Union:
		if params := TypeParams(v); len(params) > 0 {
			return Substitute(v, params, typeArgs(indexes(index)))
		}
	case *TypeAliasValue:
		return &Alias{Origin: v, Args: typeArgs(indexes(index)), Spelled: v}
	case *Dict:
		found = f.indexDict(v, index, at)
	case *Instance:
		if method, ok := f.special(v, "__getitem__"); ok {
			return f.CallValue(method, &Call{Func: method, Args: []Named{{Value: index}}})
		}
		if values, ok := f.tupleFields(v); ok {
			return f.indexAt(&Tuple{Elems: values}, index, at)
		}
		if isNative(v.Class, "builtins.range") {
			if values, ok := rangeValues(v); ok {
				return f.indexAt(&Tuple{Elems: values}, index, at)
			}
		}
	case Str, Bytes, *List, *Tuple:
		found = f.indexSequence(v, index, at)
	}
	if found == nil {
		return f.unknownFrom(value, "what is at this place of "+value.Describe(), at)
	}
	return found
}

// usedAsIndex tells the index of a sequence, or the key of a dict, of its use.
func (f *Frame) usedAsIndex(value, index Value, at ast.Expr) {
	switch v := value.(type) {
	case Str, Bytes, *List, *Tuple:
	case *Dict:
		if v.Factory != nil || v.Open || len(v.Items) == 0 {
			return
		}
		for _, item := range v.Items {
			if _, constant := hashKey(item.Key); !constant {
				return // it may be that key
			}
		}
	default:
		return
	}
	if s, ok := at.(*ast.Subscript); ok {
		f.used(index, AsIndex, s.Index)
	}
}

// indexes are the arguments of a subscript.
func indexes(index Value) []Value {
	if tuple, ok := index.(*Tuple); ok {
		return tuple.Elems
	}
	return []Value{index}
}

func (f *Frame) indexClass(class *Class, index Value) Value {
	if class.enum {
		if name, ok := index.(Str); ok {
			if member := class.Member(string(name)); member != nil {
				return member
			}
			return f.fail("KeyError", class.Name+" has no member "+string(name), nil)
		}
		return nil
	}
	if getter, ok := f.inMRO(class, "__class_getitem__"); ok {
		if _, native := getter.(*nativeMember); !native {
			getter = f.bound(getter, class, class)
			return f.CallValue(getter, &Call{Func: getter, Args: []Named{{Value: index}}})
		}
	}
	for _, base := range class.mro {
		if native, ok := base.(*Native); ok {
			if behaviour, ok := f.behaviour(native); ok && behaviour.Index != nil {
				return &Alias{Origin: class, Args: indexes(index)}
			}
		}
	}
	return &Alias{Origin: class, Args: typeArgs(indexes(index)), Spelled: class}
}

// indexAlias is a generic alias with arguments for its type variables.
func (f *Frame) indexAlias(alias *Alias, index Value) Value {
	params := TypeParams(alias)
	if len(params) == 0 {
		return nil
	}
	return Substitute(alias, params, typeArgs(indexes(index)))
}

func (f *Frame) indexDict(dict *Dict, key Value, at ast.Expr) Value {
	value, found, known := f.item(dict, key)
	switch {
	case found:
		return value
	case !known:
		return nil
	case dict.Factory != nil:
		value = f.CallValue(dict.Factory, &Call{Func: dict.Factory})
		f.setItem(dict, key, value)
		return value
	}
	return f.fail("KeyError", "the dict has no such key", at)
}

func (f *Frame) indexSequence(sequence, index Value, at ast.Expr) Value {
	if s, ok := index.(*slice); ok {
		return f.sliced(sequence, s)
	}
	n, ok := integer(index)
	if !ok {
		return nil
	}
	if !n.IsInt64() {
		return f.fail("IndexError", "the index is too large", at)
	}
	i := n.Int64()
	switch s := sequence.(type) {
	case *List:
		if !f.intact(s) || s.Open && (i < 0 || i >= int64(len(s.Elems))) {
			return nil
		}
		if at, ok := position(i, len(s.Elems)); ok {
			return s.Elems[at]
		}
	case *Tuple:
		if at, ok := position(i, len(s.Elems)); ok {
			return s.Elems[at]
		}
	case Bytes:
		if at, ok := position(i, len(s)); ok {
			return NewInt(int64(s[at]))
		}
	case Str:
		runes := []rune(string(s))
		if at, ok := position(i, len(runes)); ok {
			return Str(string(runes[at]))
		}
	}
	return f.fail("IndexError", sequence.Describe()+" is shorter", at)
}

func (f *Frame) sliced(sequence Value, s *slice) Value {
	length := 0
	switch v := sequence.(type) {
	case *List:
		if v.Open || !f.intact(v) {
			return nil
		}
		length = len(v.Elems)
	case *Tuple:
		length = len(v.Elems)
	case Bytes:
		length = len(v)
	case Str:
		length = utf8.RuneCountInString(string(v))
	}
	places, ok := s.places(length)
	if !ok {
		return nil
	}
	pick := func(elems []Value) []Value {
		picked := make([]Value, len(places))
		for i, place := range places {
			picked[i] = elems[place]
		}
		return picked
	}
	switch v := sequence.(type) {
	case *List:
		return f.NewList(pick(v.Elems))
	case *Tuple:
		return &Tuple{Elems: pick(v.Elems)}
	case Bytes:
		picked := make([]byte, len(places))
		for i, place := range places {
			picked[i] = v[place]
		}
		return Bytes(picked)
	case Str:
		runes := []rune(string(v))
		picked := make([]rune, len(places))
		for i, place := range places {
			picked[i] = runes[place]
		}
		return Str(string(picked))
	}
	return nil
}

// places are the places that the slice picks of a sequence, as slice.indices
// tells.
func (s *slice) places(length int) ([]int, bool) {
	part := func(v Value, otherwise int) (int, bool) {
		if _, none := v.(None); none {
			return otherwise, true
		}
		n, ok := integer(v)
		if !ok || !n.IsInt64() {
			return 0, false
		}
		i := n.Int64()
		return int(max(min(i, 1<<40), -1<<40)), true
	}
	step, ok := part(s.step, 1)
	if !ok || step == 0 {
		return nil, false
	}
	low, high := 0, length
	if step < 0 {
		low, high = length-1, -length-1
	}
	start, ok1 := part(s.lower, low)
	stop, ok2 := part(s.upper, high)
	if !ok1 || !ok2 {
		return nil, false
	}
	clamp := func(i int) int {
		if i < 0 {
			i += length
		}
		if step < 0 {
			return max(-1, min(i, length-1))
		}
		return max(0, min(i, length))
	}
	start, stop = clamp(start), clamp(stop)
	var places []int
	for i := start; step > 0 && i < stop || step < 0 && i > stop; i += step {
		places = append(places, i)
	}
	return places, true
}
