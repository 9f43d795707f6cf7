package oracle

import (
	"cmp"
	"slices"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"
)

// settle puts the variants of unions within lists and dicts in one order, if
// the message is a type. typing gives List[Union[str, int]] where
// List[Union[int, str]] is asked for, if any module made that one before and it
// is still among the last 128 lists: that is the process's history, and nothing
// that a module tells.
func settle(message proto.Message) {
	if t, ok := message.(*core.LiteralType); ok {
		settleType(t, false)
	}
}

func settleType(t *core.LiteralType, within bool) {
	if t == nil {
		return
	}
	settleType(t.GetCollectionType(), true)
	settleType(t.GetMapValueType(), true)
	for _, field := range t.GetStructure().GetDataclassType() {
		settleType(field, within)
	}
	union := t.GetUnionType()
	for _, variant := range union.GetVariants() {
		settleType(variant, within)
	}
	if within && union != nil {
		slices.SortStableFunc(union.Variants, func(a, b *core.LiteralType) int {
			return cmp.Compare(text(canonical(a)), text(canonical(b)))
		})
	}
}
