#include "copencv_region.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <vector>

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

int32_t sxcv_steepness(sxcv_view source, sxcv_canvas target, float scale, sxcv_message *message) {
  return face::guarded(message, [&] {
    const cv::Mat from = face::matrix(source);
    cv::Mat to = face::matrix(target);
    face::require(from.type() == CV_8UC1 && to.type() == CV_8UC1 && from.size() == to.size(), "grey images of one size are needed");
    face::require(from.data != to.data, "source and target in the same memory");
    to.setTo(0);
    const float factor = scale / 8;
    for (int y = 1; y + 1 < from.rows; y++) {
      const uint8_t *above = from.ptr(y - 1), *middle = from.ptr(y), *below = from.ptr(y + 1);
      uint8_t *out = to.ptr(y);
      for (int x = 1; x + 1 < from.cols; x++) {
        const int gx = above[x + 1] + 2 * middle[x + 1] + below[x + 1] - above[x - 1] - 2 * middle[x - 1] - below[x - 1];
        const int gy = below[x - 1] + 2 * below[x] + below[x + 1] - above[x - 1] - 2 * above[x] - above[x + 1];
        const float length = std::sqrt(static_cast<float>(gx * gx + gy * gy)) * factor;
        out[x] = static_cast<uint8_t>(std::min(length, 255.0f));
      }
    }
  });
}

namespace {

/// A stretch of one row, from `begin` to before `end`, with the provisional label of its component.
struct Run {
  int begin;
  int end;
  int label;
};

/// Sets of provisional labels that turned out to be one component; the smallest label stands for all.
struct Equivalences {
  std::vector<int> parents;

  int add() {
    parents.push_back(static_cast<int>(parents.size()));
    return parents.back();
  }

  int root(int label) {
    while (parents[label] != label) label = parents[label] = parents[parents[label]];
    return label;
  }

  void join(int first, int second) {
    first = root(first);
    second = root(second);
    parents[std::max(first, second)] = std::min(first, second);
  }
};

/// The runs of one row that are not 0.
void appendRuns(const uint8_t *row, int width, std::vector<Run> &runs) {
  int x = 0;
  while (x < width) {
    // Masks are mostly empty: skip eight pixels at a time.
    uint64_t eight = 0;
    while (x + 8 <= width && (std::memcpy(&eight, row + x, 8), eight == 0)) x += 8;
    while (x < width && row[x] == 0) x++;
    if (x == width) return;
    const int begin = x;
    while (x < width && row[x] != 0) x++;
    runs.push_back({begin, x, -1});
  }
}

/// Gives the runs of a row the labels of the runs above that they touch, side by side or at a corner, and new ones else.
void connect(std::vector<Run> &runs, size_t above, size_t present, Equivalences &labels) {
  for (size_t i = present; i < runs.size(); i++) {
    while (above < present && runs[above].end < runs[i].begin) above++;
    for (size_t k = above; k < present && runs[k].begin <= runs[i].end; k++) {
      if (runs[i].label < 0) {
        runs[i].label = runs[k].label;
      } else {
        labels.join(runs[i].label, runs[k].label);
      }
    }
    if (runs[i].label < 0) runs[i].label = labels.add();
  }
}

}  // namespace

int32_t sxcv_components(
  sxcv_view mask, int32_t *labels, size_t label_capacity, sxcv_component *components, size_t capacity, size_t *count,
  sxcv_message *message) {
  return face::guarded(message, [&] {
    const cv::Mat from = face::matrix(mask);
    face::require(from.type() == CV_8UC1, "a grey mask is needed");
    face::require(labels != nullptr && label_capacity >= from.total(), "no room for the labels");
    face::require(count != nullptr && (components != nullptr || capacity == 0), "no room for the components");
    std::vector<Run> runs;
    std::vector<size_t> rows;
    Equivalences equivalences;
    size_t above = 0;
    for (int y = 0; y < from.rows; y++) {
      const size_t present = runs.size();
      rows.push_back(present);
      appendRuns(from.ptr(y), from.cols, runs);
      connect(runs, above, present, equivalences);
      above = present;
    }
    rows.push_back(runs.size());
    // Roots are the smallest labels, so components are numbered in the order of their first pixel.
    std::vector<int> numbers(equivalences.parents.size(), 0);
    int total = 0;
    for (size_t i = 0; i < numbers.size(); i++) {
      const int root = equivalences.root(static_cast<int>(i));
      numbers[i] = root == static_cast<int>(i) ? ++total : numbers[root];
    }
    std::fill(labels, labels + from.total(), 0);
    for (size_t i = 0; i < std::min(capacity, static_cast<size_t>(total)); i++) components[i].area = 0;
    for (int y = 0; y < from.rows; y++) {
      for (size_t i = rows[y]; i < rows[y + 1]; i++) {
        const Run &run = runs[i];
        const int number = numbers[run.label];
        int32_t *row = labels + static_cast<size_t>(y) * from.cols;
        std::fill(row + run.begin, row + run.end, number);
        if (static_cast<size_t>(number) > capacity) continue;
        sxcv_component &part = components[number - 1];
        if (part.area == 0) part = {run.begin, y, run.end - run.begin, 1, 0};
        const int right = std::max(part.left + part.width, run.end);
        part.left = std::min(part.left, run.begin);
        part.width = right - part.left;
        part.height = y - part.top + 1;
        part.area += run.end - run.begin;
      }
    }
    *count = static_cast<size_t>(total);
  });
}
