#include "copencv_image.h"

#include <opencv2/imgproc.hpp>
#include <vector>

#include "face.hpp"

int32_t sxcv_resize(sxcv_view source, sxcv_canvas target, sxcv_message *message) {
  return face::guarded(message, [&] {
    const cv::Mat from = face::matrix(source);
    cv::Mat to = face::matrix(target);
    face::require(from.type() == to.type(), "images of different channels");
    if (from.size() == to.size()) {
      from.copyTo(to);
    } else {
      const bool shrinks = to.cols <= from.cols && to.rows <= from.rows;
      cv::resize(from, to, to.size(), 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
    }
    face::requireInPlace(to, target.pixels);
  });
}

int32_t sxcv_convert_color(sxcv_view source, sxcv_canvas target, sxcv_message *message) {
  return face::guarded(message, [&] {
    const cv::Mat from = face::matrix(source);
    cv::Mat to = face::matrix(target);
    face::require(from.size() == to.size(), "images of different sizes");
    if (from.channels() == to.channels()) {
      from.copyTo(to);
    } else {
      cv::cvtColor(from, to, to.channels() == 1 ? cv::COLOR_BGR2GRAY : cv::COLOR_GRAY2BGR);
    }
    face::requireInPlace(to, target.pixels);
  });
}

int32_t sxcv_gaussian_blur(sxcv_view source, sxcv_canvas target, double sigma, sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(sigma > 0 && sigma <= 100, "a standard deviation outside (0, 100]");
    cv::Mat to = face::matrix(target);
    cv::GaussianBlur(face::matrix(source), to, cv::Size(), sigma, sigma, cv::BORDER_REFLECT_101);
    face::requireInPlace(to, target.pixels);
  });
}

int32_t sxcv_median_blur(sxcv_view source, sxcv_canvas target, int32_t window, sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(window == 3 || window == 5, "a window of neither 3 nor 5 pixels");
    cv::Mat to = face::matrix(target);
    cv::medianBlur(face::matrix(source), to, window);
    face::requireInPlace(to, target.pixels);
  });
}

int32_t sxcv_warp(
  sxcv_view source, sxcv_canvas target, const double *source_from_target, int32_t replicate, uint8_t border,
  sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(source_from_target != nullptr, "no matrix");
    const cv::Mat from = face::matrix(source);
    cv::Mat to = face::matrix(target);
    face::require(from.type() == to.type(), "images of different channels");
    const cv::Mat map(3, 3, CV_64F, const_cast<double *>(source_from_target));
    cv::warpPerspective(
      from, to, map, to.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
      replicate ? cv::BORDER_REPLICATE : cv::BORDER_CONSTANT, cv::Scalar::all(border));
    face::requireInPlace(to, target.pixels);
  });
}
