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
