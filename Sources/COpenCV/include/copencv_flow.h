/// Motion without descriptors: pyramidal Lucas-Kanade, corners to follow, phase correlation, plain difference.
#ifndef COPENCV_FLOW_H
#define COPENCV_FLOW_H

#include "copencv_base.h"

#ifdef __cplusplus
extern "C" {
#endif

/// An image at several scales with its derivatives; used again and again without new memory.
typedef struct sxcv_pyramid sxcv_pyramid;
/// `levels` halvings beyond the image itself; windows of up to `window` pixels can be followed.
int32_t sxcv_pyramid_create(int32_t levels, int32_t window, sxcv_pyramid **out, sxcv_message *message);
void sxcv_pyramid_destroy(sxcv_pyramid *pyramid);
/// Fills the pyramid from a grey image.
int32_t sxcv_pyramid_fill(sxcv_pyramid *pyramid, sxcv_view image, sxcv_message *message);

typedef struct sxcv_track_settings {
  /// The side of the window in pixels, odd, at most the pyramids'.
  int32_t window;
  /// Halvings that are used, at most the pyramids'.
  int32_t levels;
  int32_t iterations;
  /// A step shorter than this ends the iterations, in pixels.
  double epsilon;
} sxcv_track_settings;

/// Follows points from one image to another (Lucas and Kanade; pyramid after Bouguet).
///
/// `targets` holds the first guesses and receives the places, `found` 1 where the point could be followed, `errors` the mean
/// absolute difference of the windows in grey levels; each of the three has `count` places.
int32_t sxcv_track(
  const sxcv_pyramid *from, const sxcv_pyramid *to, const sxcv_point *sources, sxcv_point *targets, uint8_t *found,
  float *errors, size_t count, sxcv_track_settings settings, sxcv_message *message);

/// Corners by their smaller eigenvalue (Shi and Tomasi), the strongest first, at least `spacing` pixels apart.
int32_t sxcv_find_corners(
  sxcv_view image, double quality, double spacing, sxcv_point *points, size_t capacity, size_t *count,
  sxcv_message *message);

/// The translation from the first grey image to the second by phase correlation under a Hann window, and the height of its peak.
int32_t sxcv_phase_correlate(
  sxcv_view first, sxcv_view second, double *x, double *y, double *response, sxcv_message *message);

/// The mean absolute difference of two images of one shape, in grey levels.
int32_t sxcv_mean_difference(sxcv_view first, sxcv_view second, double *difference, sxcv_message *message);

#ifdef __cplusplus
}
#endif

#endif
