/// Anti-aliased drawing into a BGR canvas, in place. Coordinates have sub-pixel precision (1/16 pixel).
#ifndef COPENCV_DRAWING_H
#define COPENCV_DRAWING_H

#include "copencv_base.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A colour with its opacity; 255 covers.
typedef struct sxcv_color {
  uint8_t blue;
  uint8_t green;
  uint8_t red;
  uint8_t alpha;
} sxcv_color;

/// Lines from point to point, back to the first one if `closed` is not 0; `thickness` in pixels, at least 1.
int32_t sxcv_draw_polyline(
  sxcv_canvas canvas, const sxcv_point *points, size_t count, int32_t closed, int32_t thickness, sxcv_color color,
  sxcv_message *message);

/// The inside of a polygon (even-odd rule).
int32_t sxcv_fill_polygon(
  sxcv_canvas canvas, const sxcv_point *points, size_t count, sxcv_color color, sxcv_message *message);

/// Text (ASCII; other characters show as question marks) with the left end of its baseline at `origin`; `height` of a capital letter in pixels.
int32_t sxcv_draw_text(
  sxcv_canvas canvas, const char *text, sxcv_point origin, double height, int32_t thickness, sxcv_color color,
  sxcv_message *message);

/// The size of the text as drawn: width, height above the baseline and depth below it, in pixels.
int32_t sxcv_measure_text(
  const char *text, double height, int32_t thickness, double *width, double *ascent, double *descent,
  sxcv_message *message);

#ifdef __cplusplus
}
#endif

#endif
