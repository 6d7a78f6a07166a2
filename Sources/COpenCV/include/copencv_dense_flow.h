/// Dense optical flow by inverse search (Kroeger et al., "Fast Optical Flow using Dense Inverse Search", ECCV 2016).
#ifndef COPENCV_DENSE_FLOW_H
#define COPENCV_DENSE_FLOW_H

#include "copencv_base.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The method with its working memory.
typedef struct sxcv_dense_flow sxcv_dense_flow;

/// `refinements`: steps of the variational refinement at each scale, 0 to 20.
int32_t sxcv_dense_flow_create(int32_t refinements, sxcv_dense_flow **out, sxcv_message *message);
void sxcv_dense_flow_destroy(sxcv_dense_flow *flow);

/// For each pixel of `from`, how far away its content lies in `to`: x and y in pixels, interleaved, row by row.
///
/// Both images are grey, of one size, and at least 16 pixels wide and high. `displacements` has places for `capacity` numbers, at least
/// twice the number of pixels.
int32_t sxcv_dense_flow_compute(
  sxcv_dense_flow *flow, sxcv_view from, sxcv_view to, float *displacements, size_t capacity, sxcv_message *message);

#ifdef __cplusplus
}
#endif

#endif
