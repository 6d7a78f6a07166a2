// A C face of simdjson: parse one JSON text, then walk it by small value handles.
//
// A parser is used by one thread at a time. Values and strings live until the next parse or the parser's end.
// No function throws; those that can fail return SX_JSON_OK or a status and leave a sentence in `message`.
#ifndef SEXTANT_JSON_H
#define SEXTANT_JSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_json_parser sx_json_parser;

enum { SX_JSON_OK = 0, SX_JSON_MALFORMED = 1, SX_JSON_TOO_LARGE = 2, SX_JSON_OUT_OF_MEMORY = 3 };
enum { SX_JSON_MESSAGE_SIZE = 256 };

typedef enum sx_json_kind {
  SX_JSON_NULL = 0,
  SX_JSON_BOOLEAN = 1,
  SX_JSON_INTEGER = 2,
  SX_JSON_REAL = 3,
  SX_JSON_STRING = 4,
  SX_JSON_ARRAY = 5,
  SX_JSON_OBJECT = 6
} sx_json_kind;

/// A place in the parsed text. Plain data; copy it freely.
typedef struct sx_json_value {
  const void *document;
  size_t index;
} sx_json_value;

/// The children of an array or of an object, visited in the text's order.
typedef struct sx_json_cursor {
  const void *document;
  size_t index;
  size_t end;
  int32_t isObject;
} sx_json_cursor;

/// A parser for texts of at most `maximum_bytes`, nested at most `maximum_depth` deep.
int32_t sx_json_parser_create(size_t maximum_bytes, size_t maximum_depth, sx_json_parser **out, char *message);
void sx_json_parser_destroy(sx_json_parser *parser);

/// Parses `length` bytes (copied, so they need no padding) and gives the root value.
int32_t sx_json_parse(sx_json_parser *parser, const char *text, size_t length, sx_json_value *root, char *message);

sx_json_kind sx_json_kind_of(sx_json_value value);
/// 0 or 1; 0 for a value of another kind.
int32_t sx_json_boolean(sx_json_value value);
/// 1 and the number where the value is an integer that fits, else 0.
int32_t sx_json_integer(sx_json_value value, int64_t *out);
/// 1 and the number where the value is any number, else 0.
int32_t sx_json_real(sx_json_value value, double *out);
/// 1 and the unescaped UTF-8 bytes where the value is a string, else 0.
int32_t sx_json_string(sx_json_value value, const char **bytes, size_t *length);

/// A cursor before the first child; one without children for a value that is neither array nor object.
sx_json_cursor sx_json_children(sx_json_value value);
/// 1 and the next child, 0 at the end. `key` and `key_length` may be null; they are left alone in arrays.
int32_t sx_json_next(sx_json_cursor *cursor, const char **key, size_t *key_length, sx_json_value *value);

#ifdef __cplusplus
}
#endif
#endif
