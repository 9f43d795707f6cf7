package scope

// Conflict is a place that would mean something else if a variable was called
// name, or that would take places of the variable for its own; nil if there is
// none. A name of Python's builtins counts where the text uses it.
func (t *Table) Conflict(v *Variable, name string) *Use {
	for i := range v.Uses {
		use := &v.Uses[i]
		for s := use.Scope; s != v.Scope && s != nil; s = s.Parent {
			if _, elsewhere := s.elsewhere[name]; elsewhere || s.variables[name] != nil {
				return use
			}
		}
	}
	for _, s := range t.Scopes {
		other := s.variables[name]
		if other == nil || !v.Scope.Within(other.Scope) {
			continue
		}
		for i := range other.Uses {
			if use := &other.Uses[i]; use.Scope.Within(v.Scope) {
				return use
			}
		}
	}
	return nil
}
