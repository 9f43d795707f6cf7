// Measure tells how well the model reads a folder of Python files, compared
// with what flytekit says after it imported them.
//
//	measure -python PYTHON -record FOLDER.json FOLDER
//	measure -recorded FOLDER.json -reader "bin/flyte-lsp entities --format json"
//
// The first imports the files and writes flytekit's answers down, the second
// compares with them. Without -record and with -reader, one call does both.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/internal/oracle"
	"github.com/flyte-lsp/flyte-lsp/model/listing"
)

var (
	python   = flag.String("python", ".build/venv/bin/python", "interpreter with flytekit and what the files import")
	root     = flag.String("root", "", "source root of the files, where it isn't the one that flytekit finds")
	record   = flag.String("record", "", "file to write flytekit's answers to")
	recorded = flag.String("recorded", "", "file to read flytekit's answers from, in place of importing")
	reader   = flag.String("reader", "", "command that prints the entities of the files behind it as JSON")
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
	byFile := map[string][]listing.Entity{}
	if *reader != "" {
		if byFile, err = read(ctx, reports); err != nil {
			return err
		}
	}
	var tally oracle.Tally
	var all []oracle.Difference
	errorsOf := map[string]int{}
	for _, report := range reports {
		if report.Error != "" {
			tally.Unimportable++
			errorsOf[report.Error]++
			continue
		}
		differences := oracle.Compare(byFile[report.File], report.Entities)
		tally.Add(len(report.Entities), differences)
		all = append(all, differences...)
	}
	fmt.Println(tally)
	if *reader == "" {
		for text, count := range errorsOf {
			fmt.Printf("%5d not imported: %s\n", count, text)
		}
		return nil
	}
	for _, cause := range oracle.ByCause(all) {
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
	if *recorded != "" {
		return oracle.Recorded(*recorded)
	}
	if flag.NArg() == 0 {
		return nil, errors.New("name the folders to measure, or -recorded answers")
	}
	var files []oracle.File
	for _, folder := range flag.Args() {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
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

// read has the reader's command list the files that flytekit imports.
func read(ctx context.Context, reports []oracle.Report) (map[string][]listing.Entity, error) {
	words := strings.Fields(*reader)
	for _, report := range reports {
		if report.Error == "" {
			words = append(words, report.File)
		}
	}
	command := exec.CommandContext(ctx, words[0], words[1:]...)
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", *reader, err)
	}
	var entities []listing.Entity
	if err := json.Unmarshal(output, &entities); err != nil {
		return nil, fmt.Errorf("what %s printed: %w", *reader, err)
	}
	byFile := map[string][]listing.Entity{}
	for _, entity := range entities {
		byFile[entity.File] = append(byFile[entity.File], entity)
	}
	return byFile, nil
}
