package analysis

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:generate sh -c "../.build/venv/bin/python signatures.py >signatures.txt"

// signatureLines say what flytekit's functions and classes may be called with,
// see signatures.py.
//
//go:embed signatures.txt
var signatureLines string

// signature is what one of flytekit's functions or classes may be called with.
type signature struct {
	// params are the names of the parameters, those that may be given by
	// position first: there are positional of them.
	params     []string
	positional int
	// required are those without default.
	required []string
	// open: it takes any keyword.
	open bool
}

// Parameter is a parameter of one of flytekit's functions or classes.
type Parameter struct {
	Name                  string
	Required, KeywordOnly bool
}

// Signature is what one of the functions or classes of flytekit 1.16 may be called
// with, by its canonical name; open tells that it takes any other keyword, too. ok
// is false if it isn't known.
func Signature(name string) (parameters []Parameter, open, ok bool) {
	s := signatureOf(name)
	if s == nil {
		return nil, false, false
	}
	for i, name := range s.params {
		parameters = append(parameters, Parameter{name, slices.Contains(s.required, name), i >= s.positional})
	}
	return parameters, s.open, true
}

// knows tells whether there is a parameter of the name.
func (s *signature) knows(name string) bool { return slices.Contains(s.params, name) }

// signatureOf is the signature of a function or a class by its canonical name;
// nil if it isn't known.
func signatureOf(name string) *signature { return signatures()[name] }

// signatures reads signatures.txt once.
var signatures = sync.OnceValue(func() map[string]*signature {
	all := map[string]*signature{}
	for line := range strings.Lines(signatureLines) {
		words := strings.Fields(line)
		s, byPosition := &signature{}, true
		for _, word := range words[1:] {
			switch name, optional := strings.CutSuffix(word, "="); {
			case word == "*":
				byPosition = false
			case word == "**":
				s.open = true
			default:
				s.params = append(s.params, name)
				if byPosition {
					s.positional++
				}
				if !optional {
					s.required = append(s.required, name)
				}
			}
		}
		all[words[0]] = s
	}
	return all
})

// pinned tells whether the flytekit that the file is run with has the
// signatures of signatures.txt: another one may know more keywords.
func (p *pass) pinned() bool {
	version := p.Module.Version("flytekit")
	return version == "" || strings.HasPrefix(version, "1.16.")
}
