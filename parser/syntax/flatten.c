#include "treesitter.h"

#include <stdlib.h>
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

static int64_t milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

typedef struct {
  int64_t deadline;
  bool valid_only;
} Limits;

static bool is_enough(TSParseState *state) {
  const Limits *limits = state->payload;
  return (limits->valid_only && state->has_error) || milliseconds() > limits->deadline;
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

FlatNode *flatten(const TSTree *tree, uint32_t *count) {
  void *nodes = NULL, *open = NULL; // open: indexes of the current node's ancestors
  uint32_t node_capacity = 0, open_capacity = 0, node_count = 0, depth = 0;
  bool complete = false;
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
  for (;;) {
    if (!grow(&nodes, &node_capacity, node_count, sizeof(FlatNode))) break;
    if (!grow(&open, &open_capacity, depth, sizeof(uint32_t))) break;
    TSNode node = ts_tree_cursor_current_node(&cursor);
    ((FlatNode *)nodes)[node_count] = (FlatNode){
      .start = ts_node_start_byte(node),
      .end = ts_node_end_byte(node),
      .symbol = ts_node_symbol(node),
      .field = (uint8_t)ts_tree_cursor_current_field_id(&cursor),
      .flags = (ts_node_is_named(node) ? FLAT_NAMED : 0) | (ts_node_is_missing(node) ? FLAT_MISSING : 0) |
               (ts_node_has_error(node) ? FLAT_HAS_ERROR : 0),
    };
    ((uint32_t *)open)[depth++] = node_count++;
    if (ts_tree_cursor_goto_first_child(&cursor)) continue;
    bool moved = false;
    while (depth > 0 && !moved) {
      ((FlatNode *)nodes)[((uint32_t *)open)[--depth]].next = node_count;
      moved = ts_tree_cursor_goto_next_sibling(&cursor);
      if (!moved && depth > 0) ts_tree_cursor_goto_parent(&cursor);
    }
    if (!moved) {
      complete = true;
      break;
    }
  }
  ts_tree_cursor_delete(&cursor);
  free(open);
  if (!complete) {
    free(nodes);
    return NULL;
  }
  *count = node_count;
  return nodes;
}
