#include "copencv_dense_flow.h"

#include <memory>
#include <opencv2/video/tracking.hpp>

#include "face.hpp"

struct sxcv_dense_flow {
  cv::Ptr<cv::DISOpticalFlow> method;
};

int32_t sxcv_dense_flow_create(int32_t refinements, sxcv_dense_flow **out, sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(out != nullptr, "no place for the handle");
    face::require(refinements >= 0 && refinements <= 20, "refinements outside 0 to 20");
    auto result = std::make_unique<sxcv_dense_flow>();
    result->method = cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_FAST);
    result->method->setVariationalRefinementIterations(refinements);
    *out = result.release();
  });
}

void sxcv_dense_flow_destroy(sxcv_dense_flow *flow) {
  delete flow;
}

int32_t sxcv_dense_flow_compute(
  sxcv_dense_flow *flow, sxcv_view from, sxcv_view to, float *displacements, size_t capacity, sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(flow != nullptr, "no handle");
    const cv::Mat first = face::matrix(from);
    const cv::Mat second = face::matrix(to);
    face::require(first.type() == CV_8UC1 && second.type() == CV_8UC1, "dense flow needs grey images");
    face::require(first.size() == second.size(), "images of different sizes");
    // Smaller ones have no patch on the finest scale that the method works on, a quarter of the size.
    face::require(first.cols >= 16 && first.rows >= 16, "images of fewer than 16 pixels a side");
    face::require(displacements != nullptr && capacity / 2 >= first.total(), "no room for the displacements");
    cv::Mat result(first.size(), CV_32FC2, displacements);
    flow->method->calc(first, second, result);
    face::require(reinterpret_cast<float *>(result.data) == displacements, "the displacements have another size or type");
  });
}
