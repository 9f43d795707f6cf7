package workspace

// Importers are the open files among the Dependents of a file.
func (s *Snapshot) Importers(path string) []*File {
	var importers []*File
	for _, dependent := range s.Dependents(path) {
		if file := s.open[dependent]; file != nil {
			importers = append(importers, file)
		}
	}
	return importers
}
