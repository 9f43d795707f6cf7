package pyeval

import (
	"reflect"
	"slices"
)

// Truth is bool(v); known is false where the source doesn't tell.
func (f *Frame) Truth(v Value) (truth, known bool) {
	switch v := v.(type) {
	case Truther:
		return v.Truth(f)
	case *Uncertain:
		defer f.unasked()()
		for i, alternative := range v.Values {
			t, k := f.Truth(alternative)
			if !k || i > 0 && t != truth {
				return false, false
			}
			truth = t
		}
		return truth, true
	case *Instance:
		for _, name := range []string{"__bool__", "__len__"} {
			if method, ok := f.special(v, name); ok {
				return f.Truth(f.CallValue(method, &Call{Func: method}))
			}
		}
		if length, ok := Timedelta(v); ok {
			return length.Sign() != 0, true
		}
		if _, ok := MomentOf(v); ok {
			return true, true
		}
		if _, ok := v.Class.(*Class); ok && f.plain(v.Class) {
			return true, true
		}
		return false, false
	case *Native:
		behaviour, _ := f.behaviour(v)
		return true, v.Missing == "" && (behaviour.Call != nil || f.nativeClass(v))
	case *List:
		if !f.intact(v) {
			return false, false
		}
	case *Set:
		if !f.intact(v) {
			return false, false
		}
	case *Dict:
		if !f.intact(v) {
			return false, false
		}
	}
	return constTruth(v)
}

func constTruth(v Value) (truth, known bool) {
	switch v := v.(type) {
	case None:
		return false, true
	case Bool:
		return bool(v), true
	case Int:
		return v.Sign() != 0, true
	case Float:
		return v != 0, true
	case Str:
		return v != "", true
	case Bytes:
		return v != "", true
	case *List:
		return len(v.Elems) > 0, len(v.Elems) > 0 || !v.Open
	case *Tuple:
		return len(v.Elems) > 0, true
	case *Set:
		return len(v.Elems) > 0, len(v.Elems) > 0 || !v.Open
	case *Dict:
		return len(v.Items) > 0, len(v.Items) > 0 || !v.Open
	case *EnumMember:
		switch v.mixin() {
		case "":
			return true, true
		case "builtins.str", "builtins.int", "builtins.float":
			return constTruth(v.Value)
		}
	case *Function, *Class, *ModuleRef, *Partial, Ellipsis, *Alias, *Union, *NewType, *TypeVar, *TypeAliasValue, *NamedTuple:
		return true, true
	}
	return false, false
}

// Equal is a == b of values that have no operators of their own.
func (f *Frame) Equal(a, b Value) (same, known bool) {
	if x, ok := number(a); ok {
		y, ok := number(b)
		if !ok {
			return false, certain(b)
		}
		m, okM := integer(a)
		n, okN := integer(b)
		if okM && okN {
			return m.Cmp(n) == 0, true
		}
		return x == y, true
	}
	if x, ok := text(a); ok {
		y, ok := text(b)
		return ok && x == y, ok || certain(b)
	}
	switch x := a.(type) {
	case *List:
		y, ok := b.(*List)
		if !ok {
			return false, certain(b)
		}
		if x == y {
			return true, true
		}
		if x.Open || y.Open || !f.intact(x) || !f.intact(y) {
			return false, false
		}
		return f.equalAll(x.Elems, y.Elems)
	case *Tuple:
		if y, ok := b.(*Tuple); ok {
			return f.equalAll(x.Elems, y.Elems)
		}
		return false, certain(b)
	case *Set:
		y, ok := b.(*Set)
		if !ok {
			return false, certain(b)
		}
		if x.Open || y.Open || !f.intact(x) || !f.intact(y) {
			return false, false
		}
		if len(x.Elems) != len(y.Elems) {
			return false, true
		}
		difference, ok := f.setOperation(x, "-", y).(*Set)
		if !ok {
			return false, false
		}
		return len(difference.Elems) == 0, true
	case *Dict:
		y, ok := b.(*Dict)
		if !ok {
			return false, certain(b)
		}
		return f.equalDicts(x, y)
	case *Instance:
		if a == b {
			return true, true
		}
		if tuple, ok := f.asTuple(x).(*Tuple); ok {
			return f.Equal(tuple, f.asTuple(b))
		}
		if order, known := compareDates(a, b); known {
			return order == 0, true
		}
		if _, ok := b.(*Instance); ok || !certain(b) {
			return false, false
		}
		return false, f.plain(x.Class)
	}
	if Same(a, b) && certain(a) {
		return true, true
	}
	if !certain(a) || !certain(b) {
		return false, false
	}
	if _, ok := b.(*Instance); ok {
		return f.Equal(b, a)
	}
	return false, true
}

func (f *Frame) equalAll(xs, ys []Value) (same, known bool) {
	if len(xs) != len(ys) {
		return false, true
	}
	if !f.descend() {
		return false, false
	}
	defer f.ascend()
	known = true
	for i := range xs {
		s, k := f.Equal(xs[i], ys[i])
		if k && !s {
			return false, true
		}
		known = known && k
	}
	return known, known
}

func (f *Frame) equalDicts(x, y *Dict) (same, known bool) {
	if x == y {
		return true, true
	}
	if x.Open || y.Open || !f.intact(x) || !f.intact(y) {
		return false, false
	}
	if len(x.Items) != len(y.Items) {
		return false, true
	}
	if !f.descend() {
		return false, false
	}
	defer f.ascend()
	for _, item := range x.Items {
		other, found, known := f.item(y, item.Key)
		if !known {
			return false, false
		}
		if !found {
			return false, true
		}
		if same, known := f.Equal(item.Value, other); !known || !same {
			return false, known
		}
	}
	return true, true
}

// certain tells whether it is known what kind of object a value is.
func certain(v Value) bool {
	switch v.(type) {
	case *Unknown, *Uncertain, Operator:
		return false
	}
	return true
}

// identical is `a is b`.
func (f *Frame) identical(a, b Value) (same, known bool) {
	if u, ok := a.(*Uncertain); ok {
		for i, v := range u.Values {
			s, k := f.identical(v, b)
			if !k || i > 0 && s != same {
				return false, false
			}
			same = s
		}
		return same, true
	}
	if _, ok := b.(*Uncertain); ok {
		return f.identical(b, a)
	}
	if unknown(a) || unknown(b) {
		return false, false
	}
	if singleton(a) || singleton(b) {
		return Same(a, b), true
	}
	switch a.(type) {
	case Int, Float, Str, Bytes:
		// Whether equal ones are the same object is up to the interpreter.
		return false, false
	case *Native, *Function:
		return Same(a, b), true
	}
	if sameObject(a, b) {
		return true, true
	}
	// Objects of finished modules may be the same one, evaluated twice.
	return false, false
}

func unknown(v Value) bool {
	_, is := v.(*Unknown)
	return is
}

// singleton tells whether there is only one object equal to v.
func singleton(v Value) bool {
	switch v.(type) {
	case None, Bool, Ellipsis, *EnumMember, *Class, *ModuleRef:
		return true
	}
	return false
}

// Same tells whether two values stand for the same object, or for equal
// constants or types, also where they come from two evaluations of a module.
func Same(a, b Value) bool {
	left := 10_000
	return same(a, b, &left)
}

// same is Same, of values with no more parts than are left.
func same(a, b Value, left *int) bool {
	if *left--; *left < 0 {
		return false
	}
	equal := func(a, b Value) bool { return same(a, b, left) }
	switch x := a.(type) {
	case Int:
		y, ok := b.(Int)
		return ok && x.Cmp(y.Int) == 0
	case None, Bool, Float, Str, Bytes, Ellipsis:
		switch b.(type) {
		case None, Bool, Float, Str, Bytes, Ellipsis:
			return a == b
		}
		return false
	case *Native:
		y, ok := b.(*Native)
		return ok && x.Name == y.Name
	case *ModuleRef:
		y, ok := b.(*ModuleRef)
		return ok && x.Name == y.Name
	case *Import:
		y, ok := b.(*Import)
		return ok && *x == *y
	case *Class:
		y, ok := b.(*Class)
		if !ok || x == y {
			return ok
		}
		return x.Qualname == y.Qualname && x.Module != y.Module && x.Module.Path == y.Module.Path
	case *Function:
		y, ok := b.(*Function)
		if !ok || x == y {
			return ok
		}
		return x.Def != nil && x.Bound == nil && y.Bound == nil && x.Qualname == y.Qualname &&
			x.Module != y.Module && x.Module.Path == y.Module.Path && !nested(x) && !nested(y)
	case *EnumMember:
		y, ok := b.(*EnumMember)
		return ok && x.Name == y.Name && equal(x.Class, y.Class)
	case *Tuple:
		y, ok := b.(*Tuple)
		return ok && (x == y || slices.EqualFunc(x.Elems, y.Elems, equal))
	case *Alias:
		y, ok := b.(*Alias)
		return ok && (x == y || equal(x.Origin, y.Origin) && slices.EqualFunc(x.Args, y.Args, equal))
	case *Union:
		y, ok := b.(*Union)
		return ok && (x == y || len(x.Args) == len(y.Args) && !slices.ContainsFunc(x.Args, func(arg Value) bool {
			return !slices.ContainsFunc(y.Args, func(other Value) bool { return equal(arg, other) })
		}))
	case *NewType:
		y, ok := b.(*NewType)
		return ok && (x == y || x.Name == y.Name && equal(x.Of, y.Of))
	case *ForwardRef:
		y, ok := b.(*ForwardRef)
		return ok && x.Text == y.Text
	}
	return sameObject(a, b)
}

// nested tells whether a function was defined in the call of another, so that
// there may be several of the same name.
func nested(f *Function) bool { return f.In != nil && f.In.kind == functionScope }

// sameObject compares what pointers point to by its address.
func sameObject(a, b Value) bool { return reflect.TypeOf(a).Comparable() && a == b }
