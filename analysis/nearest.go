package analysis

import "strings"

// Nearest is the name that a word was most likely meant to be, "" if none is
// like it: a third of its letters may be wrong, left out, added or swapped with
// the next one. Of names of several words, the only one with a word that starts
// as it does is meant: "retry" is "retries", "image" is "container_image".
func Nearest(word string, names []string) string {
	best, least := "", max(1, len([]rune(word))/3)+1
	for _, name := range names {
		if distance := editDistance(word, name); distance < least && distance > 0 {
			best, least = name, distance
		}
	}
	if best != "" || len(word) < 5 {
		return best
	}
	for _, name := range names {
		if strings.Contains("_"+name, "_"+word[:len(word)-1]) {
			if best != "" {
				return ""
			}
			best = name
		}
	}
	return best
}

// editDistance counts the letters to change, add, leave out or swap with the
// next one to make b of a (optimal string alignment).
func editDistance(a, b string) int {
	from, to := []rune(a), []rune(b)
	beforeLast, last, row := make([]int, len(to)+1), make([]int, len(to)+1), make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := range from {
		beforeLast, last, row = last, row, beforeLast
		row[0] = i + 1
		for j := range to {
			changed := last[j]
			if from[i] != to[j] {
				changed++
			}
			row[j+1] = min(changed, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && from[i] == to[j-1] && from[i-1] == to[j] {
				row[j+1] = min(row[j+1], beforeLast[j-1]+1)
			}
		}
	}
	return row[len(to)]
}
