// The first half of ORB (Rublee et al., 2011): FAST corners at several scales and the direction of the patch around each.
//
// OpenCV's own detector ranks its corners by a second measure and forgets its working memory with every image; this one takes the
// corners' contrast, which is enough to choose within the cells of a grid, and keeps its memory. Descriptors are OpenCV's.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

class OrientedCorners {
 public:
  /// A scale's step, the pixels along a border without corners, and the radius of the patch that gives the direction.
  static constexpr double scaleStep = 1.2;
  static constexpr int border = 16;
  static constexpr int radius = 15;

  explicit OrientedCorners(int levelCount);

  /// Makes the scales of a grey image.
  void load(const cv::Mat &image);

  /// Appends the corners of the loaded image whose contrast is over the threshold: place as `cv::ORB` gives it (the place at its scale times
  /// 1.2^octave), octave, contrast as the response.
  void find(int threshold, std::vector<cv::KeyPoint> &found);

  /// Sets the direction of a corner and the size of its patch.
  void orient(cv::KeyPoint &corner) const;

 private:
  std::vector<cv::Mat> levels;
  /// Scales that have room for a corner.
  size_t usable = 0;
  std::vector<cv::KeyPoint> buffer;
  /// Half the length of each row of the patch, from its middle outwards.
  int halfRows[radius + 1];
};
