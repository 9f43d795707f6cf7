#include "treesitter.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  uint32_t context[4];
  const void *id;
  const TSTree *tree;
} TSNode;

typedef struct {
  const void *tree;
  const void *id;
  uint32_t context[3];
} TSTreeCursor;

TSNode ts_tree_root_node(const TSTree *self);
uint32_t ts_node_start_byte(TSNode self);
uint32_t ts_node_end_byte(TSNode self);
uint16_t ts_node_symbol(TSNode self);
bool ts_node_is_named(TSNode self);
bool ts_node_is_missing(TSNode self);
bool ts_node_has_error(TSNode self);
uint32_t ts_node_descendant_count(TSNode self);
uint32_t ts_node_child_count(TSNode self);
TSTreeCursor ts_tree_cursor_new(TSNode node);
void ts_tree_cursor_delete(TSTreeCursor *self);
TSNode ts_tree_cursor_current_node(const TSTreeCursor *self);
uint16_t ts_tree_cursor_current_field_id(const TSTreeCursor *self);
bool ts_tree_cursor_goto_first_child(TSTreeCursor *self);
bool ts_tree_cursor_goto_next_sibling(TSTreeCursor *self);
bool ts_tree_cursor_goto_parent(TSTreeCursor *self);

typedef struct {
  void *payload;
  const char *(*read)(void *payload, uint32_t byte_index, TSPoint position, uint32_t *bytes_read);
  int encoding; // 0 is UTF-8
  uint32_t (*decode)(const uint8_t *string, uint32_t length, int32_t *code_point);
} TSInput;

typedef struct {
  void *payload;
  uint32_t current_byte_offset;
  bool has_error;
} TSParseState;

typedef struct {
  void *payload;
  bool (*progress_callback)(TSParseState *state);
} TSParseOptions;

TSTree *ts_parser_parse_with_options(TSParser *self, const TSTree *old_tree, TSInput input, TSParseOptions options);
void ts_set_allocator(void *(*)(size_t), void *(*)(size_t, size_t), void *(*)(void *, size_t), void (*)(void *));

void use_c_allocator(void) {
  ts_set_allocator(NULL, NULL, NULL, NULL);
}

typedef struct {
  const char *bytes;
  uint32_t length;
} Text;

static const char *read_text(void *payload, uint32_t byte_index, TSPoint position, uint32_t *bytes_read) {
  const Text *text = payload;
  (void)position;
  if (byte_index >= text->length) {
    *bytes_read = 0;
    return "";
  }
  *bytes_read = text->length - byte_index;
  return text->bytes + byte_index;
}

// milliseconds is the time that this thread computed: how busy the machine is
// doesn't count.
static int64_t milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

typedef struct {
  int64_t deadline;
  uint32_t calls;
  bool valid_only;
} Limits;

static bool is_enough(TSParseState *state) {
  Limits *limits = state->payload;
  if (limits->valid_only && state->has_error) return true;
  return limits->calls++ % 16 == 0 && milliseconds() > limits->deadline; // the clock isn't cheap
}

TSTree *parse_text(
  TSParser *parser,
  const TSTree *old,
  const char *bytes,
  uint32_t length,
  uint32_t patience,
  bool valid_only
) {
  Text text = {bytes, length};
  Limits limits = {.deadline = milliseconds() + patience, .valid_only = valid_only};
  TSInput input = {.payload = &text, .read = read_text};
  TSParseOptions options = {.payload = &limits, .progress_callback = is_enough};
  return ts_parser_parse_with_options(parser, old, input, options);
}

bool has_error(const TSTree *tree) {
  return ts_node_has_error(ts_tree_root_node(tree));
}

// grow makes room for one more element in an array, and keeps the array if
// there is no memory.
static bool grow(void **array, uint32_t *capacity, uint32_t count, size_t size) {
  if (count < *capacity) return true;
  uint32_t larger = *capacity ? *capacity * 2 : 1024;
  void *moved = realloc(*array, larger * size);
  if (!moved) return false;
  *array = moved;
  *capacity = larger;
  return true;
}

typedef struct {
  FlatNode *nodes;
  Top *tops;
  Counts room, count;
  uint32_t *open; // the indexes of the current node's ancestors
  uint32_t open_capacity;
} Flattening;

static bool push(Flattening *f, FlatNode node) {
  if (f->count.nodes == f->room.nodes) return false;
  f->nodes[f->count.nodes++] = node;
  return true;
}

// identity is what a node has in common with the one that a parse took it over
// from: what its id points to begins with the pointer to its shared data.
static uintptr_t identity(TSNode node) {
  uintptr_t shared;
  memcpy(&shared, node.id, sizeof shared);
  return shared;
}

static bool push_top(Flattening *f, TSNode node) {
  if (f->count.tops == f->room.tops) return false;
  f->tops[f->count.tops++] =
    (Top){.id = identity(node), .index = f->count.nodes, .start = ts_node_start_byte(node)};
  return true;
}

// take_over copies a child of the root from the tree before, if it was there.
// `next` is the first of that tree's that may be it. It returns false if there
// is no memory.
static bool take_over(Flattening *f, TSNode node, const Before *before, uint32_t *next, bool *taken) {
  uint32_t start = ts_node_start_byte(node);
  uint32_t moved = start < before->edit ? 0 : before->moved;
  while (*next < before->top_count && (int32_t)(before->tops[*next].start + moved - start) < 0) (*next)++;
  if (*next == before->top_count) return true;
  const Top *top = &before->tops[*next];
  if (top->start + moved != start || top->id != identity(node)) return true;
  f->tops[f->count.tops - 1].was = *next + 1;
  const FlatNode *from = before->nodes + top->index, *end = before->nodes + from->next;
  uint32_t shifted = f->count.nodes - top->index;
  for (; from < end; from++) {
    FlatNode copy = *from;
    copy.start += moved;
    copy.end += moved;
    copy.next += shifted;
    if (!push(f, copy)) return false;
  }
  *taken = true;
  return true;
}

// walk flattens the tree. It returns false if there is no memory.
static bool walk(Flattening *f, TSTreeCursor *cursor, const Before *before) {
  uint32_t depth = 0, next = 0;
  for (;;) {
    TSNode node = ts_tree_cursor_current_node(cursor);
    bool taken = false;
    if (depth == 1 && !(push_top(f, node) && take_over(f, node, before, &next, &taken))) return false;
    if (!taken) {
      uint32_t index = f->count.nodes;
      bool error = ts_node_has_error(node); // also of a missing one
      FlatNode flat = {
        .start = ts_node_start_byte(node),
        .end = ts_node_end_byte(node),
        .symbol = ts_node_symbol(node),
        .field = (uint8_t)ts_tree_cursor_current_field_id(cursor),
        .flags = (ts_node_is_named(node) ? FLAT_NAMED : 0) | (error ? FLAT_HAS_ERROR : 0) |
                 (error && ts_node_is_missing(node) ? FLAT_MISSING : 0),
      };
      if (!push(f, flat)) return false;
      if (!grow((void **)&f->open, &f->open_capacity, depth, sizeof(uint32_t))) return false;
      f->open[depth] = index;
      if (ts_tree_cursor_goto_first_child(cursor)) {
        depth++;
        continue;
      }
      f->nodes[index].next = f->count.nodes;
    }
    while (!ts_tree_cursor_goto_next_sibling(cursor)) {
      if (depth == 0) return true;
      f->nodes[f->open[--depth]].next = f->count.nodes;
      ts_tree_cursor_goto_parent(cursor);
    }
  }
}

Counts count(const TSTree *tree) {
  TSNode root = ts_tree_root_node(tree);
  return (Counts){.nodes = ts_node_descendant_count(root), .tops = ts_node_child_count(root)};
}

bool flatten(const TSTree *tree, const Before *before, Counts counts, FlatNode *nodes, Top *tops) {
  Flattening f = {.nodes = nodes, .tops = tops, .room = counts};
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
  bool complete = walk(&f, &cursor, before);
  ts_tree_cursor_delete(&cursor);
  free(f.open);
  return complete && f.count.nodes == counts.nodes && f.count.tops == counts.tops;
}
