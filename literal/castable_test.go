package literal_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/flyte-lsp/flyte-lsp/literal"
)

// TestCastable compares with what propeller v1.16.8 answers
// (flytepropeller/pkg/compiler/validators.AreTypesCastable), recorded for each
// pair of types that flytekit 1.16.31 makes: testdata/castable.json has the
// types, and of each one a row with an x where the type of that column takes it.
func TestCastable(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "castable.json"))
	if err != nil {
		t.Fatal(err)
	}
	var recorded []struct {
		Python string
		Type   json.RawMessage
		Fits   string
	}
	if err := json.Unmarshal(data, &recorded); err != nil {
		t.Fatal(err)
	}
	types := make([]*core.LiteralType, len(recorded))
	for i, r := range recorded {
		types[i] = &core.LiteralType{}
		if err := protojson.Unmarshal(r.Type, types[i]); err != nil {
			t.Fatal(err)
		}
	}
	for i, r := range recorded {
		for j := range recorded {
			if got, want := literal.Castable(types[i], types[j]), r.Fits[j] == 'x'; got != want {
				t.Errorf("%s to %s: %v, propeller says %v", r.Python, recorded[j].Python, got, want)
			}
		}
	}
}
