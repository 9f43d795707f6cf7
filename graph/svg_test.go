package graph_test

import (
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/graph"
)

// elements reads a picture, which must be XML in which ids are unique, and
// returns the attributes of its groups.
func elements(t *testing.T, svg string) []map[string]string {
	t.Helper()
	var groups []map[string]string
	ids := map[string]bool{}
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return groups
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, svg)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		attributes := map[string]string{}
		for _, attribute := range start.Attr {
			attributes[attribute.Name.Local] = attribute.Value
		}
		if id := attributes["id"]; id != "" {
			if ids[id] {
				t.Errorf("the id %s is there twice", id)
			}
			ids[id] = true
		}
		if start.Name.Local == "g" {
			groups = append(groups, attributes)
		}
	}
}

// Each node is a group with its id and its line, so that a click finds the
// source; each edge has a group that names both nodes.
func TestSVG(t *testing.T) {
	for _, depth := range []int{0, 5} {
		g := graphOf(t, "orders.py", "main", graph.Options{Depth: depth})
		svg, err := g.SVG(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		drawn := map[string]map[string]string{}
		for _, group := range elements(t, svg) {
			drawn[group["id"]] = group
		}
		for _, node := range g.Nodes {
			group := drawn["node-"+node.ID]
			if group == nil || group["data-id"] != node.ID || group["data-line"] != strconv.Itoa(node.Line) || group["data-file"] != node.File {
				t.Errorf("depth %d: %s is drawn as %v, want line %d of %s", depth, node.ID, group, node.Line, node.File)
			}
		}
		for _, class := range []string{`class="edge data"`, `class="edge order"`, `class="edge case"`} {
			if !strings.Contains(svg, class) {
				t.Errorf("no %s", class)
			}
		}
		if strings.Contains(svg, "<large>") || !strings.Contains(svg, "&lt;large&gt;") {
			t.Error("the text of the source isn't escaped")
		}
	}
}

// TestExamples draws everything that the examples define, opened.
func TestExamples(t *testing.T) {
	snapshot := snapshotOf(t)
	root, err := filepath.Abs("../examples")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".py" {
			return err
		}
		file, err := snapshot.File(path)
		if err != nil {
			return err
		}
		module, err := snapshot.Module(t.Context(), path)
		if err != nil {
			return err
		}
		for _, entity := range module.Entities {
			g, err := graph.Of(t.Context(), snapshot, file, entity, graph.Options{Depth: 9})
			if err != nil {
				return err
			}
			count++
			known := map[string]bool{"": true}
			for _, node := range g.Nodes {
				if known[node.ID] || !known[node.Parent] {
					t.Errorf("%s %s: node %s in %q", path, entity.Name, node.ID, node.Parent)
				}
				known[node.ID] = true
			}
			for _, edge := range g.Edges {
				if !known[edge.From] || !known[edge.To] {
					t.Errorf("%s %s: edge %+v", path, entity.Name, edge)
				}
			}
			for name, write := range graph.Formats {
				text, err := write(t.Context(), g)
				if err != nil {
					return err
				}
				if name == "svg" {
					elements(t, text)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count < 50 {
		t.Errorf("only %d entities", count)
	}
}
