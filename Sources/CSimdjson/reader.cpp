#include "include/sextant_json.h"

#include <simdjson.h>

#include <cstdio>
#include <cstring>
#include <new>
#include <string_view>
#include <type_traits>

namespace dom = simdjson::dom;

struct sx_json_parser {
  dom::parser parser;
  size_t maximum_bytes;
  explicit sx_json_parser(size_t bytes) : parser(bytes), maximum_bytes(bytes) {}
};

namespace {

// simdjson's elements and iterators are a document pointer and a tape index. The handles carry exactly these bytes.
template <typename From, typename To>
To rebound(const From &from) {
  static_assert(sizeof(From) == sizeof(To) && std::is_trivially_copyable<From>::value, "handles must be plain data");
  To to;
  std::memcpy(static_cast<void *>(&to), &from, sizeof(To));
  return to;
}

struct Place {
  const void *document;
  size_t index;
};

dom::element element(sx_json_value value) { return rebound<sx_json_value, dom::element>(value); }

void say(char *message, const char *text) {
  if (message) std::snprintf(message, SX_JSON_MESSAGE_SIZE, "%s", text);
}

int32_t status(simdjson::error_code error, char *message) {
  say(message, simdjson::error_message(error));
  switch (error) {
    case simdjson::SUCCESS: return SX_JSON_OK;
    case simdjson::CAPACITY: return SX_JSON_TOO_LARGE;
    case simdjson::MEMALLOC: return SX_JSON_OUT_OF_MEMORY;
    default: return SX_JSON_MALFORMED;
  }
}

template <typename Container>
sx_json_cursor cursor_over(const Container &container, bool is_object) {
  const Place first = rebound<typename Container::iterator, Place>(container.begin());
  const Place last = rebound<typename Container::iterator, Place>(container.end());
  return {first.document, first.index, last.index, is_object ? 1 : 0};
}

}  // namespace

extern "C" {

int32_t sx_json_parser_create(size_t maximum_bytes, size_t maximum_depth, sx_json_parser **out, char *message) {
  *out = nullptr;
  try {
    // simdjson takes no limit below 32 bytes.
    auto *made = new sx_json_parser(maximum_bytes < 64 ? 64 : maximum_bytes);
    // Room for the depth is fixed here; the room for text grows with the texts, up to the limit.
    const auto error = made->parser.allocate(made->maximum_bytes < 4096 ? made->maximum_bytes : 4096, maximum_depth);
    if (error) {
      delete made;
      return status(error, message);
    }
    *out = made;
    return SX_JSON_OK;
  } catch (...) {
    say(message, "out of memory");
    return SX_JSON_OUT_OF_MEMORY;
  }
}

void sx_json_parser_destroy(sx_json_parser *parser) { delete parser; }

int32_t sx_json_parse(sx_json_parser *parser, const char *text, size_t length, sx_json_value *root, char *message) {
  try {
    if (length > parser->maximum_bytes) return status(simdjson::CAPACITY, message);
    dom::element parsed;
    const auto error = parser->parser.parse(text, length, true).get(parsed);
    if (error) return status(error, message);
    *root = rebound<dom::element, sx_json_value>(parsed);
    return SX_JSON_OK;
  } catch (...) {
    say(message, "out of memory");
    return SX_JSON_OUT_OF_MEMORY;
  }
}

sx_json_kind sx_json_kind_of(sx_json_value value) {
  switch (element(value).type()) {
    case dom::element_type::BOOL: return SX_JSON_BOOLEAN;
    case dom::element_type::INT64: return SX_JSON_INTEGER;
    case dom::element_type::UINT64:
    case dom::element_type::DOUBLE: return SX_JSON_REAL;
    case dom::element_type::STRING: return SX_JSON_STRING;
    case dom::element_type::ARRAY: return SX_JSON_ARRAY;
    case dom::element_type::OBJECT: return SX_JSON_OBJECT;
    case dom::element_type::NULL_VALUE: break;
  }
  return SX_JSON_NULL;
}

int32_t sx_json_boolean(sx_json_value value) {
  bool flag = false;
  return element(value).get(flag) == simdjson::SUCCESS && flag ? 1 : 0;
}

int32_t sx_json_integer(sx_json_value value, int64_t *out) {
  return element(value).get(*out) == simdjson::SUCCESS ? 1 : 0;
}

int32_t sx_json_real(sx_json_value value, double *out) {
  return element(value).get(*out) == simdjson::SUCCESS ? 1 : 0;
}

int32_t sx_json_string(sx_json_value value, const char **bytes, size_t *length) {
  std::string_view text;
  if (element(value).get(text) != simdjson::SUCCESS) return 0;
  *bytes = text.data();
  *length = text.size();
  return 1;
}

sx_json_cursor sx_json_children(sx_json_value value) {
  dom::array array;
  dom::object object;
  if (element(value).get(array) == simdjson::SUCCESS) return cursor_over(array, false);
  if (element(value).get(object) == simdjson::SUCCESS) return cursor_over(object, true);
  return {value.document, 0, 0, 0};
}

int32_t sx_json_next(sx_json_cursor *cursor, const char **key, size_t *key_length, sx_json_value *value) {
  if (cursor->index >= cursor->end) return 0;
  const Place place = {cursor->document, cursor->index};
  Place after;
  if (cursor->isObject) {
    auto iterator = rebound<Place, dom::object::iterator>(place);
    const std::string_view name = iterator.key();
    if (key) *key = name.data();
    if (key_length) *key_length = name.size();
    *value = rebound<dom::element, sx_json_value>(iterator.value());
    after = rebound<dom::object::iterator, Place>(++iterator);
  } else {
    auto iterator = rebound<Place, dom::array::iterator>(place);
    *value = rebound<dom::element, sx_json_value>(*iterator);
    after = rebound<dom::array::iterator, Place>(++iterator);
  }
  cursor->index = after.index;
  return 1;
}

}  // extern "C"
