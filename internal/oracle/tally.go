package oracle

import "fmt"

// Tally counts how a corpus was read.
type Tally struct {
	// Files are those that flytekit imports, Unimportable those that it doesn't.
	Files, Unimportable int
	// Entities are flytekit's; Found and Missing say what became of them.
	// Invented ones are the model's alone.
	Entities, Found, Missing, Invented int
	// Equal, Unknown and Wrong divide the found entities: no difference in any
	// field, one that the model doesn't tell, one that it tells differently.
	Equal, Unknown, Wrong int
}

// Add counts one file that flytekit imports, and what Compare says of it.
func (t *Tally) Add(entities int, differences []Difference) {
	t.Files++
	t.Entities += entities
	unknown, wrong := map[string]bool{}, map[string]bool{}
	for _, difference := range differences {
		entity := fmt.Sprint(difference.Line, difference.Entity)
		switch difference.Verdict {
		case Missing:
			t.Missing++
		case Invented:
			t.Invented++
		case Unknown:
			unknown[entity] = true
		case Wrong:
			wrong[entity] = true
		}
	}
	for entity := range unknown {
		if !wrong[entity] {
			t.Unknown++
		}
	}
	t.Wrong += len(wrong)
	t.Found = t.Entities - t.Missing
	t.Equal = t.Found - t.Unknown - t.Wrong
}

// String is a table of three lines.
func (t Tally) String() string {
	return fmt.Sprintf("files    %5d imported by flytekit, %d not\n"+
		"entities %5d, found %d (%s), missing %d, invented %d\n"+
		"fields   %5d equal (%s), %d unknown (%s), %d wrong (%s)",
		t.Files, t.Unimportable,
		t.Entities, t.Found, percent(t.Found, t.Entities), t.Missing, t.Invented,
		t.Equal, percent(t.Equal, t.Found), t.Unknown, percent(t.Unknown, t.Found), t.Wrong, percent(t.Wrong, t.Found))
}

func percent(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f %%", 100*float64(part)/float64(whole))
}
