#include "treesitter.h"

#include <stdlib.h>

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
