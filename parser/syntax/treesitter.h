// What we use of tree-sitter's C library (tree_sitter/api.h of the version that
// go.mod names, whose Go package brings the library itself), and functions of
// our own: flatten writes a whole tree into an array, so that reading a tree
// costs one call from Go, not several for each node.

#ifndef FLYTE_LSP_TREESITTER_H
#define FLYTE_LSP_TREESITTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct TSLanguage TSLanguage;
typedef struct TSParser TSParser;
typedef struct TSTree TSTree;

typedef struct {
  uint32_t row;
  uint32_t column;
} TSPoint;

typedef struct {
  uint32_t start_byte;
  uint32_t old_end_byte;
  uint32_t new_end_byte;
  TSPoint start_point;
  TSPoint old_end_point;
  TSPoint new_end_point;
} TSInputEdit;

TSParser *ts_parser_new(void);
void ts_parser_delete(TSParser *self);
bool ts_parser_set_language(TSParser *self, const TSLanguage *language);
TSTree *ts_tree_copy(const TSTree *self);
void ts_tree_delete(TSTree *self);
void ts_tree_edit(TSTree *self, const TSInputEdit *edit);
uint32_t ts_language_symbol_count(const TSLanguage *self);
const char *ts_language_symbol_name(const TSLanguage *self, uint16_t symbol);
uint32_t ts_language_field_count(const TSLanguage *self);
const char *ts_language_field_name_for_id(const TSLanguage *self, uint16_t id);

// parse_text parses a text. It returns NULL if that takes more than `patience`
// milliseconds of computing or, with `valid_only`, soon after the first error.
TSTree *parse_text(
  TSParser *parser,
  const TSTree *old,
  const char *bytes,
  uint32_t length,
  uint32_t patience,
  bool valid_only
);

// use_c_allocator makes tree-sitter use malloc itself. Its Go package has it
// call back into Go for each allocation.
void use_c_allocator(void);

// has_error tells whether something in the tree didn't parse.
bool has_error(const TSTree *tree);

enum {
  FLAT_NAMED = 1,
  FLAT_MISSING = 2,
  FLAT_HAS_ERROR = 4,
};

// A node of a tree in preorder. Its first child, if any, is the next in the
// array; `next` is the index behind its last descendant.
typedef struct {
  uint32_t start;
  uint32_t end;
  uint32_t next;
  uint16_t symbol;
  uint8_t field;
  uint8_t flags;
} FlatNode;

// A child of the root, where it stands in the array of nodes. A node that a
// parse took over from an older tree has the same `id` in both; `was` is then
// its number among the children of the older root, from 1.
typedef struct {
  uintptr_t id;
  uint32_t index;
  uint32_t start;
  uint32_t was;
} Top;

// A tree that was flattened before, and what was changed in its text: from
// `edit` on, offsets are greater by `moved`.
typedef struct {
  const FlatNode *nodes;
  const Top *tops;
  uint32_t top_count;
  uint32_t edit;
  uint32_t moved; // modulo 2^32
} Before;

// Counts are how many nodes a tree has, and its root children.
typedef struct {
  uint32_t nodes;
  uint32_t tops;
} Counts;

Counts count(const TSTree *tree);

// flatten writes the nodes of the tree into arrays that are as long as count
// tells. What was taken over from the tree before is copied from there. The old
// tree must have lived when the new one was made. It returns false if there is
// no memory.
bool flatten(const TSTree *tree, const Before *before, Counts counts, FlatNode *nodes, Top *tops);

#endif
