package analysis_test

import (
	"path/filepath"
	"testing"
)

// TestTypeWithoutEnd: flytekit takes twice as long for each level of a class
// that holds itself twice, so that it can't be asked about it as about others.
func TestTypeWithoutEnd(t *testing.T) {
	for name, fields := range map[string]string{
		"optional": "left: Optional[\"Tree\"] = None\n    right: Optional[\"Tree\"] = None",
		"lists":    "left: list[Optional[\"Tree\"]]\n    right: dict[str, Optional[\"Tree\"]]",
		"one":      "nodes: Union[list[Optional[\"Tree\"]], Optional[\"Tree\"]] = None",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "example.py")
			write(t, path, `from dataclasses import dataclass
from typing import Optional, Union

from flytekit import task


@dataclass
class Tree:
    `+fields+`


@task
def depth(tree: Tree) -> int:
    return 1
`)
			found := look(t, path)
			if len(found) != 1 || found[0].Rule.Code != "type-recursive" {
				t.Errorf("found %v, want type-recursive", found)
			}
		})
	}
}
