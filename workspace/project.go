package workspace

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// projectFiles are the files that make a folder a project's.
var projectFiles = []string{"pyproject.toml", "setup.cfg", "setup.py"}

// stating are those of them that state where packages lie, in a way that needs
// no Python to read.
var stating = [...]string{"pyproject.toml", "setup.cfg"}

// packageRoots are the folders that a project says its packages lie in, as
// absolute paths: what is imported as `app` is the folder `app` in one of
// them. It is empty if the project doesn't say. A file that can't be read, or
// isn't as it should be, says nothing.
func packageRoots(dir string) []string {
	var roots []string
	if text, err := os.ReadFile(filepath.Join(dir, "pyproject.toml")); err == nil {
		var project pyproject
		// A mistake elsewhere in the file leaves what was read so far.
		_ = toml.Unmarshal(text, &project)
		roots = project.roots()
	}
	if text, err := os.ReadFile(filepath.Join(dir, "setup.cfg")); err == nil {
		roots = append(roots, setupRoots(text)...)
	}
	var found []string
	for _, root := range roots {
		if !filepath.IsAbs(root) {
			root = filepath.Join(dir, filepath.FromSlash(root))
		}
		found = append(found, filepath.Clean(root))
	}
	return found
}

// pyproject has the parts of a pyproject.toml in which build systems are told
// where packages lie.
type pyproject struct {
	BuildSystem struct {
		Backend string `toml:"build-backend"`
	} `toml:"build-system"`
	Tool struct {
		// Our own word, for projects that build nothing.
		FlyteLSP struct {
			SourceRoots []string `toml:"source-roots"`
		} `toml:"flyte-lsp"`
		Setuptools struct {
			PackageDir map[string]string `toml:"package-dir"`
			// A list of names, or a table.
			Packages any `toml:"packages"`
		} `toml:"setuptools"`
		Poetry struct {
			Packages []struct {
				From string `toml:"from"`
			} `toml:"packages"`
		} `toml:"poetry"`
		Hatch struct {
			Build struct {
				hatchTarget
				DevModeDirs []string `toml:"dev-mode-dirs"`
				Targets     struct {
					Wheel hatchTarget `toml:"wheel"`
				} `toml:"targets"`
			} `toml:"build"`
		} `toml:"hatch"`
		UV struct {
			BuildBackend struct {
				ModuleRoot *string `toml:"module-root"`
			} `toml:"build-backend"`
		} `toml:"uv"`
		PDM struct {
			Build struct {
				PackageDir string `toml:"package-dir"`
			} `toml:"build"`
		} `toml:"pdm"`
	} `toml:"tool"`
}

type hatchTarget struct {
	Packages []string `toml:"packages"`
	Sources  any      `toml:"sources"` // a list of folders, or a table of renamed ones
}

func (p *pyproject) roots() []string {
	tool := &p.Tool
	roots := tool.FlyteLSP.SourceRoots
	if root := tool.Setuptools.PackageDir[""]; root != "" {
		roots = append(roots, root)
	}
	if packages, ok := tool.Setuptools.Packages.(map[string]any); ok {
		find, _ := packages["find"].(map[string]any)
		roots = append(roots, texts(find["where"])...)
	}
	for _, packages := range tool.Poetry.Packages {
		if packages.From != "" {
			roots = append(roots, packages.From)
		}
	}
	roots = append(roots, tool.Hatch.Build.DevModeDirs...)
	for _, target := range []hatchTarget{tool.Hatch.Build.hatchTarget, tool.Hatch.Build.Targets.Wheel} {
		roots = append(roots, texts(target.Sources)...)
		for _, packaged := range target.Packages {
			roots = append(roots, filepath.Dir(filepath.FromSlash(packaged)))
		}
	}
	if root := tool.UV.BuildBackend.ModuleRoot; root != nil {
		roots = append(roots, *root)
	} else if strings.HasPrefix(p.BuildSystem.Backend, "uv_build") {
		roots = append(roots, "src")
	}
	if root := tool.PDM.Build.PackageDir; root != "" {
		roots = append(roots, root)
	}
	return roots
}

// texts are the strings of a list.
func texts(list any) []string {
	var found []string
	elements, _ := list.([]any)
	for _, element := range elements {
		if text, ok := element.(string); ok {
			found = append(found, text)
		}
	}
	return found
}

// setupRoots are the roots that a setup.cfg tells setuptools.
func setupRoots(text []byte) []string {
	var roots []string
	section, key := "", ""
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		line := lines.Text()
		value := strings.TrimSpace(line)
		switch {
		case value == "" || value[0] == '#' || value[0] == ';':
			continue
		case value[0] == '[':
			section, key = strings.Trim(value, "[]"), ""
			continue
		case line[0] != ' ' && line[0] != '\t':
			key, value, _ = strings.Cut(value, "=")
			key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		}
		switch {
		case section == "options" && key == "package_dir":
			// A line of the table: package = folder, with no package for the root.
			if root, ok := strings.CutPrefix(value, "="); ok {
				roots = append(roots, strings.TrimSpace(root))
			}
		case section == "options.packages.find" && key == "where" && value != "":
			roots = append(roots, value)
		}
	}
	return roots
}
