#include "copencv_region.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "face.hpp"

int32_t sxcv_morphology(
  sxcv_view source, sxcv_canvas target, int32_t operation, int32_t diameter, int32_t round, sxcv_message *message) {
  return face::guarded(message, [&] {
    const cv::Mat from = face::matrix(source);
    cv::Mat to = face::matrix(target);
    face::require(from.type() == CV_8UC1 && to.type() == CV_8UC1 && from.size() == to.size(), "grey images of one size are needed");
    face::require(diameter >= 1 && diameter <= 63 && diameter % 2 == 1, "a diameter that is not odd or outside 1 to 63");
    face::require(operation >= SXCV_ERODE && operation <= SXCV_CLOSE, "an unknown operation");
    static constexpr int operations[] = {cv::MORPH_ERODE, cv::MORPH_DILATE, cv::MORPH_OPEN, cv::MORPH_CLOSE};
    const cv::Mat element =
      cv::getStructuringElement(round != 0 ? cv::MORPH_ELLIPSE : cv::MORPH_RECT, cv::Size(diameter, diameter));
    cv::morphologyEx(from, to, operations[operation], element);
    face::requireInPlace(to, target.pixels);
  });
}

int32_t sxcv_components(
  sxcv_view mask, int32_t *labels, size_t label_capacity, sxcv_component *components, size_t capacity, size_t *count,
  sxcv_message *message) {
  return face::guarded(message, [&] {
    const cv::Mat from = face::matrix(mask);
    face::require(from.type() == CV_8UC1, "a grey mask is needed");
    face::require(labels != nullptr && label_capacity >= from.total(), "no room for the labels");
    face::require(count != nullptr && (components != nullptr || capacity == 0), "no room for the components");
    cv::Mat labelled(from.size(), CV_32SC1, labels);
    cv::Mat statistics, centroids;
    // The method with a fixed order of labels whatever the number of threads.
    const int total =
      cv::connectedComponentsWithStats(from, labelled, statistics, centroids, 8, CV_32S, cv::CCL_SAUF);
    face::require(reinterpret_cast<int32_t *>(labelled.data) == labels, "the labels have another size or type");
    *count = static_cast<size_t>(total - 1);
    for (int i = 1; i < total && static_cast<size_t>(i) <= capacity; i++) {
      const int *row = statistics.ptr<int>(i);
      components[i - 1] = {row[cv::CC_STAT_LEFT], row[cv::CC_STAT_TOP], row[cv::CC_STAT_WIDTH], row[cv::CC_STAT_HEIGHT],
                           row[cv::CC_STAT_AREA]};
    }
  });
}
