package navigate

import (
	"cmp"
	"context"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/editing/words"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Link is a part of a text that leads elsewhere.
type Link struct {
	Span parser.Span
	// Address is a web page's; "" of a link to the file at Path.
	Address, Path string
	// Tooltip says where it leads.
	Tooltip string
}

// imageKeywords are flytekit's parameters that take an image's name: of decorators,
// of ImageSpec and of ContainerTask.
var imageKeywords = map[string]bool{"container_image": true, "base_image": true, "image": true}

// DocumentLinks are the names of images in a Python file, with the pages that their
// registries have about them. Those of registries without such pages, or with pages
// that aren't everybody's, are none. Errors are as Snapshot.Module has them.
func DocumentLinks(ctx context.Context, snapshot *workspace.Snapshot, path string) ([]Link, error) {
	module, err := snapshot.Module(ctx, path)
	if err != nil || module.Module == nil {
		return nil, err
	}
	links := map[parser.Span]Link{}
	for _, call := range module.NativeCalls() {
		if call.Module == nil || call.Module.Path != module.Path || !strings.HasPrefix(call.Name, "flytekit.") {
			continue
		}
		for _, given := range call.Keywords {
			name, ok := given.Expr.(*ast.Constant)
			if !imageKeywords[given.Name] || !ok || name.Kind != ast.StringConst || module.Text.Slice(name.Inner) != name.Text {
				continue
			}
			image, ok := words.ParseImage(name.Text)
			if address := imagePage(image); ok && address != "" {
				links[name.Inner] = Link{Span: name.Inner, Address: address, Tooltip: "The image in its registry"}
			}
		}
	}
	var list []Link
	for _, link := range links {
		list = append(list, link)
	}
	slices.SortFunc(list, func(a, b Link) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	return list, ctx.Err()
}

// imagePage is the page that a registry has about an image; "" where it isn't known
// to have one.
func imagePage(image words.Image) string {
	switch {
	case image.Registry == "docker.io" && strings.HasPrefix(image.Repository, "library/"):
		return "https://hub.docker.com/_/" + strings.TrimPrefix(image.Repository, "library/")
	case image.Registry == "docker.io":
		return "https://hub.docker.com/r/" + image.Repository
	case image.Registry == "quay.io":
		return "https://quay.io/repository/" + image.Repository
	case image.Registry == "public.ecr.aws":
		return "https://gallery.ecr.aws/" + image.Repository
	case image.Registry == "ghcr.io", image.Registry == "gcr.io", strings.HasSuffix(image.Registry, ".gcr.io"), strings.HasSuffix(image.Registry, "-docker.pkg.dev"):
		// These lead a browser to the page themselves.
		return "https://" + image.Registry + "/" + image.Repository
	}
	return ""
}

var headerPath = regexp.MustCompile(`^# Inputs of \S+ in ([^\r\n]*[^\r\n \t])`)

// HeaderLink is the link of an inputs document at path to its workflow file; false
// if it names none.
func HeaderLink(path string, text []byte) (Link, bool) {
	match := headerPath.FindSubmatchIndex(text)
	if match == nil {
		return Link{}, false
	}
	span := parser.Span{Start: match[2], End: match[3]}
	file := filepath.FromSlash(string(text[span.Start:span.End]))
	if !filepath.IsAbs(file) {
		file = filepath.Join(filepath.Dir(path), file)
	}
	return Link{Span: span, Path: file, Tooltip: "The workflow file"}, true
}
