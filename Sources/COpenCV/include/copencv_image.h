/// Resize, colour, filters, warp, PNG and JPEG.
#ifndef COPENCV_IMAGE_H
#define COPENCV_IMAGE_H

#include "copencv_base.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Resizes into the canvas: area averages where neither side grows, bilinear otherwise. Both have the same channels.
int32_t sxcv_resize(sxcv_view source, sxcv_canvas target, sxcv_message *message);

/// Converts between 1 channel (grey, BT.601) and 3 (BGR); both have the same size.
int32_t sxcv_convert_color(sxcv_view source, sxcv_canvas target, sxcv_message *message);

/// Gaussian blur with this standard deviation in pixels, borders reflected without the edge pixel.
int32_t sxcv_gaussian_blur(sxcv_view source, sxcv_canvas target, double sigma, sxcv_message *message);

/// The median of the square window of 3 or 5 pixels, borders replicated.
int32_t sxcv_median_blur(sxcv_view source, sxcv_canvas target, int32_t window, sxcv_message *message);

/// Bilinear warp. `source_from_target` holds nine numbers row by row and maps pixels of the target to pixels of the source; what falls
/// outside takes the border's pixel if `replicate` is not 0, else `border` in every channel.
int32_t sxcv_warp(
  sxcv_view source, sxcv_canvas target, const double *source_from_target, int32_t replicate, uint8_t border,
  sxcv_message *message);

#ifdef __cplusplus
}
#endif

#endif
