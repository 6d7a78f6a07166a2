/// Two views and known points: pictures seen through another camera, poses from points, motion from matches.
#ifndef COPENCV_GEOMETRY_H
#define COPENCV_GEOMETRY_H

#include "copencv_base.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Bilinear: each pixel of the target takes the place of the source that `places` names, x and y in pixels, row by row; black outside.
int32_t sxcv_remap(sxcv_view source, sxcv_canvas target, const float *places, size_t place_count, sxcv_message *message);

typedef struct sxcv_robust_settings {
  /// Residuals beyond this do not fit, in the unit of the image points.
  double threshold;
  /// The share of runs that meet a sample without mistakes.
  double confidence;
  int32_t iterations;
} sxcv_robust_settings;

/// The pose of a camera of focal length 1 from points in space and where they are seen, x_camera = R x + t.
///
/// `pose` holds the rotation vector and the translation; `fits` one byte a point. `is_found` is 0 where no pose fits enough of them. Equal
/// input gives equal output: the library seeds its generator anew.
int32_t sxcv_solve_pose(
  const double *points, const double *places, size_t count, sxcv_robust_settings settings, double *pose, uint8_t *fits,
  int32_t *is_found, sxcv_message *message);

/// The motion between two cameras of focal length 1 from matches, x_second = R x_first + t with |t| = 1.
///
/// `rotation` has nine numbers row by row. `fits` marks matches on the motion whose point lies before both cameras.
int32_t sxcv_find_motion(
  const double *first, const double *second, size_t count, sxcv_robust_settings settings, double *rotation,
  double *translation, uint8_t *fits, int32_t *is_found, sxcv_message *message);

#ifdef __cplusplus
}
#endif

#endif
