package pyeval

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// execMatch evaluates the case that matches, or those that may.
func (f *Frame) execMatch(s *ast.Match) flow {
	subject := f.Eval(s.Subject)
	var blocks []func() flow
	for i := range s.Cases {
		c := &s.Cases[i]
		m := match{frame: f, values: map[string]Value{}}
		was := f.asking(s.Subject)
		is, known := m.pattern(c.Pattern, subject)
		f.ev.asked = was
		if f.ev.raised != nil {
			return flow{raises, f.ev.raised}
		}
		if known && !is {
			continue
		}
		if known && len(blocks) == 0 {
			m.bind(c, subject)
			holds, sure := true, true
			if c.Guard != nil {
				holds, sure, _ = f.truthOf(c.Guard)
			}
			switch {
			case sure && holds:
				return f.block(c.Body)
			case sure:
				continue
			}
		}
		certain := known && c.Guard == nil
		blocks = append(blocks, func() flow {
			m.bind(c, subject)
			if c.Guard != nil {
				f.truthOf(c.Guard)
			}
			return f.block(c.Body)
		})
		if certain {
			return f.either(blocks...)
		}
	}
	if len(blocks) == 0 {
		return flow{}
	}
	return f.either(append(blocks, func() flow { return flow{} })...)
}

// match is a case while it is tried: the values that its pattern captures.
type match struct {
	frame  *Frame
	values map[string]Value
}

// bind binds the names of the pattern.
func (m *match) bind(c *ast.MatchCase, subject Value) {
	for _, name := range c.Binds {
		value, ok := m.values[name.ID]
		if !ok {
			value = m.frame.part(subject, name)
		}
		m.frame.assign(name, value)
	}
}

// pattern tells whether a value matches a pattern.
func (m *match) pattern(p *ast.Pattern, v Value) (is, known bool) {
	f := m.frame
	if p == nil || !f.descend() {
		return false, false
	}
	defer f.ascend()
	switch p.Kind {
	case ast.AnyPattern:
		if len(p.Parts) == 1 {
			if is, known := m.pattern(p.Parts[0], v); !is || !known {
				return is, known
			}
		}
		m.capture(p.Name, v)
		return true, true
	case ast.ValuePattern:
		return m.value(p, v)
	case ast.OrPattern:
		for _, part := range p.Parts {
			if is, known := m.pattern(part, v); is || !known {
				return is, known
			}
		}
		return false, true
	case ast.ClassPattern:
		return m.class(p, v)
	case ast.SequencePattern:
		return m.sequence(p, v)
	case ast.MappingPattern:
		return m.mapping(p, v)
	}
	return false, false
}

func (m *match) capture(name *ast.Name, v Value) {
	if name != nil {
		m.values[name.ID] = v
	}
}

// value compares with a constant, by identity if it is None, True or False.
func (m *match) value(p *ast.Pattern, v Value) (is, known bool) {
	f := m.frame
	want := f.Eval(p.Value)
	if constant, ok := p.Value.(*ast.Constant); ok {
		switch constant.Kind {
		case ast.NoneConst, ast.TrueConst, ast.FalseConst:
			f.used(v, AsIdentity, f.ev.asked)
			return f.identical(v, want)
		}
	}
	if o, ok := v.(Operator); ok {
		return f.Truth(o.Operate(f, "==", want, false, p.Value))
	}
	if !certain(v) && !uncertain(v) || unknown(want) {
		return false, false
	}
	return f.Truth(f.compared(v, "==", want, p.Value))
}

func uncertain(v Value) bool {
	_, is := v.(*Uncertain)
	return is
}

// wholeTypes are the classes whose patterns match the object itself with their
// only positional part.
var wholeTypes = func() map[string]bool {
	types := map[string]bool{}
	for name := range strings.FieldsSeq("bool bytearray bytes dict float frozenset int list set str tuple") {
		types["builtins."+name] = true
	}
	return types
}()

func (m *match) class(p *ast.Pattern, v Value) (is, known bool) {
	f := m.frame
	class := f.Eval(p.Value)
	f.used(v, AsIdentity, f.ev.asked)
	result, ok := f.isInstance(v, class).(Bool)
	if !ok || !bool(result) {
		return false, ok
	}
	positional := len(p.Parts) - len(p.Keywords)
	parts := p.Parts
	native, _ := class.(*Native)
	if native != nil && positional == 1 && wholeTypes[native.Name] {
		if is, known := m.pattern(parts[0], v); !is || !known {
			return is, known
		}
		parts, positional = parts[1:], 0
	}
	names, ok := f.matchArgs(class)
	if positional > 0 && (!ok || positional > len(names)) {
		return false, false
	}
	names = append(slices.Clone(names[:positional]), p.Keywords...)
	for i, name := range names {
		attr, has, known := f.hasAttr(v, name)
		if !known || !has {
			return false, known
		}
		if is, known := m.pattern(parts[i], attr); !is || !known {
			return is, known
		}
	}
	return true, true
}

// matchArgs is __match_args__ of a class, which dataclasses and named tuples
// have from their fields.
func (f *Frame) matchArgs(class Value) (names []string, known bool) {
	switch class := class.(type) {
	case *NamedTuple:
		for _, field := range class.Fields {
			names = append(names, field.Name)
		}
		return names, true
	case *Class:
		if given, ok := f.inMRO(class, "__match_args__"); ok {
			values, known := f.Iterate(given)
			for _, value := range values {
				name, ok := text(value)
				names, known = append(names, name), known && ok
			}
			return names, known
		}
		if fields := f.NamedTupleFields(class); fields != nil {
			for _, field := range fields {
				names = append(names, field.Name)
			}
			return names, true
		}
		if f.IsDataclass(class) {
			for _, field := range f.Fields(class) {
				if field.Init && !field.KeywordOnly {
					names = append(names, field.Name)
				}
			}
			return names, true
		}
		return nil, f.plain(class)
	}
	return nil, false
}

func (m *match) sequence(p *ast.Pattern, v Value) (is, known bool) {
	f := m.frame
	switch v := f.asTuple(v).(type) {
	case *List, *Tuple:
		elems, all := f.Iterate(v)
		if !all {
			return false, false
		}
		return m.elements(p.Parts, elems)
	case None, Bool, Int, Float, Str, Bytes, *Set, *Dict, *EnumMember, *Function, *Class:
		return false, true
	}
	return false, false
}

func (m *match) elements(parts []*ast.Pattern, elems []Value) (is, known bool) {
	star := slices.IndexFunc(parts, func(part *ast.Pattern) bool { return part.Kind == ast.StarPattern })
	if star < 0 && len(parts) != len(elems) || len(elems) < len(parts)-1 {
		return false, true
	}
	if star >= 0 {
		after := len(parts) - star - 1
		m.capture(parts[star].Name, m.frame.NewList(slices.Clone(elems[star:len(elems)-after])))
		parts = slices.Delete(slices.Clone(parts), star, star+1)
		elems = slices.Delete(slices.Clone(elems), star, len(elems)-after)
	}
	for i, part := range parts {
		if is, known := m.pattern(part, elems[i]); !is || !known {
			return is, known
		}
	}
	return true, true
}

func (m *match) mapping(p *ast.Pattern, v Value) (is, known bool) {
	f := m.frame
	dict, ok := v.(*Dict)
	if !ok {
		switch v.(type) {
		case None, Bool, Int, Float, Str, Bytes, *Set, *List, *Tuple, *EnumMember, *Function, *Class:
			return false, true
		}
		return false, false
	}
	rest := &Dict{owned: f.own()}
	f.updateDict(rest, dict)
	for i, expr := range p.Keys {
		key := f.Eval(expr)
		value, found, known := f.item(dict, key)
		if !found {
			return false, known
		}
		if is, known := m.pattern(p.Parts[i], value); !is || !known {
			return is, known
		}
		f.deleteIndex(rest, key)
	}
	m.capture(p.Name, rest)
	return true, true
}
