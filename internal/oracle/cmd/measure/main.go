// Measure tells how well the model reads a folder of Python files, compared
// with what flytekit says after it imported them.
//
//	measure -python PYTHON FOLDER
//	measure -python PYTHON -record FOLDER.json FOLDER
//	measure -python PYTHON -recorded FOLDER.json FOLDER
//
// The second writes flytekit's answers down, too, and the third takes those in
// place of importing the files again.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/flyte-lsp/flyte-lsp/internal/oracle"
)

var (
	python   = flag.String("python", ".build/venv/bin/python", "interpreter with flytekit and what the files import")
	root     = flag.String("root", "", "source root of the files, where it isn't the one that flytekit finds")
	record   = flag.String("record", "", "file to write flytekit's answers to")
	recorded = flag.String("recorded", "", "file to read flytekit's answers from, in place of importing")
	examples = flag.Int("examples", 3, "differences to show of each cause, -1 for all")
)

func main() {
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	reports, err := answers(ctx)
	if err != nil {
		return err
	}
	if *record != "" {
		if err := oracle.Record(*record, reports); err != nil {
			return err
		}
	}
	tally, differences, err := oracle.Judge(ctx, *python, flag.Args(), reports)
	if err != nil {
		return err
	}
	fmt.Println(tally)
	for _, report := range reports {
		if report.Error != "" {
			fmt.Printf("    not imported: %s: %s\n", report.File, report.Error)
		}
	}
	for _, cause := range oracle.ByCause(differences) {
		fmt.Printf("\n%d × %s\n", len(cause.Differences), cause.Text)
		for i, difference := range cause.Differences {
			if i == *examples {
				break
			}
			fmt.Println("   ", difference)
		}
	}
	return nil
}

// answers are flytekit's, recorded ones or new ones.
func answers(ctx context.Context) ([]oracle.Report, error) {
	if flag.NArg() == 0 {
		return nil, errors.New("name the folders to measure")
	}
	if *recorded != "" {
		return oracle.Recorded(*recorded)
	}
	var files []oracle.File
	for _, folder := range flag.Args() {
		// Each file is imported in a process that works elsewhere.
		folder, err := filepath.Abs(folder)
		if err != nil {
			return nil, err
		}
		err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && filepath.Ext(path) == ".py" {
				files = append(files, oracle.File{Root: *root, Path: path})
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return oracle.Run(ctx, *python, files)
}
