#include "CCeres.h"

#include <ceres/ceres.h>
#include <ceres/rotation.h>

#include <cmath>
#include <cstdio>
#include <exception>
#include <vector>

namespace {

/// What the solver changes of a node: a turn in front of the rotation that it began with, the place, and the logarithm of the scale.
constexpr int kNodeSize = 7;

using Matrix = Eigen::Matrix<double, 3, 3, Eigen::RowMajor>;

struct Node {
  Matrix startRotation;
  double values[kNodeSize] = {};
};

Matrix rotation(const double *q) { return Eigen::Quaterniond(q[0], q[1], q[2], q[3]).normalized().toRotationMatrix(); }

/// How far two nodes are from a link, over its deviations: turn, place and scale of the second in the frame of the first.
struct Miss {
  const Node &first, &second;
  const sxce_link &link;
  Matrix inverse;

  Miss(const Node &a, const Node &b, const sxce_link &l) : first(a), second(b), link(l), inverse(rotation(l.quaternion).transpose()) {}

  template <typename T>
  Eigen::Matrix<T, 3, 3> turned(const Node &node, const T *values) const {
    Eigen::Matrix<T, 3, 3> turn;
    ceres::AngleAxisToRotationMatrix(values, turn.data());
    return turn * node.startRotation.template cast<T>();
  }

  template <typename T>
  bool operator()(const T *a, const T *b, T *residuals) const {
    const Eigen::Matrix<T, 3, 3> r1 = turned(first, a), r2 = turned(second, b);
    const Eigen::Matrix<T, 3, 3> left = inverse.cast<T>() * r1.transpose() * r2;
    T turn[3];
    ceres::RotationMatrixToAngleAxis(left.data(), turn);
    Eigen::Matrix<T, 3, 1> shift;
    for (int i = 0; i < 3; i++) shift[i] = b[3 + i] - a[3 + i];
    const Eigen::Matrix<T, 3, 1> place = r1.transpose() * shift * exp(-a[6]);
    for (int i = 0; i < 3; i++) {
      residuals[i] = turn[i] / link.rotation_deviation;
      residuals[3 + i] = (place[i] - link.translation[i]) / link.place_deviation;
    }
    residuals[6] = (b[6] - a[6] - std::log(link.scale)) / link.scale_deviation;
    return true;
  }
};

int32_t fail(int32_t status, const char *text, sxce_message *message) noexcept {
  if (message) std::snprintf(message->text, sizeof message->text, "%s", text);
  return status;
}

bool isGood(const sxce_link &link, size_t count) {
  return link.first >= 0 && link.second >= 0 && static_cast<size_t>(link.first) < count && static_cast<size_t>(link.second) < count &&
         link.first != link.second && link.scale > 0 && link.rotation_deviation > 0 && link.place_deviation > 0 && link.scale_deviation > 0;
}

}  // namespace

int32_t sxce_adjust_graph(
  sxce_node *nodes, size_t node_count, const sxce_link *links, size_t link_count, int32_t keeps_scale, int32_t iterations,
  sxce_message *message) {
  try {
    if (!nodes || !links || node_count < 2 || iterations < 1) return fail(SXCE_INVALID_ARGUMENT, "nothing to adjust", message);
    std::vector<Node> moving(node_count);
    for (size_t i = 0; i < node_count; i++) {
      if (!(nodes[i].scale > 0)) return fail(SXCE_INVALID_ARGUMENT, "a scale that is not above 0", message);
      moving[i].startRotation = rotation(nodes[i].quaternion);
      for (int j = 0; j < 3; j++) moving[i].values[3 + j] = nodes[i].translation[j];
      moving[i].values[6] = std::log(nodes[i].scale);
    }
    ceres::Problem problem;
    for (size_t i = 0; i < link_count; i++) {
      const sxce_link &link = links[i];
      if (!isGood(link, node_count)) return fail(SXCE_INVALID_ARGUMENT, "a link of nothing", message);
      Node &a = moving[static_cast<size_t>(link.first)], &b = moving[static_cast<size_t>(link.second)];
      problem.AddResidualBlock(
        new ceres::AutoDiffCostFunction<Miss, kNodeSize, kNodeSize, kNodeSize>(new Miss(a, b, link)), nullptr, a.values, b.values);
    }
    for (Node &node : moving) {
      if (!problem.HasParameterBlock(node.values)) continue;
      if (&node == &moving.front()) problem.SetParameterBlockConstant(node.values);
      else if (keeps_scale) problem.SetManifold(node.values, new ceres::SubsetManifold(kNodeSize, {6}));
    }
    ceres::Solver::Options solver;
    solver.linear_solver_type = ceres::SPARSE_NORMAL_CHOLESKY;
    solver.max_num_iterations = iterations;
    solver.num_threads = 1;
    solver.logging_type = ceres::SILENT;
    ceres::Solver::Summary summary;
    ceres::Solve(solver, &problem, &summary);
    if (!summary.IsSolutionUsable()) return fail(SXCE_LIBRARY, summary.message.c_str(), message);
    for (size_t i = 0; i < node_count; i++) {
      Matrix turn;
      ceres::AngleAxisToRotationMatrix(moving[i].values, ceres::RowMajorAdapter3x3(turn.data()));
      const Matrix all = turn * moving[i].startRotation;
      const Eigen::Quaterniond q(all);
      const double *v = moving[i].values;
      nodes[i] = {{q.w(), q.x(), q.y(), q.z()}, {v[3], v[4], v[5]}, std::exp(v[6])};
    }
    return SXCE_OK;
  } catch (const std::exception &error) {
    return fail(SXCE_LIBRARY, error.what(), message);
  } catch (...) {
    return fail(SXCE_LIBRARY, "unknown failure inside Ceres", message);
  }
}
