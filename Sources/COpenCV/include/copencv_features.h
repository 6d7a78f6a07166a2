/// Point features with binary descriptors, and their matching.
#ifndef COPENCV_FEATURES_H
#define COPENCV_FEATURES_H

#include "copencv_base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  SXCV_ORB = 0,
  SXCV_AKAZE = 1,
};

typedef struct sxcv_extractor_settings {
  int32_t kind;
  /// The most features that are kept.
  int32_t maximum_count;
  /// Features are kept evenly over a grid of this many cells, the strongest of each cell first.
  int32_t grid_columns;
  int32_t grid_rows;
  /// ORB: the number of scales, 1.2 apart. AKAZE: the number of octaves.
  int32_t levels;
  /// ORB: the contrast of a corner in grey levels (FAST). AKAZE: the response of a blob.
  double threshold;
} sxcv_extractor_settings;

typedef struct sxcv_keypoint {
  float x;
  float y;
  /// Diameter of the described patch, in pixels.
  float size;
  /// Direction in degrees, from the x axis towards the y axis.
  float angle;
  float response;
  /// The scale at which it was found; 0 is the finest.
  int32_t octave;
} sxcv_keypoint;

/// A detector with its working memory.
typedef struct sxcv_extractor sxcv_extractor;
int32_t sxcv_extractor_create(sxcv_extractor_settings settings, sxcv_extractor **out, sxcv_message *message);
void sxcv_extractor_destroy(sxcv_extractor *extractor);

/// The features of one image; used again and again, its memory grows to what is needed and stays.
typedef struct sxcv_features sxcv_features;
int32_t sxcv_features_create(sxcv_features **out, sxcv_message *message);
void sxcv_features_destroy(sxcv_features *features);

/// Finds and describes features of a grey image. They are sorted by octave, then by cell, then by falling response; equal input gives equal output.
int32_t sxcv_extract(sxcv_extractor *extractor, sxcv_view image, sxcv_features *features, sxcv_message *message);

/// The key points, valid until the next extraction into this handle.
const sxcv_keypoint *sxcv_features_borrow(const sxcv_features *features, size_t *count);

typedef struct sxcv_match_settings {
  /// Nine numbers row by row: where a feature of the first image is expected in the second. Null: everywhere.
  const double *prediction;
  /// How far from its expected place a feature may lie, in pixels; not used without a prediction.
  double radius;
  /// The best distance must be below this share of the best one at another place of the second image; 1 to switch the test off.
  double ratio;
  /// The greatest distance in bits.
  int32_t maximum_distance;
  /// The greatest difference of octaves, negative for any.
  int32_t maximum_octave_difference;
} sxcv_match_settings;

typedef struct sxcv_match {
  int32_t first;
  int32_t second;
  /// Bits that differ.
  int32_t distance;
} sxcv_match;

/// A matcher with its working memory.
typedef struct sxcv_matcher sxcv_matcher;
int32_t sxcv_matcher_create(sxcv_matcher **out, sxcv_message *message);
void sxcv_matcher_destroy(sxcv_matcher *matcher);

/// Pairs of features that are each other's nearest in Hamming distance, by rising index of the first.
///
/// `ignored` marks features of the first image that take no part (one byte each), or is null. At most `capacity` matches are
/// written; the number of features of the first image is always enough.
int32_t sxcv_match_features(
  sxcv_matcher *matcher, const sxcv_features *first, const sxcv_features *second, const uint8_t *ignored,
  sxcv_match_settings settings, sxcv_match *matches, size_t capacity, size_t *count, sxcv_message *message);

#ifdef __cplusplus
}
#endif

#endif
