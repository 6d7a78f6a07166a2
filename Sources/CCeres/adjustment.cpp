#include "CCeres.h"

#include <ceres/ceres.h>
#include <ceres/rotation.h>

#include <cstdio>
#include <exception>
#include <vector>

namespace {

/// The miss of a point in a camera's plane z = 1.
struct Miss {
  double x, y;
  /// Null for the left camera.
  const sxce_pose *rightFromLeft;

  template <typename T>
  bool operator()(const T *quaternion, const T *translation, const T *point, T *residual) const {
    T seen[3];
    ceres::UnitQuaternionRotatePoint(quaternion, point, seen);
    for (int axis = 0; axis < 3; axis++) seen[axis] += translation[axis];
    if (rightFromLeft) {
      const T turn[4] = {
        T(rightFromLeft->quaternion[0]), T(rightFromLeft->quaternion[1]), T(rightFromLeft->quaternion[2]),
        T(rightFromLeft->quaternion[3])};
      T moved[3];
      ceres::UnitQuaternionRotatePoint(turn, seen, moved);
      for (int axis = 0; axis < 3; axis++) seen[axis] = moved[axis] + T(rightFromLeft->translation[axis]);
    }
    // Points come in front of their cameras; one that a step brings behind is held at the plane instead of ending the solve.
    const T depth = seen[2] > T(1e-3) ? seen[2] : T(1e-3);
    residual[0] = seen[0] / depth - T(x);
    residual[1] = seen[1] / depth - T(y);
    return true;
  }
};

int32_t fail(int32_t status, const char *text, sxce_message *message) noexcept {
  if (message) std::snprintf(message->text, sizeof message->text, "%s", text);
  return status;
}

bool isWithin(int32_t index, size_t count) { return index >= 0 && static_cast<size_t>(index) < count; }

}  // namespace

int32_t sxce_adjust(
  sxce_pose *poses, size_t pose_count, size_t fixed_count, double *points, size_t point_count,
  const sxce_observation *observations, size_t observation_count, const sxce_pose *right_from_left, sxce_settings settings,
  sxce_message *message) {
  try {
    if (!poses || !points || !observations || fixed_count > pose_count || settings.iterations < 1 || !(settings.scale > 0))
      return fail(SXCE_INVALID_ARGUMENT, "nothing to adjust", message);
    ceres::Problem::Options options;
    options.loss_function_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
    options.manifold_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
    ceres::HuberLoss loss(settings.scale);
    ceres::QuaternionManifold manifold;
    ceres::Problem problem(options);
    auto ordering = std::make_shared<ceres::ParameterBlockOrdering>();
    for (size_t i = 0; i < observation_count; i++) {
      const sxce_observation &seen = observations[i];
      if (!isWithin(seen.pose, pose_count) || !isWithin(seen.point, point_count) || (seen.is_right && !right_from_left))
        return fail(SXCE_INVALID_ARGUMENT, "an observation of nothing", message);
      auto *cost = new ceres::AutoDiffCostFunction<Miss, 2, 4, 3, 3>(
        new Miss{seen.x, seen.y, seen.is_right ? right_from_left : nullptr});
      sxce_pose &pose = poses[seen.pose];
      problem.AddResidualBlock(cost, &loss, pose.quaternion, pose.translation, points + 3 * seen.point);
      ordering->AddElementToGroup(points + 3 * seen.point, 0);
    }
    for (size_t i = 0; i < pose_count; i++) {
      if (!problem.HasParameterBlock(poses[i].quaternion)) continue;
      problem.SetManifold(poses[i].quaternion, &manifold);
      ordering->AddElementToGroup(poses[i].quaternion, 1);
      ordering->AddElementToGroup(poses[i].translation, 1);
      if (i >= fixed_count) continue;
      problem.SetParameterBlockConstant(poses[i].quaternion);
      problem.SetParameterBlockConstant(poses[i].translation);
    }
    ceres::Solver::Options solver;
    solver.linear_solver_type = ceres::DENSE_SCHUR;
    solver.linear_solver_ordering = ordering;
    solver.max_num_iterations = settings.iterations;
    solver.num_threads = 1;
    solver.logging_type = ceres::SILENT;
    ceres::Solver::Summary summary;
    ceres::Solve(solver, &problem, &summary);
    if (!summary.IsSolutionUsable()) return fail(SXCE_LIBRARY, summary.message.c_str(), message);
    return SXCE_OK;
  } catch (const std::exception &error) {
    return fail(SXCE_LIBRARY, error.what(), message);
  } catch (...) {
    return fail(SXCE_LIBRARY, "unknown failure inside Ceres", message);
  }
}
