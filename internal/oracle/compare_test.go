package oracle

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/model/listing"
)

// entities reads a list of entities, and each as flytekit's.
func entities(t *testing.T, text string) ([]listing.Entity, []Entity) {
	t.Helper()
	var own []listing.Entity
	if err := json.Unmarshal([]byte(text), &own); err != nil {
		t.Fatal(err)
	}
	var theirs []Entity
	for _, entity := range own {
		theirs = append(theirs, Entity{Entity: entity})
	}
	return own, theirs
}

const train = `{"file": "a.py", "line": 3, "name": "train", "full_name": "a.train", "kind": "task",
	"inputs": [{"name": "x", "type": {"simple": "INTEGER"}, "default": {"scalar": {"primitive": {"integer": "1"}}}}],
	"outputs": [{"name": "o0", "type": {"collectionType": {"simple": "FLOAT"}}}]}`

func TestCompare(t *testing.T) {
	for _, test := range []struct {
		name      string
		got, want string
		says      []string
		tally     Tally
	}{
		{
			name: "the same in another spelling of JSON",
			got: strings.NewReplacer(`"simple": "INTEGER"`, `"simple": 1`, `"collectionType"`, `"collection_type"`).Replace(
				train),
			want:  train,
			tally: Tally{Files: 1, Entities: 1, Found: 1, Equal: 1},
		},
		{
			name:  "a union within a list in another order",
			got:   strings.Replace(train, `{"simple": "FLOAT"}`, `{"unionType": {"variants": [{"simple": "STRING"}, {"simple": "FLOAT"}]}}`, 1),
			want:  strings.Replace(train, `{"simple": "FLOAT"}`, `{"unionType": {"variants": [{"simple": "FLOAT"}, {"simple": "STRING"}]}}`, 1),
			tally: Tally{Files: 1, Entities: 1, Found: 1, Equal: 1},
		},
		{
			name:  "a union in another order",
			got:   strings.Replace(train, `{"simple": "INTEGER"}`, `{"unionType": {"variants": [{"simple": "STRING"}, {"simple": "FLOAT"}]}}`, 1),
			want:  strings.Replace(train, `{"simple": "INTEGER"}`, `{"unionType": {"variants": [{"simple": "FLOAT"}, {"simple": "STRING"}]}}`, 1),
			says:  []string{`a.py:3: task train: wrong inputs.x.type.unionType.variants[0].simple: got "STRING", flytekit has "FLOAT"`},
			tally: Tally{Files: 1, Entities: 1, Found: 1, Wrong: 1},
		},
		{
			name:  "another type deep inside",
			got:   strings.Replace(train, "FLOAT", "STRING", 1),
			want:  train,
			says:  []string{`a.py:3: task train: wrong outputs.o0.type.collectionType.simple: got "STRING", flytekit has "FLOAT"`},
			tally: Tally{Files: 1, Entities: 1, Found: 1, Wrong: 1},
		},
		{
			name: "unknown with a reason",
			got:  strings.Replace(train, `{"simple": "INTEGER"}`, `null, "reason": "torch isn't installed"`, 1),
			want: train,
			says: []string{
				`a.py:3: task train: unknown inputs.x.type: torch isn't installed (flytekit: {"simple": "INTEGER"})`,
			},
			tally: Tally{Files: 1, Entities: 1, Found: 1, Unknown: 1},
		},
		{
			name:  "unknown without a reason",
			got:   strings.Replace(train, `{"simple": "INTEGER"}`, `null`, 1),
			want:  train,
			says:  []string{`a.py:3: task train: wrong inputs.x.type: got null, flytekit has {"simple": "INTEGER"}`},
			tally: Tally{Files: 1, Entities: 1, Found: 1, Wrong: 1},
		},
		{
			name: "another line, another full name, no default",
			got: strings.NewReplacer(`"line": 3`, `"line": 2`, "a.train", "b.train", `{"scalar": {"primitive": {"integer": "1"}}}`,
				"null").Replace(train),
			want: train,
			says: []string{
				`a.py:3: task train: wrong line: got 2, flytekit has 3`,
				`a.py:3: task train: wrong full_name: got "b.train", flytekit has "a.train"`,
				`a.py:3: task train: wrong inputs.x.default: got null, flytekit has {"scalar": {"primitive": {"integer": "1"}}}`,
			},
			tally: Tally{Files: 1, Entities: 1, Found: 1, Wrong: 1},
		},
		{
			name:  "missing and invented",
			got:   strings.NewReplacer("train", "other", `"line": 3`, `"line": 9`).Replace(train),
			want:  train,
			says:  []string{"a.py:3: task train: missing", "a.py:9: task other: invented"},
			tally: Tally{Files: 1, Entities: 1, Missing: 1, Invented: 1},
		},
		{
			name:  "a variable too many",
			got:   strings.Replace(train, `[{"name": "x"`, `[{"name": "y", "type": null}, {"name": "x"`, 1),
			want:  train,
			says:  []string{"a.py:3: task train: wrong inputs: got (y, x), flytekit has (x)"},
			tally: Tally{Files: 1, Entities: 1, Found: 1, Wrong: 1},
		},
		{
			name: "no interface, with a reason",
			got: `{"file": "a.py", "line": 3, "name": "train", "full_name": "a.train", "kind": "task",
				"reason": "make() is not in this workspace"}`,
			want: train,
			says: []string{
				"a.py:3: task train: unknown interface: make() is not in this workspace (flytekit: 1 inputs, 1 outputs)",
			},
			tally: Tally{Files: 1, Entities: 1, Found: 1, Unknown: 1},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, _ := entities(t, "["+test.got+"]")
			_, want := entities(t, "["+test.want+"]")
			differences := Compare(got, want)
			var says []string
			for _, difference := range differences {
				says = append(says, difference.String())
			}
			if a, b := strings.Join(says, "\n"), strings.Join(test.says, "\n"); a != b {
				t.Errorf("got:\n%s\nwant:\n%s", a, b)
			}
			var tally Tally
			tally.Add(len(want), differences)
			if tally != test.tally {
				t.Errorf("tally is %+v, want %+v", tally, test.tally)
			}
		})
	}
}
