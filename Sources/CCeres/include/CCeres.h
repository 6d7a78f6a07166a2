/// Ceres Solver: camera poses and points that fit all observations best (bundle adjustment), and poses that fit links between them.
///
/// Every call returns a status, 0 for success, and on failure writes one line into the caller's message. No C++ exception leaves this face and
/// it holds no state.
#ifndef CCERES_H
#define CCERES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  SXCE_OK = 0,
  SXCE_INVALID_ARGUMENT = 1,
  SXCE_LIBRARY = 2,
};

/// One line of text, ended by a zero byte.
typedef struct sxce_message {
  char text[256];
} sxce_message;

/// A map from the world to a camera, x ↦ R(q) x + t; q is w, x, y, z.
typedef struct sxce_pose {
  double quaternion[4];
  double translation[3];
} sxce_pose;

/// A point seen in the plane z = 1 of a camera, or of the one that is fixed to its right.
typedef struct sxce_observation {
  int32_t pose;
  int32_t point;
  int32_t is_right;
  double x;
  double y;
} sxce_observation;

typedef struct sxce_settings {
  /// Residuals beyond this count linearly (Huber).
  double scale;
  int32_t iterations;
} sxce_settings;

/// Changes poses and points so that the observations fit best. The first `fixed_count` poses stay.
///
/// `points` has three numbers a point. `right_from_left` is null where no observation is of the right camera. One thread and one order of
/// blocks, so equal input gives equal output.
int32_t sxce_adjust(
  sxce_pose *poses, size_t pose_count, size_t fixed_count, double *points, size_t point_count,
  const sxce_observation *observations, size_t observation_count, const sxce_pose *right_from_left, sxce_settings settings,
  sxce_message *message);

/// Where a camera is, x ↦ s R(q) x + t to the world; q is w, x, y, z.
typedef struct sxce_node {
  double quaternion[4];
  double translation[3];
  double scale;
} sxce_node;

/// The second node as the first one sees it, in the first one's unit of length, and the standard deviations of turn (radians), place and log scale.
typedef struct sxce_link {
  int32_t first;
  int32_t second;
  double quaternion[4];
  double translation[3];
  double scale;
  double rotation_deviation;
  double place_deviation;
  double scale_deviation;
} sxce_link;

/// Changes the nodes so that the links fit best (a pose graph). The first node stays; `keeps_scale` not 0: the scales of all do. One thread, so equal input
/// gives equal output.
int32_t sxce_adjust_graph(
  sxce_node *nodes, size_t node_count, const sxce_link *links, size_t link_count, int32_t keeps_scale, int32_t iterations,
  sxce_message *message);

#ifdef __cplusplus
}
#endif

#endif
