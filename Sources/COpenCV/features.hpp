// What extraction writes and matching reads.
#pragma once

#include <cstdint>
#include <opencv2/core/types.hpp>
#include <vector>

#include "copencv_features.h"

struct sxcv_features {
  std::vector<sxcv_keypoint> points;
  /// One descriptor after the other, each padded with zeros to whole words.
  std::vector<uint64_t> words;
  size_t wordsPerDescriptor = 0;
  /// The size of the image that they were found in.
  int width = 0;
  int height = 0;
};
