/// What every entry point of this face shares.
///
/// Every call returns a status, 0 for success, and on failure writes one line into the caller's message. No C++ exception leaves this
/// face and it holds no state of its own beyond the handles that the caller makes and frees in pairs. Coordinates here are OpenCV's:
/// the centre of the first pixel is (0, 0).
#ifndef COPENCV_BASE_H
#define COPENCV_BASE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  SXCV_OK = 0,
  SXCV_INVALID_ARGUMENT = 1,
  SXCV_OUT_OF_MEMORY = 2,
  SXCV_LIBRARY = 3,
};

/// One line of text, ended by a zero byte.
typedef struct sxcv_message {
  char text[256];
} sxcv_message;

/// 8-bit pixels to read: `height` rows of `width * channels` bytes, `stride` bytes apart, within `byte_count` bytes.
typedef struct sxcv_view {
  const uint8_t *pixels;
  size_t byte_count;
  int32_t width;
  int32_t height;
  int32_t channels;
  size_t stride;
} sxcv_view;

/// 8-bit pixels to write, laid out as a view.
typedef struct sxcv_canvas {
  uint8_t *pixels;
  size_t byte_count;
  int32_t width;
  int32_t height;
  int32_t channels;
  size_t stride;
} sxcv_canvas;

/// A position in OpenCV's pixel coordinates.
typedef struct sxcv_point {
  float x;
  float y;
} sxcv_point;

/// How many threads OpenCV may use in this process: a setting of the library, made once by the command. 1 means the caller's thread only.
int32_t sxcv_set_thread_count(int32_t count, sxcv_message *message);

#ifdef __cplusplus
}
#endif

#endif
