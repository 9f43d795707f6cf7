// Generate prints the project of a seed, as TestGenerated makes it, or writes
// many into a folder.
//
//	generate -seed 7
//	generate -seed 1 -count 100 -out FOLDER
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/flyte-lsp/flyte-lsp/internal/oracle/generate"
)

func main() {
	seed := flag.Uint64("seed", 1, "seed of the first project")
	count := flag.Int("count", 1, "how many projects to make")
	out := flag.String("out", "", "folder to write the projects to, each in one named like its seed")
	flag.Parse()
	for i := range *count {
		at := *seed + uint64(i)
		for _, file := range generate.Project(at) {
			if *out == "" {
				fmt.Printf("# ---- %d/%s\n%s", at, file.Path, file.Source)
				continue
			}
			path := filepath.Join(*out, fmt.Sprint(at), filepath.FromSlash(file.Path))
			if err := write(path, file.Source); err != nil {
				fmt.Fprintln(os.Stderr, "generate:", err)
				os.Exit(1)
			}
		}
	}
}

func write(path, source string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(source), 0o644)
}
