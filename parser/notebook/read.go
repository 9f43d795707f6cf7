package notebook

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// file is what is read of a notebook's file (nbformat 4, "The Notebook file
// format").
type file struct {
	Format   int `json:"nbformat"`
	Metadata struct {
		Language struct {
			Name string `json:"name"`
		} `json:"language_info"`
		Kernel struct {
			Language string `json:"language"`
		} `json:"kernelspec"`
	} `json:"metadata"`
	Cells []struct {
		Type   string `json:"cell_type"`
		Source lines  `json:"source"`
	} `json:"cells"`
}

// lines are a text, or its lines with their ends.
type lines string

func (l *lines) UnmarshalJSON(raw []byte) error {
	var text string
	var parts []string
	err := json.Unmarshal(raw, &text)
	if err != nil {
		err = json.Unmarshal(raw, &parts)
		text = strings.Join(parts, "")
	}
	*l = lines(text)
	return err
}

// Read makes the text of a notebook's file; a notebook of another language has no
// cells. The IDs of the cells are their numbers. The error says why the file
// isn't one of nbformat 4, which notebooks have had since 2015.
func Read(data []byte) (Text, error) {
	var read file
	if err := json.Unmarshal(data, &read); err != nil {
		return Text{}, fmt.Errorf("it isn't a notebook's JSON: %w", err)
	}
	if read.Format != 4 {
		return Text{}, fmt.Errorf("it has the format %d, want 4: open it in Jupyter and save it", read.Format)
	}
	for _, language := range []string{read.Metadata.Language.Name, read.Metadata.Kernel.Language} {
		if language != "" && language != "python" {
			return Join(nil), nil
		}
	}
	var cells []Source
	for i, cell := range read.Cells {
		if cell.Type == "code" {
			cells = append(cells, Source{ID: strconv.Itoa(i + 1), Number: i + 1, Text: []byte(cell.Source)})
		}
	}
	return Join(cells), nil
}
