package navigate

import "context"

// Highlights are the places of one file that mean the thing at an offset. general
// has it answer what a server for Python answers, too. Errors are as
// Snapshot.Module has them.
func (s *Search) Highlights(ctx context.Context, path string, offset int, general bool) ([]Place, error) {
	thing, place, err := s.At(ctx, path, offset)
	if err != nil || thing == nil || place.General && !general {
		return nil, err
	}
	if isDocument(path) {
		return []Place{*place}, nil
	}
	r, err := read(ctx, s.Snapshot, path)
	if err != nil || r == nil {
		return nil, err
	}
	found := &places{seen: map[placeID]bool{}}
	words := []string{thing.Name}
	for i := 0; i < len(words); i++ {
		found.add(r.references(thing, words[i])...)
		words = found.aliases(words)
	}
	return found.written(), ctx.Err()
}

// Known are the places of a thing that are shown as its references: those that
// have its name. general has those among them that a server for Python finds, too;
// it doesn't find any where it doesn't know what stands at the place that is asked
// for, at: then they are among them as well.
func Known(list []Place, at *Place, general bool) []Place {
	var kept []Place
	for _, place := range list {
		if place.Obstacle == "" && (general || !at.General || !place.General) {
			kept = append(kept, place)
		}
	}
	return kept
}

// Binds tells whether a place gives the name its meaning, as opposed to using it.
func (p *Place) Binds() bool {
	return p.Kind == Declaration || p.Kind == Write || p.Kind == Import
}
