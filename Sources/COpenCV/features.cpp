#include "features.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <opencv2/features2d.hpp>
#include <tuple>

#include "corners.hpp"
#include "face.hpp"

struct sxcv_extractor {
  sxcv_extractor_settings settings;
  /// Describes, and for AKAZE finds too.
  cv::Ptr<cv::Feature2D> detector;
  /// ORB: finds. AKAZE: empty.
  std::unique_ptr<OrientedCorners> corners;
  std::vector<cv::KeyPoint> found;
  std::vector<cv::KeyPoint> kept;
  cv::Mat descriptors;
  /// Working memory of the selection: the order of the key points and where each cell's run begins.
  std::vector<std::pair<int, int>> order;
  std::vector<int> cellStarts;
};

namespace {

/// ORB: the contrast of the first search, in thresholds. Clear corners are found much faster.
constexpr double clearContrast = 2;
/// The least size of an image that has room for a described patch.
constexpr int smallestSide = 64;

/// Only describes: the corners are ours.
cv::Ptr<cv::Feature2D> makeOrb(const sxcv_extractor_settings &settings) {
  return cv::ORB::create(
    settings.maximum_count, static_cast<float>(OrientedCorners::scaleStep), settings.levels, OrientedCorners::border, 0,
    2, cv::ORB::FAST_SCORE, 2 * OrientedCorners::radius + 1);
}

cv::Ptr<cv::Feature2D> makeAkaze(const sxcv_extractor_settings &settings) {
  return cv::AKAZE::create(
    cv::AKAZE::DESCRIPTOR_MLDB, 0, 3, static_cast<float>(settings.threshold), settings.levels, 4,
    cv::KAZE::DIFF_PM_G2);
}

void checkSettings(const sxcv_extractor_settings &settings) {
  face::require(settings.kind == SXCV_ORB || settings.kind == SXCV_AKAZE, "an unknown kind of features");
  face::require(settings.maximum_count >= 1 && settings.maximum_count <= 100'000, "a count outside 1 to 100000");
  face::require(
    settings.grid_columns >= 1 && settings.grid_rows >= 1 && settings.grid_columns <= 256 && settings.grid_rows <= 256,
    "a grid outside 1 to 256 cells a side");
  face::require(settings.levels >= 1 && settings.levels <= 12, "a number of levels outside 1 to 12");
  const double limit = settings.kind == SXCV_ORB ? 254 : 1;
  face::require(settings.threshold > 0 && settings.threshold <= limit, "a threshold out of range");
}

/// Strongest first; ties by position, so that the order is one of the content alone.
bool stronger(const cv::KeyPoint &a, const cv::KeyPoint &b) {
  return std::make_tuple(-a.response, a.octave, a.pt.y, a.pt.x) < std::make_tuple(-b.response, b.octave, b.pt.y, b.pt.x);
}

/// Keeps at most `maximum_count` key points: round after round the strongest one that is left in each cell.
void spread(sxcv_extractor &self, int width, int height) {
  const auto &settings = self.settings;
  const int columns = settings.grid_columns, rows = settings.grid_rows;
  const auto cellOf = [&](const cv::KeyPoint &point) {
    const int column = std::clamp(static_cast<int>(point.pt.x * columns / width), 0, columns - 1);
    const int row = std::clamp(static_cast<int>(point.pt.y * rows / height), 0, rows - 1);
    return row * columns + column;
  };
  self.order.clear();
  for (size_t i = 0; i < self.found.size(); i++) self.order.emplace_back(cellOf(self.found[i]), static_cast<int>(i));
  std::sort(self.order.begin(), self.order.end(), [&](const auto &a, const auto &b) {
    return a.first != b.first ? a.first < b.first : stronger(self.found[a.second], self.found[b.second]);
  });
  self.cellStarts.assign(static_cast<size_t>(columns * rows) + 1, 0);
  for (const auto &entry : self.order) self.cellStarts[static_cast<size_t>(entry.first) + 1]++;
  for (size_t cell = 1; cell < self.cellStarts.size(); cell++) self.cellStarts[cell] += self.cellStarts[cell - 1];

  // The depth to which every cell can be used up without passing the count.
  int depth = 0, taken = 0;
  for (;; depth++) {
    int more = 0;
    for (size_t cell = 0; cell + 1 < self.cellStarts.size(); cell++) {
      more += self.cellStarts[cell + 1] - self.cellStarts[cell] > depth;
    }
    if (more == 0 || taken + more > settings.maximum_count) break;
    taken += more;
  }
  self.kept.clear();
  for (size_t cell = 0; cell + 1 < self.cellStarts.size(); cell++) {
    const int end = std::min(self.cellStarts[cell + 1], self.cellStarts[cell] + depth);
    for (int i = self.cellStarts[cell]; i < end; i++) self.kept.push_back(self.found[self.order[i].second]);
  }
}

void detect(sxcv_extractor &self, const cv::Mat &image) {
  if (!self.corners) {
    self.detector->detect(image, self.found);
    return;
  }
  const auto threshold = [&](double factor) {
    return static_cast<int>(std::lround(std::clamp(factor * self.settings.threshold, 1.0, 254.0)));
  };
  self.corners->load(image);
  self.corners->find(threshold(clearContrast), self.found);
  if (self.found.size() < static_cast<size_t>(self.settings.maximum_count)) {
    self.found.clear();
    self.corners->find(threshold(1), self.found);
  }
}

/// A coordinate of an ORB key point in the whole image.
///
/// OpenCV multiplies the coordinate at its scale by 1.2^octave, which is right for pixel corners but not for pixel centres, and leaves
/// out that the scaled image has a whole number of pixels: up to 1.3 pixels at the coarsest scale.
float orbCoordinate(float value, int octave, int side) {
  const double scale = std::pow(1.2, octave);
  const double scaledSide = std::max(1.0, std::round(side / scale));
  return static_cast<float>((value / scale + 0.5) * side / scaledSide - 0.5);
}

void store(const sxcv_extractor &self, const cv::Mat &image, sxcv_features &features) {
  features.width = image.cols;
  features.height = image.rows;
  features.points.clear();
  const bool isOrb = self.settings.kind == SXCV_ORB;
  for (const auto &point : self.kept) {
    const int octave = point.octave & 0xFF;
    const float x = isOrb ? orbCoordinate(point.pt.x, octave, image.cols) : point.pt.x;
    const float y = isOrb ? orbCoordinate(point.pt.y, octave, image.rows) : point.pt.y;
    features.points.push_back({x, y, point.size, point.angle, point.response, octave});
  }
  const size_t count = self.kept.size();
  const size_t bytes = count == 0 ? 0 : static_cast<size_t>(self.descriptors.cols);
  features.wordsPerDescriptor = (bytes + 7) / 8;
  features.words.assign(count * features.wordsPerDescriptor, 0);
  for (size_t i = 0; i < count; i++) {
    std::memcpy(
      features.words.data() + i * features.wordsPerDescriptor, self.descriptors.ptr(static_cast<int>(i)), bytes);
  }
}

}  // namespace

int32_t sxcv_extractor_create(sxcv_extractor_settings settings, sxcv_extractor **out, sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(out != nullptr, "no place for the handle");
    checkSettings(settings);
    auto result = std::make_unique<sxcv_extractor>();
    result->settings = settings;
    if (settings.kind == SXCV_ORB) {
      result->detector = makeOrb(settings);
      result->corners = std::make_unique<OrientedCorners>(settings.levels);
    } else {
      result->detector = makeAkaze(settings);
    }
    *out = result.release();
  });
}

void sxcv_extractor_destroy(sxcv_extractor *extractor) {
  delete extractor;
}

int32_t sxcv_features_create(sxcv_features **out, sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(out != nullptr, "no place for the handle");
    *out = std::make_unique<sxcv_features>().release();
  });
}

void sxcv_features_destroy(sxcv_features *features) {
  delete features;
}

int32_t sxcv_extract(sxcv_extractor *extractor, sxcv_view view, sxcv_features *features, sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(extractor != nullptr && features != nullptr, "no handle");
    face::require(view.channels == 1, "features need a grey image");
    const cv::Mat image = face::matrix(view);
    sxcv_extractor &self = *extractor;
    self.found.clear();
    self.kept.clear();
    if (image.cols >= smallestSide && image.rows >= smallestSide) {
      detect(self, image);
      spread(self, image.cols, image.rows);
      if (self.corners) {
        for (auto &corner : self.kept) self.corners->orient(corner);
      }
      // This puts the key points into the order of their octaves.
      if (!self.kept.empty()) self.detector->compute(image, self.kept, self.descriptors);
      face::require(
        self.kept.empty() || static_cast<size_t>(self.descriptors.rows) == self.kept.size(),
        "as many descriptors as key points were expected");
    }
    store(self, image, *features);
  });
}

const sxcv_keypoint *sxcv_features_borrow(const sxcv_features *features, size_t *count) {
  *count = features->points.size();
  return features->points.data();
}
