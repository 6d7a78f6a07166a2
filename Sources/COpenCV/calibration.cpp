#include "copencv_calibration.h"

#include <algorithm>
#include <opencv2/calib3d.hpp>
#include <vector>

#include "face.hpp"

namespace {

template <typename Point3, typename Point2>
struct Views {
  std::vector<std::vector<Point3>> board;
  std::vector<std::vector<Point2>> image;

  explicit Views(const sxcv_views &views) {
    face::require(views.board_points && views.image_points && views.counts, "no views");
    face::require(views.view_count > 0 && views.view_count <= 10'000, "no views or too many");
    const double *from = views.board_points, *to = views.image_points;
    for (size_t view = 0; view < views.view_count; view++) {
      face::require(views.counts[view] >= 4 && views.counts[view] <= 10'000, "a view of fewer than 4 points or too many");
      auto &places = board.emplace_back();
      auto &seen = image.emplace_back();
      for (size_t i = 0; i < views.counts[view]; i++, from += 3, to += 2) {
        using Board = typename Point3::value_type;
        using Image = typename Point2::value_type;
        places.emplace_back(static_cast<Board>(from[0]), static_cast<Board>(from[1]), static_cast<Board>(from[2]));
        seen.emplace_back(static_cast<Image>(to[0]), static_cast<Image>(to[1]));
      }
    }
  }
};
using PinholeViews = Views<cv::Point3f, cv::Point2f>;
using FisheyeViews = Views<cv::Point3d, cv::Point2d>;

cv::Mat matrix(const sxcv_camera &camera) {
  return (cv::Mat_<double>(3, 3) << camera.fx, 0, camera.cx, 0, camera.fy, camera.cy, 0, 0, 1);
}

cv::Mat distortion(const sxcv_camera &camera) {
  const int count = camera.kind == SXCV_FISHEYE ? 4 : 5;
  return cv::Mat(count, 1, CV_64F, const_cast<double *>(camera.distortion)).clone();
}

void keep(const cv::Mat &matrix, const cv::Mat &coefficients, sxcv_camera &camera) {
  camera.fx = matrix.at<double>(0, 0);
  camera.fy = matrix.at<double>(1, 1);
  camera.cx = matrix.at<double>(0, 2);
  camera.cy = matrix.at<double>(1, 2);
  const auto count = std::min<size_t>(5, coefficients.total());
  for (size_t i = 0; i < 5; i++) camera.distortion[i] = i < count ? coefficients.at<double>(static_cast<int>(i)) : 0;
}

void require(const sxcv_camera *camera) {
  face::require(camera != nullptr && camera->width > 0 && camera->height > 0, "a camera without a size");
  face::require(camera->kind == SXCV_RADIAL_TANGENTIAL || camera->kind == SXCV_FISHEYE, "no such kind of camera");
}

void copy(const std::vector<cv::Mat> &rotations, const std::vector<cv::Mat> &translations, double *poses) {
  for (size_t view = 0; view < rotations.size(); view++) {
    for (int axis = 0; axis < 3; axis++) {
      poses[6 * view + static_cast<size_t>(axis)] = rotations[view].at<double>(axis);
      poses[6 * view + 3 + static_cast<size_t>(axis)] = translations[view].at<double>(axis);
    }
  }
}

}  // namespace

int32_t sxcv_calibrate(sxcv_views views, sxcv_camera *camera, double *poses, double *rms, sxcv_message *message) {
  return face::guarded(message, [&] {
    require(camera);
    face::require(poses != nullptr && rms != nullptr, "no place for the result");
    const cv::Size size(camera->width, camera->height);
    cv::Mat K, D;
    std::vector<cv::Mat> rotations, translations;
    if (camera->kind == SXCV_FISHEYE) {
      const FisheyeViews seen(views);
      const cv::TermCriteria criteria(cv::TermCriteria::COUNT | cv::TermCriteria::EPS, 200, 1e-10);
      *rms = cv::fisheye::calibrate(
        seen.board, seen.image, size, K, D, rotations, translations,
        cv::fisheye::CALIB_RECOMPUTE_EXTRINSIC | cv::fisheye::CALIB_FIX_SKEW, criteria);
    } else {
      const PinholeViews seen(views);
      *rms = cv::calibrateCamera(seen.board, seen.image, size, K, D, rotations, translations, 0);
    }
    keep(K, D, *camera);
    copy(rotations, translations, poses);
  });
}

int32_t sxcv_calibrate_stereo(
  sxcv_views left, sxcv_views right, const sxcv_camera *left_camera, const sxcv_camera *right_camera, double *rotation,
  double *translation, double *rms, sxcv_message *message) {
  return face::guarded(message, [&] {
    require(left_camera);
    require(right_camera);
    face::require(left_camera->kind == right_camera->kind, "cameras of two kinds");
    face::require(rotation != nullptr && translation != nullptr && rms != nullptr, "no place for the result");
    const cv::Size size(left_camera->width, left_camera->height);
    cv::Mat K1 = matrix(*left_camera), D1 = distortion(*left_camera), K2 = matrix(*right_camera), D2 = distortion(*right_camera);
    cv::Mat R, T, E, F;
    const cv::TermCriteria criteria(cv::TermCriteria::COUNT | cv::TermCriteria::EPS, 100, 1e-5);
    if (left_camera->kind == SXCV_FISHEYE) {
      const FisheyeViews first(left), second(right);
      *rms = cv::fisheye::stereoCalibrate(
        first.board, first.image, second.image, K1, D1, K2, D2, size, R, T, cv::fisheye::CALIB_FIX_INTRINSIC, criteria);
    } else {
      const PinholeViews first(left), second(right);
      *rms = cv::stereoCalibrate(
        first.board, first.image, second.image, K1, D1, K2, D2, size, R, T, E, F, cv::CALIB_FIX_INTRINSIC, criteria);
    }
    for (int i = 0; i < 9; i++) rotation[i] = R.at<double>(i / 3, i % 3);
    for (int i = 0; i < 3; i++) translation[i] = T.at<double>(i);
  });
}
