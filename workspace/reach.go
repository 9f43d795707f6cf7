package workspace

// Circular tells whether importing the module at path may lead through modules
// of the workspace that import each other, itself or others.
func (s *Snapshot) Circular(path string) bool {
	const (
		begun = 1 + iota
		done
	)
	state := map[string]int{}
	var visit func(path string) bool
	visit = func(path string) bool {
		state[path] = begun
		_, imported := s.seenAs(path)
		for _, next := range imported {
			if next == path {
				continue
			}
			if state[next] == begun || state[next] == 0 && visit(next) {
				return true
			}
		}
		state[path] = done
		return false
	}
	return visit(path)
}

// Sees tells whether importing the module at path may lead to one of the
// workspace's modules: itself, one that it imports, or one that these import.
func (s *Snapshot) Sees(path string, modules map[string]bool) bool {
	seen := map[string]bool{}
	for next := []string{path}; len(next) > 0; {
		one := next[len(next)-1]
		next = next[:len(next)-1]
		if modules[one] {
			return true
		}
		if seen[one] {
			continue
		}
		seen[one] = true
		_, imported := s.seenAs(one)
		next = append(next, imported...)
	}
	return false
}
