package model

import (
	"fmt"
	"strings"
)

// Named is Entity, with an error that tells which names there are in the file, as
// it calls that.
func (m *Module) Named(name, file string) (*Entity, error) {
	if entity := m.Entity(name); entity != nil {
		return entity, nil
	}
	var names []string
	for _, entity := range m.Entities {
		if entity.Name != "" && !entity.Shadowed {
			names = append(names, entity.Name)
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s defines no task, workflow or launch plan", file)
	}
	return nil, fmt.Errorf("%s defines no task, workflow or launch plan %s; it has: %s", file, name, strings.Join(names, ", "))
}
