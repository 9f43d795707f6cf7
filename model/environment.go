package model

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// environment is core/environment.py:Environment: settings that the tasks which
// are made with it have in common.
type environment struct {
	settings []pyeval.Named
	open     bool
	module   *pyeval.Module
}

func newEnvironment(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	return &environment{settings: c.Keywords, open: c.Open, module: f.Importing()}
}

// Describe says what the environment is.
func (e *environment) Describe() string { return "an Environment" }

// Call makes a task, as `task` and `dynamic` do.
func (e *environment) Call(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	return e.make(Task, f, c)
}

// make makes a task with the settings. Of a dict that both give, the entries of
// both count (core/environment.py:inherit).
func (e *environment) make(kind Kind, f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	m := &maker{kind: kind, settings: e.inherit(f, c.Keywords), open: e.open || c.Open, maker: c}
	call := *c
	call.Keywords = nil
	if c.Expr == nil {
		m.maker = nil
	}
	return m.call(f, &call)
}

func (e *environment) inherit(f *pyeval.Frame, over []pyeval.Named) []pyeval.Named {
	merged := slices.Clone(e.settings)
	for _, setting := range over {
		i := slices.IndexFunc(merged, func(n pyeval.Named) bool { return n.Name == setting.Name })
		if i < 0 {
			merged = append(merged, setting)
			continue
		}
		below, ok := f.Resolve(merged[i].Value).(*pyeval.Dict)
		above, ok2 := f.Resolve(setting.Value).(*pyeval.Dict)
		if ok && ok2 {
			setting.Value = joined(f, below, above)
		}
		merged[i] = setting
	}
	return merged
}

func joined(f *pyeval.Frame, below, above *pyeval.Dict) *pyeval.Dict {
	dict := f.NewDict(nil)
	dict.Open = below.Open || above.Open
	dict.Items = slices.Clone(below.Items)
	for _, item := range above.Items {
		i := slices.IndexFunc(dict.Items, func(other pyeval.Item) bool { return pyeval.Same(other.Key, item.Key) })
		if i >= 0 {
			dict.Items[i] = item
		} else {
			dict.Items = append(dict.Items, item)
		}
	}
	return dict
}

// Attr is a method of the environment.
func (e *environment) Attr(_ *pyeval.Frame, name string) pyeval.Value {
	switch name {
	case "task":
		return &method{name, e.Call}
	case "dynamic":
		return &method{name, func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value { return e.make(Dynamic, f, c) }}
	case "extend":
		return &method{name, func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
			return &environment{e.inherit(f, c.Keywords), e.open || c.Open, f.Importing()}
		}}
	case "update":
		return &method{name, func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
			if e.module == f.Importing() && f.Unfinished() {
				e.settings, e.open = e.inherit(f, c.Keywords), e.open || c.Open
			}
			return pyeval.None{}
		}}
	}
	return nil
}
