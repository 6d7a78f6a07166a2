#include "corners.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>

OrientedCorners::OrientedCorners(int levelCount) : levels(static_cast<size_t>(levelCount)) {
  for (int v = 0; v <= radius; v++) {
    const double squared = (radius + 0.5) * (radius + 0.5) - v * v;
    halfRows[v] = std::min(radius, static_cast<int>(std::sqrt(squared)));
  }
}

void OrientedCorners::load(const cv::Mat &image) {
  image.copyTo(levels[0]);
  usable = 1;
  for (size_t level = 1; level < levels.size(); level++) {
    const double scale = std::pow(scaleStep, static_cast<double>(level));
    const cv::Size size(cvRound(image.cols / scale), cvRound(image.rows / scale));
    if (size.width <= 2 * border + 1 || size.height <= 2 * border + 1) break;
    cv::resize(levels[level - 1], levels[level], size, 0, 0, cv::INTER_LINEAR);
    usable = level + 1;
  }
}

void OrientedCorners::find(int threshold, std::vector<cv::KeyPoint> &found) {
  for (size_t level = 0; level < usable; level++) {
    const cv::Mat &image = levels[level];
    // FAST itself needs three pixels around a corner, which count as part of the border.
    const int margin = border - 3;
    const cv::Rect inside(margin, margin, image.cols - 2 * margin, image.rows - 2 * margin);
    cv::FAST(image(inside), buffer, threshold, true);
    const auto scale = static_cast<float>(std::pow(scaleStep, static_cast<double>(level)));
    for (cv::KeyPoint corner : buffer) {
      corner.pt = (corner.pt + cv::Point2f(static_cast<float>(margin), static_cast<float>(margin))) * scale;
      corner.octave = static_cast<int>(level);
      found.push_back(corner);
    }
  }
}

void OrientedCorners::orient(cv::KeyPoint &corner) const {
  const cv::Mat &image = levels[static_cast<size_t>(corner.octave)];
  const double scale = std::pow(scaleStep, corner.octave);
  // `find` keeps corners at least `border` > `radius` pixels inside, so the whole patch lies within the image.
  const auto step = static_cast<ptrdiff_t>(image.step);
  const uint8_t *center = image.ptr<uint8_t>(cvRound(corner.pt.y / scale)) + cvRound(corner.pt.x / scale);
  int momentX = 0, momentY = 0;
  for (int v = -radius; v <= radius; v++) {
    const int half = halfRows[std::abs(v)];
    const uint8_t *row = center + v * step;
    int sum = 0, weighted = 0;
    for (int u = -half; u <= half; u++) {
      sum += row[u];
      weighted += u * row[u];
    }
    momentX += weighted;
    momentY += v * sum;
  }
  corner.angle = cv::fastAtan2(static_cast<float>(momentY), static_cast<float>(momentX));
  corner.size = static_cast<float>((2 * radius + 1) * scale);
}
