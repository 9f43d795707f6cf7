package workspace

import (
	"context"

	"github.com/flyte-lsp/flyte-lsp/model"
)

// Current is an entity as this snapshot's file has it, with that file: one that
// came from another module may be of an older text of it. Errors are as Module
// has them.
func (s *Snapshot) Current(ctx context.Context, entity *model.Entity) (*File, *model.Entity, error) {
	file, err := s.File(entity.Path)
	if err != nil {
		return nil, nil, err
	}
	module, err := s.Module(ctx, entity.Path)
	if err != nil {
		return nil, nil, err
	}
	if now := module.Entity(entity.Name); now != nil {
		return file, now, nil
	}
	return file, entity, nil
}
