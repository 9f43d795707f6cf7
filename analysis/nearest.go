package analysis

import "strings"

// nearest is the candidate that a name is most likely a misspelling of: one
// that differs by a third of its letters at most, where two letters that
// changed places count as one. "" if there is none.
func nearest(name string, candidates []string) string {
	best, least := "", max(len(name)/3, 1)+1
	for _, candidate := range candidates {
		if candidate == name || max(len(candidate)-len(name), len(name)-len(candidate)) >= least {
			continue
		}
		if distance := editDistance(strings.ToLower(name), strings.ToLower(candidate)); distance < least {
			best, least = candidate, distance
		}
	}
	return best
}

// editDistance counts the letters to insert, delete, replace or swap with their
// neighbour that make one text of the other (optimal string alignment).
func editDistance(from, to string) int {
	before, last, row := make([]int, len(to)+1), make([]int, len(to)+1), make([]int, len(to)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(from); i++ {
		row[0] = i
		for j := 1; j <= len(to); j++ {
			changed := 1
			if from[i-1] == to[j-1] {
				changed = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+changed)
			if i > 1 && j > 1 && from[i-1] == to[j-2] && from[i-2] == to[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(to)]
}
