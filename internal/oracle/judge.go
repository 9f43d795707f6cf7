package oracle

import (
	"context"
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model/listing"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Judge compares what the model reads, in a workspace of the folders, with
// flytekit's reports on files there. The interpreter is the one that flytekit
// is installed for. Files that flytekit doesn't import are only counted.
func Judge(ctx context.Context, python string, folders []string, reports []Report) (Tally, []Difference, error) {
	w := workspace.New()
	w.SetFolders(folders)
	w.SetInterpreter(func(string) (string, string) { return python, "" })
	snapshot := w.Snapshot()

	var tally Tally
	var all []Difference
	for _, report := range reports {
		if report.Error != "" {
			tally.Unimportable++
			continue
		}
		got, err := read(ctx, snapshot, report.File)
		if err != nil {
			return Tally{}, nil, err
		}
		differences := Compare(got, report.Entities)
		tally.Add(len(report.Entities), differences)
		all = append(all, differences...)
	}
	return tally, all, nil
}

// read is what the model lists of a file.
func read(ctx context.Context, snapshot *workspace.Snapshot, path string) ([]listing.Entity, error) {
	file, err := snapshot.File(path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	module, err := snapshot.Module(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return listing.Of(module, file.Source, path)
}
