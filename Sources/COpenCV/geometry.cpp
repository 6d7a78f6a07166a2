#include "copencv_geometry.h"

#include <algorithm>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "face.hpp"

namespace {

constexpr size_t mostPoints = 1'000'000;

void require(const sxcv_robust_settings &settings) {
  face::require(settings.threshold > 0 && settings.confidence > 0 && settings.confidence < 1, "a threshold or confidence out of range");
  face::require(settings.iterations > 0 && settings.iterations <= 100'000, "iterations outside 1 to 100000");
}

/// Headers over the caller's numbers; the functions below only read them.
cv::Mat points(const double *values, size_t count, int channels) {
  return cv::Mat(static_cast<int>(count), 1, CV_MAKETYPE(CV_64F, channels), const_cast<double *>(values));
}

}  // namespace

int32_t sxcv_remap(sxcv_view source, sxcv_canvas target, const float *places, size_t place_count, sxcv_message *message) {
  return face::guarded(message, [&] {
    const cv::Mat from = face::matrix(source);
    cv::Mat to = face::matrix(target);
    face::require(places != nullptr && place_count == to.total(), "one place for each pixel");
    face::require(from.type() == to.type(), "images of two kinds");
    const cv::Mat map(to.size(), CV_32FC2, const_cast<float *>(places));
    cv::remap(from, to, map, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_CONSTANT);
    face::requireInPlace(to, target.pixels);
  });
}

int32_t sxcv_solve_pose(
  const double *places_in_space, const double *places, size_t count, sxcv_robust_settings settings, double *pose,
  uint8_t *fits, int32_t *is_found, sxcv_message *message) {
  return face::guarded(message, [&] {
    require(settings);
    face::require(places_in_space && places && pose && fits && is_found && count <= mostPoints, "no points or too many");
    *is_found = 0;
    std::fill_n(fits, count, 0);
    if (count < 4) return;
    cv::Mat rotation, translation, inliers;
    const bool isSolved = cv::solvePnPRansac(
      points(places_in_space, count, 3), points(places, count, 2), cv::Mat::eye(3, 3, CV_64F), cv::noArray(), rotation, translation,
      false, settings.iterations, static_cast<float>(settings.threshold), settings.confidence, inliers, cv::SOLVEPNP_AP3P);
    if (!isSolved || inliers.empty()) return;
    for (int i = 0; i < inliers.rows; i++) fits[inliers.at<int>(i)] = 1;
    for (int axis = 0; axis < 3; axis++) {
      pose[axis] = rotation.at<double>(axis);
      pose[3 + axis] = translation.at<double>(axis);
    }
    *is_found = 1;
  });
}

int32_t sxcv_find_motion(
  const double *first, const double *second, size_t count, sxcv_robust_settings settings, double *rotation,
  double *translation, uint8_t *fits, int32_t *is_found, sxcv_message *message) {
  return face::guarded(message, [&] {
    require(settings);
    face::require(first && second && rotation && translation && fits && is_found && count <= mostPoints, "no matches or too many");
    *is_found = 0;
    std::fill_n(fits, count, 0);
    if (count < 8) return;
    const cv::Mat K = cv::Mat::eye(3, 3, CV_64F), a = points(first, count, 2), b = points(second, count, 2);
    cv::Mat mask, R, t;
    const cv::Mat E = cv::findEssentialMat(a, b, K, cv::RANSAC, settings.confidence, settings.threshold, settings.iterations, mask);
    // Several solutions come stacked where the sample allowed them; none of them is better founded than another.
    if (E.rows != 3 || E.cols != 3) return;
    // Points beyond 50 base lines, which the default drops, are most of what a camera with little motion sees.
    const int kept = cv::recoverPose(E, a, b, K, R, t, 1e6, mask);
    if (kept < 8) return;
    for (size_t i = 0; i < count; i++) fits[i] = mask.at<uint8_t>(static_cast<int>(i)) != 0;
    for (int i = 0; i < 9; i++) rotation[i] = R.at<double>(i / 3, i % 3);
    for (int i = 0; i < 3; i++) translation[i] = t.at<double>(i);
    *is_found = 1;
  });
}
