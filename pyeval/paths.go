package pyeval

import (
	"strings"
)

func joinPath(_ *Frame, c *Call) Value {
	path := ""
	for i, arg := range c.Args {
		part, ok := arg.Value.(Str)
		if !ok {
			return nil
		}
		switch {
		case i == 0 || strings.HasPrefix(string(part), "/"):
			path = string(part)
		case path == "" || strings.HasSuffix(path, "/"):
			path += string(part)
		default:
			path += "/" + string(part)
		}
	}
	return Str(path)
}

func pathPart(part func(string) string) func(*Frame, *Call) Value {
	return func(_ *Frame, c *Call) Value {
		if path, ok := c.Value(0, "p", nil).(Str); ok {
			return Str(part(string(path)))
		}
		return nil
	}
}

// pathText is str(Path(...)).
func pathText(i *Instance) (string, bool) {
	var parts []string
	root := ""
	for _, arg := range i.Args {
		part, ok := arg.(Str)
		if inner, is := arg.(*Instance); is && isNative(inner.Class, "pathlib.Path") {
			var text string
			text, ok = pathText(inner)
			part = Str(text)
		}
		if !ok || i.Open {
			return "", false
		}
		if strings.HasPrefix(string(part), "/") {
			if strings.HasPrefix(string(part), "//") {
				return "", false
			}
			root, parts = "/", nil
		}
		for name := range strings.SplitSeq(string(part), "/") {
			if name != "" && name != "." {
				parts = append(parts, name)
			}
		}
	}
	if text := root + strings.Join(parts, "/"); text != "" {
		return text, true
	}
	return ".", true
}

func pathMember(f *Frame, self *Instance, name string) Value {
	text, ok := pathText(self)
	if !ok {
		return nil
	}
	i := strings.LastIndexByte(text, '/')
	last := text[i+1:]
	dot := strings.LastIndexByte(last, '.')
	if dot <= 0 || dot == len(last)-1 {
		dot = len(last)
	}
	switch name {
	case "name":
		return Str(last)
	case "stem":
		return Str(last[:dot])
	case "suffix":
		return Str(last[dot:])
	case "parent":
		parent := "."
		if i == 0 {
			parent = "/"
		} else if i > 0 {
			parent = text[:i]
		}
		return &Instance{Class: self.Class, Args: []Value{Str(parent)}, owned: f.own()}
	}
	return nil
}
