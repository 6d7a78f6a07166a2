#include "copencv_flow.h"

#include <algorithm>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>
#include <vector>

#include "face.hpp"

struct sxcv_pyramid {
  int levels;
  int window;
  std::vector<cv::Mat> images;
  /// Levels that the last image had room for.
  int filled = -1;
};

int32_t sxcv_pyramid_create(int32_t levels, int32_t window, sxcv_pyramid **out, sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(out != nullptr, "no place for the handle");
    face::require(levels >= 0 && levels <= 8 && window >= 3 && window <= 63, "levels outside 0 to 8 or a window outside 3 to 63");
    auto result = std::make_unique<sxcv_pyramid>();
    result->levels = levels;
    result->window = window;
    *out = result.release();
  });
}

void sxcv_pyramid_destroy(sxcv_pyramid *pyramid) {
  delete pyramid;
}

int32_t sxcv_pyramid_fill(sxcv_pyramid *pyramid, sxcv_view view, sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(pyramid != nullptr, "no handle");
    face::require(view.channels == 1, "a pyramid needs a grey image");
    pyramid->filled = -1;
    // The image must be copied (last argument): the caller's pixels are only lent for this call.
    pyramid->filled = cv::buildOpticalFlowPyramid(
      face::matrix(view), pyramid->images, cv::Size(pyramid->window, pyramid->window), pyramid->levels, true,
      cv::BORDER_REFLECT_101, cv::BORDER_CONSTANT, false);
  });
}

int32_t sxcv_track(
  const sxcv_pyramid *from, const sxcv_pyramid *to, const sxcv_point *sources, sxcv_point *targets, uint8_t *found,
  float *errors, size_t count, sxcv_track_settings settings, sxcv_message *message) {
  return face::guarded(message, [&] {
    if (count == 0) return;
    face::require(from != nullptr && to != nullptr && from->filled >= 0 && to->filled >= 0, "a pyramid without an image");
    face::require(from->images[0].size() == to->images[0].size(), "images of different sizes");
    face::require(sources != nullptr && targets != nullptr && found != nullptr && errors != nullptr && count <= 1'000'000, "no points or too many");
    face::require(
      settings.window >= 3 && settings.window <= std::min(from->window, to->window), "a window larger than the pyramid's");
    const int rows = static_cast<int>(count);
    const int levels = std::clamp(settings.levels, 0, std::min(from->filled, to->filled));
    // Headers over the caller's memory; the sizes and types fit, so OpenCV writes in place.
    const cv::Mat start(rows, 1, CV_32FC2, const_cast<sxcv_point *>(sources));
    cv::Mat end(rows, 1, CV_32FC2, targets), status(rows, 1, CV_8U, found), error(rows, 1, CV_32F, errors);
    const cv::TermCriteria criteria(
      cv::TermCriteria::COUNT | cv::TermCriteria::EPS, std::clamp(settings.iterations, 1, 100), settings.epsilon);
    cv::calcOpticalFlowPyrLK(
      from->images, to->images, start, end, status, error, cv::Size(settings.window, settings.window), levels, criteria,
      cv::OPTFLOW_USE_INITIAL_FLOW, 1e-4);
    face::requireInPlace(end, reinterpret_cast<const uint8_t *>(targets));
    face::requireInPlace(status, found);
    face::requireInPlace(error, reinterpret_cast<const uint8_t *>(errors));
  });
}

int32_t sxcv_find_corners(
  sxcv_view image, double quality, double spacing, sxcv_point *points, size_t capacity, size_t *count,
  sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(points != nullptr && count != nullptr && capacity > 0 && capacity <= 100'000, "no place for the points");
    face::require(image.channels == 1, "corners need a grey image");
    std::vector<cv::Point2f> corners;
    cv::goodFeaturesToTrack(face::matrix(image), corners, static_cast<int>(capacity), quality, spacing);
    *count = std::min(capacity, corners.size());
    for (size_t i = 0; i < *count; i++) points[i] = {corners[i].x, corners[i].y};
  });
}

int32_t sxcv_phase_correlate(
  sxcv_view first, sxcv_view second, double *x, double *y, double *response, sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(x != nullptr && y != nullptr && response != nullptr, "no place for the result");
    face::require(first.channels == 1 && second.channels == 1, "phase correlation needs grey images");
    cv::Mat a, b, window;
    face::matrix(first).convertTo(a, CV_32F);
    face::matrix(second).convertTo(b, CV_32F);
    face::require(a.size() == b.size() && a.rows > 1 && a.cols > 1, "images of different sizes");
    cv::createHanningWindow(window, a.size(), CV_32F);
    const cv::Point2d shift = cv::phaseCorrelate(a, b, window, response);
    *x = shift.x;
    *y = shift.y;
  });
}

int32_t sxcv_mean_difference(sxcv_view first, sxcv_view second, double *difference, sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(difference != nullptr, "no place for the result");
    const cv::Mat a = face::matrix(first), b = face::matrix(second);
    face::require(a.size() == b.size() && a.type() == b.type(), "images of different shapes");
    *difference = cv::norm(a, b, cv::NORM_L1) / static_cast<double>(a.total() * static_cast<size_t>(a.channels()));
  });
}
