/// Shapes in grey images: morphology and connected components.
#ifndef COPENCV_REGION_H
#define COPENCV_REGION_H

#include "copencv_base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  SXCV_ERODE = 0,
  SXCV_DILATE = 1,
  SXCV_OPEN = 2,
  SXCV_CLOSE = 3,
};

/// Grey-scale morphology with a disk (`round` not 0) or a square of `diameter` pixels, odd, 1 to 63. Outside the image there is nothing
/// to win: erosion sees the brightest value there, dilation the darkest. Source and target may be the same memory.
int32_t sxcv_morphology(
  sxcv_view source, sxcv_canvas target, int32_t operation, int32_t diameter, int32_t round, sxcv_message *message);

/// The length of the gradient by Sobel's operator, `scale` times grey levels per pixel, at most 255; 0 along the border. Source and target
/// are grey, of one size, and not the same memory.
int32_t sxcv_steepness(sxcv_view source, sxcv_canvas target, float scale, sxcv_message *message);

typedef struct sxcv_component {
  int32_t left;
  int32_t top;
  int32_t width;
  int32_t height;
  int32_t area;
} sxcv_component;

/// The 8-connected components of the pixels that are not 0, in the order of their first pixel.
///
/// `labels` has a place for each pixel (`label_capacity`) and receives 0 for background and the component's number from 1 else. At most
/// `capacity` components are written; `count` receives how many there are.
int32_t sxcv_components(
  sxcv_view mask, int32_t *labels, size_t label_capacity, sxcv_component *components, size_t capacity, size_t *count,
  sxcv_message *message);

#ifdef __cplusplus
}
#endif

#endif
