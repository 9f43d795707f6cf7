package lsp

import (
	"maps"
	"slices"
)

// Methods are the names of the requests that the server answers, or of the
// notifications that it takes.
func Methods(notifications bool) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(methods)), func(name string) bool {
		return methods[name].notification != notifications
	})
}
