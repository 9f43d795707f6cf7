package inputs_test

import (
	"errors"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/editing/inputs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

func subjectOf(t *testing.T, snapshot *workspace.Snapshot, document *inputs.Document, folder string) (*inputs.Subject, *inputs.SubjectError) {
	t.Helper()
	subject, err := inputs.SubjectOf(t.Context(), snapshot, document, func(string) string { return folder })
	var problem *inputs.SubjectError
	if err != nil && !errors.As(err, &problem) {
		t.Fatal(err)
	}
	return subject, problem
}
