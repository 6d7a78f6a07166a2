#include "CCeres.h"

#include <ceres/ceres.h>

#include <cmath>
#include <cstdio>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <vector>

namespace {

/// How a pose may move: turned by a rotation vector about its own frame, then shifted; the six numbers that the solver changes, 0 at first.
constexpr int kStepSize = 6;

using Matrix = Eigen::Matrix<double, 3, 3, Eigen::RowMajor>;
using Vector = Eigen::Vector3d;

Matrix cross(const Vector &v) {
  Matrix m;
  m << 0, -v.z(), v.y(), v.z(), 0, -v.x(), -v.y(), v.x(), 0;
  return m;
}

/// A pose as the solver sees it: where it began, and where its step has brought it.
struct Pose {
  Matrix startRotation;
  Vector startTranslation;
  double step[kStepSize] = {};
  Matrix rotation;
  Vector translation;
  /// How the turn changes with the rotation vector: the left Jacobian of SO(3) (T. Barfoot, "State estimation for robotics", 2017, (7.77b)).
  Matrix turnJacobian;

  explicit Pose(const sxce_pose &pose) : startTranslation(pose.translation) {
    const double *q = pose.quaternion;
    startRotation = Eigen::Quaterniond(q[0], q[1], q[2], q[3]).normalized().toRotationMatrix();
    update();
  }

  /// Brings rotation, translation and Jacobian to the step.
  void update() {
    const Vector turn(step[0], step[1], step[2]);
    const double angle = turn.norm();
    const Matrix k = cross(turn), k2 = k * k;
    // Below this angle the series' next terms are beyond a double's digits.
    const bool isSmall = angle < 1e-4;
    const double square = angle * angle;
    const double a = isSmall ? 1 - square / 6 : std::sin(angle) / angle;
    const double b = isSmall ? 0.5 - square / 24 : (1 - std::cos(angle)) / square;
    const double c = isSmall ? 1.0 / 6 - square / 120 : (angle - std::sin(angle)) / (square * angle);
    rotation = (Matrix::Identity() + a * k + b * k2) * startRotation;
    turnJacobian = Matrix::Identity() + b * k + c * k2;
    translation = startTranslation + Vector(step[3], step[4], step[5]);
  }

  void write(sxce_pose &pose) const {
    const Eigen::Quaterniond q(rotation);
    pose = {{q.w(), q.x(), q.y(), q.z()}, {translation.x(), translation.y(), translation.z()}};
  }
};

/// Brings all poses to their steps once an iteration, rather than once for each point that they see.
struct PoseUpdate : ceres::EvaluationCallback {
  std::vector<Pose> &poses;
  explicit PoseUpdate(std::vector<Pose> &all) : poses(all) {}
  void PrepareForEvaluation(bool, bool isNewPoint) override {
    if (!isNewPoint) return;
    for (Pose &pose : poses) pose.update();
  }
};

/// The miss of a point in the plane z = 1 of a camera, or of the one to its right, with its derivatives.
struct Miss : ceres::SizedCostFunction<2, kStepSize, 3> {
  const Pose &pose;
  double x, y;
  /// Null for the left camera.
  const Pose *rightFromLeft;

  Miss(const Pose &of, const sxce_observation &seen, const Pose *right)
      : pose(of), x(seen.x), y(seen.y), rightFromLeft(seen.is_right ? right : nullptr) {}

  bool Evaluate(double const *const *parameters, double *residuals, double **jacobians) const override {
    const Vector point(parameters[1][0], parameters[1][1], parameters[1][2]);
    const Vector turned = pose.rotation * point;
    Vector seen = turned + pose.translation;
    if (rightFromLeft) seen = rightFromLeft->startRotation * seen + rightFromLeft->startTranslation;
    // Points come in front of their cameras; one that a step brings behind is held at the plane instead of ending the solve.
    const bool isBefore = seen.z() > 1e-3;
    const double inverse = 1 / (isBefore ? seen.z() : 1e-3);
    residuals[0] = seen.x() * inverse - x;
    residuals[1] = seen.y() * inverse - y;
    if (!jacobians) return true;
    Eigen::Matrix<double, 2, 3, Eigen::RowMajor> bySeen;
    const double pull = isBefore ? -inverse * inverse : 0;
    bySeen << inverse, 0, seen.x() * pull, 0, inverse, seen.y() * pull;
    if (rightFromLeft) bySeen = (bySeen * rightFromLeft->startRotation).eval();
    if (jacobians[0]) {
      Eigen::Map<Eigen::Matrix<double, 2, kStepSize, Eigen::RowMajor>> byStep(jacobians[0]);
      for (int row = 0; row < 2; row++) {
        // d(exp(w) R p) = -[R p]x J dw, so a row g of the derivative by the point seen gives (R p x g) J.
        const Vector gradient = bySeen.row(row).transpose();
        byStep.row(row).head<3>() = turned.cross(gradient).transpose() * pose.turnJacobian;
        byStep.row(row).tail<3>() = gradient.transpose();
      }
    }
    if (jacobians[1]) {
      Eigen::Map<Eigen::Matrix<double, 2, 3, Eigen::RowMajor>> byPoint(jacobians[1]);
      byPoint = bySeen * pose.rotation;
    }
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
    std::vector<Pose> moving(poses, poses + pose_count);
    PoseUpdate update(moving);
    ceres::Problem::Options options;
    options.loss_function_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
    options.cost_function_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
    options.evaluation_callback = &update;
    options.disable_all_safety_checks = true;
    ceres::HuberLoss loss(settings.scale);
    std::optional<Pose> right;
    if (right_from_left) right.emplace(*right_from_left);
    // A deque: costs are named by their places and cannot be copied.
    std::deque<Miss> costs;
    ceres::Problem problem(options);
    auto ordering = std::make_shared<ceres::ParameterBlockOrdering>();
    for (size_t i = 0; i < observation_count; i++) {
      const sxce_observation &seen = observations[i];
      if (!isWithin(seen.pose, pose_count) || !isWithin(seen.point, point_count) || (seen.is_right && !right))
        return fail(SXCE_INVALID_ARGUMENT, "an observation of nothing", message);
      Pose &pose = moving[static_cast<size_t>(seen.pose)];
      costs.emplace_back(pose, seen, right ? &*right : nullptr);
      double *point = points + 3 * static_cast<size_t>(seen.point);
      problem.AddResidualBlock(&costs.back(), &loss, pose.step, point);
      ordering->AddElementToGroup(point, 0);
    }
    for (size_t i = 0; i < pose_count; i++) {
      if (!problem.HasParameterBlock(moving[i].step)) continue;
      ordering->AddElementToGroup(moving[i].step, 1);
      if (i < fixed_count) problem.SetParameterBlockConstant(moving[i].step);
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
    for (size_t i = fixed_count; i < pose_count; i++) {
      moving[i].update();
      moving[i].write(poses[i]);
    }
    return SXCE_OK;
  } catch (const std::exception &error) {
    return fail(SXCE_LIBRARY, error.what(), message);
  } catch (...) {
    return fail(SXCE_LIBRARY, "unknown failure inside Ceres", message);
  }
}
