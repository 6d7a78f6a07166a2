/// Calibration boards in pictures, and the cameras that saw them.
#ifndef COPENCV_CALIBRATION_H
#define COPENCV_CALIBRATION_H

#include "copencv_base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  SXCV_CHESSBOARD = 0,
  SXCV_CIRCLES = 1,
  SXCV_ASYMMETRIC_CIRCLES = 2,
  SXCV_CHARUCO = 3,
};

typedef struct sxcv_board {
  int32_t kind;
  /// Inner corners or circles in a row and the number of rows; for ChArUco too, whose squares are one more in each direction.
  int32_t columns;
  int32_t rows;
  /// ChArUco: the side of a marker as a share of the square's, and the number of OpenCV's predefined dictionary.
  double marker_share;
  int32_t dictionary;
} sxcv_board;

/// Finds the points of a board in a grey image, with sub-pixel precision.
///
/// `numbers` receives which point of the board each is, row by row from 0. `count` is 0 where there is no such board. `is_quick` not 0: a
/// picture without a board is left early, at the price of missing some with one (chessboards only).
int32_t sxcv_find_board(
  sxcv_view image, sxcv_board board, int32_t is_quick, sxcv_point *points, int32_t *numbers, size_t capacity,
  size_t *count, sxcv_message *message);

/// Where a ChArUco board, with squares of side 1, has its inner corners (two numbers each, by their numbers) and its markers' outer corners (eight
/// numbers each, clockwise as printed from the marker's own first, by the markers' numbers), in OpenCV's frame of the board.
int32_t sxcv_charuco_layout(
  sxcv_board board, double *corners, size_t corner_capacity, double *markers, size_t marker_capacity, size_t *marker_count,
  sxcv_message *message);

/// A marker of a predefined dictionary as rows of `side`² bits, 1 for white, its black border included.
int32_t sxcv_marker_bits(
  int32_t dictionary, int32_t number, uint8_t *bits, size_t capacity, int32_t *side, sxcv_message *message);

enum {
  SXCV_RADIAL_TANGENTIAL = 0,
  SXCV_FISHEYE = 1,
};

/// Focal lengths and principal point in pixels; k1, k2, p1, p2, k3 of a radial-tangential lens, k1 to k4 of a fisheye.
typedef struct sxcv_camera {
  int32_t kind;
  int32_t width;
  int32_t height;
  double fx, fy, cx, cy;
  double distortion[5];
} sxcv_camera;

/// Points of a board (three numbers each, in its own unit) and where they were seen (two numbers each), view after view.
typedef struct sxcv_views {
  const double *board_points;
  const double *image_points;
  const size_t *counts;
  size_t view_count;
} sxcv_views;

/// The camera with the least squared reprojection error. Its kind and size are given, the rest is set.
///
/// `poses` receives six numbers a view, the rotation vector and the translation from the board to the camera.
int32_t sxcv_calibrate(sxcv_views views, sxcv_camera *camera, double *poses, double *rms, sxcv_message *message);

/// The place of the right camera: x_right = R x_left + t. Both sets of views have the same board points, both cameras stay as they are.
int32_t sxcv_calibrate_stereo(
  sxcv_views left, sxcv_views right, const sxcv_camera *left_camera, const sxcv_camera *right_camera, double *rotation,
  double *translation, double *rms, sxcv_message *message);

#ifdef __cplusplus
}
#endif

#endif
