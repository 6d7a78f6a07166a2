#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "face.hpp"
#include "features.hpp"
#include "hamming.hpp"

namespace {

/// The side of a bucket of the second image's features, in pixels.
constexpr float bucketSide = 16;
/// Rivals nearer than this share of the patch's size are the same corner at another scale, not another place.
constexpr float samePlace = 0.25f;

/// A feature's best partner so far.
struct Best {
  int32_t partner = -1;
  int32_t distance = std::numeric_limits<int32_t>::max();
};

}  // namespace

struct sxcv_matcher {
  hamming::Kernel kernel = hamming::kernel();
  /// The second image's features by bucket: starts of each bucket's run, and the run.
  std::vector<int32_t> starts;
  std::vector<int32_t> sorted;
  int columns = 0;
  int rows = 0;
  std::vector<int32_t> candidates;
  std::vector<int32_t> distances;
  std::vector<Best> ofFirst;
  std::vector<Best> ofSecond;
};

namespace {

void sortIntoBuckets(sxcv_matcher &self, const sxcv_features &features) {
  self.columns = static_cast<int>(features.width / bucketSide) + 1;
  self.rows = static_cast<int>(features.height / bucketSide) + 1;
  const auto bucketOf = [&](const sxcv_keypoint &point) {
    const int column = std::clamp(static_cast<int>(point.x / bucketSide), 0, self.columns - 1);
    const int row = std::clamp(static_cast<int>(point.y / bucketSide), 0, self.rows - 1);
    return static_cast<size_t>(row * self.columns + column);
  };
  // Counting sort: counts shifted by two, so that filling the runs leaves the starts in place.
  self.starts.assign(static_cast<size_t>(self.columns * self.rows) + 2, 0);
  self.sorted.resize(features.points.size());
  for (const auto &point : features.points) self.starts[bucketOf(point) + 2]++;
  for (size_t i = 2; i < self.starts.size(); i++) self.starts[i] += self.starts[i - 1];
  for (size_t i = 0; i < features.points.size(); i++) {
    self.sorted[static_cast<size_t>(self.starts[bucketOf(features.points[i]) + 1]++)] = static_cast<int32_t>(i);
  }
}

/// Collects the features of the second image within the radius around a place.
void collect(sxcv_matcher &self, const sxcv_features &second, float x, float y, float radius) {
  self.candidates.clear();
  const auto clampedIndex = [](float v, int count) {
    return static_cast<int>(std::clamp(v / bucketSide, 0.0f, static_cast<float>(count - 1)));
  };
  const int left = clampedIndex(x - radius, self.columns), right = clampedIndex(x + radius, self.columns);
  const int top = clampedIndex(y - radius, self.rows), bottom = clampedIndex(y + radius, self.rows);
  for (int row = top; row <= bottom; row++) {
    const auto begin = static_cast<size_t>(self.starts[static_cast<size_t>(row * self.columns + left)]);
    const auto end = static_cast<size_t>(self.starts[static_cast<size_t>(row * self.columns + right) + 1]);
    for (size_t i = begin; i < end; i++) {
      const auto &point = second.points[static_cast<size_t>(self.sorted[i])];
      const float dx = point.x - x, dy = point.y - y;
      if (dx * dx + dy * dy <= radius * radius) self.candidates.push_back(self.sorted[i]);
    }
  }
}

/// Where the prediction puts a point; false where that is no place of the image plane.
bool predict(const double *h, const sxcv_keypoint &point, float &x, float &y) {
  const double w = h[6] * point.x + h[7] * point.y + h[8];
  if (!(std::abs(w) > 1e-9)) return false;
  x = static_cast<float>((h[0] * point.x + h[1] * point.y + h[2]) / w);
  y = static_cast<float>((h[3] * point.x + h[4] * point.y + h[5]) / w);
  return std::abs(x) < 1e6f && std::abs(y) < 1e6f;
}

/// Finds the best candidate of one feature, applies the ratio test and remembers it for both sides.
void matchOne(
  sxcv_matcher &self, const sxcv_features &first, const sxcv_features &second, int32_t index,
  const sxcv_match_settings &settings) {
  const size_t count = self.candidates.size();
  if (count == 0) return;
  self.distances.resize(count);
  const size_t words = first.wordsPerDescriptor;
  self.kernel(
    first.words.data() + static_cast<size_t>(index) * words, second.words.data(), words, self.candidates.data(), count,
    self.distances.data());
  const auto &point = first.points[static_cast<size_t>(index)];
  Best best;
  for (size_t i = 0; i < count; i++) {
    const int32_t candidate = self.candidates[i];
    const int32_t distance = self.distances[i];
    if (settings.maximum_octave_difference >= 0
        && std::abs(second.points[static_cast<size_t>(candidate)].octave - point.octave)
          > settings.maximum_octave_difference) {
      self.distances[i] = std::numeric_limits<int32_t>::max();
      continue;
    }
    auto &back = self.ofSecond[static_cast<size_t>(candidate)];
    if (distance < back.distance || (distance == back.distance && index < back.partner)) back = {index, distance};
    if (distance < best.distance || (distance == best.distance && candidate < best.partner)) best = {candidate, distance};
  }
  if (best.partner < 0 || best.distance > settings.maximum_distance) return;
  if (settings.ratio < 1) {
    const auto &place = second.points[static_cast<size_t>(best.partner)];
    const float reach = samePlace * place.size;
    int32_t rival = std::numeric_limits<int32_t>::max();
    for (size_t i = 0; i < count; i++) {
      if (self.distances[i] >= rival) continue;
      const auto &other = second.points[static_cast<size_t>(self.candidates[i])];
      const float dx = other.x - place.x, dy = other.y - place.y;
      if (dx * dx + dy * dy > reach * reach) rival = self.distances[i];
    }
    if (best.distance > settings.ratio * rival) return;
  }
  self.ofFirst[static_cast<size_t>(index)] = best;
}

}  // namespace

int32_t sxcv_matcher_create(sxcv_matcher **out, sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(out != nullptr, "no place for the handle");
    *out = std::make_unique<sxcv_matcher>().release();
  });
}

void sxcv_matcher_destroy(sxcv_matcher *matcher) {
  delete matcher;
}

int32_t sxcv_match_features(
  sxcv_matcher *matcher, const sxcv_features *first, const sxcv_features *second, const uint8_t *ignored,
  sxcv_match_settings settings, sxcv_match *matches, size_t capacity, size_t *count, sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(matcher != nullptr && first != nullptr && second != nullptr && count != nullptr, "no handle");
    *count = 0;
    if (first->points.empty() || second->points.empty()) return;
    face::require(first->wordsPerDescriptor == second->wordsPerDescriptor, "features of different kinds");
    face::require(settings.prediction == nullptr || (settings.radius > 0 && settings.radius < 1e5), "a radius out of range");
    sxcv_matcher &self = *matcher;
    self.ofFirst.assign(first->points.size(), Best());
    self.ofSecond.assign(second->points.size(), Best());
    if (settings.prediction != nullptr) {
      sortIntoBuckets(self, *second);
    } else {
      self.candidates.resize(second->points.size());
      for (size_t i = 0; i < self.candidates.size(); i++) self.candidates[i] = static_cast<int32_t>(i);
    }
    for (size_t i = 0; i < first->points.size(); i++) {
      if (ignored != nullptr && ignored[i] != 0) continue;
      if (settings.prediction != nullptr) {
        float x = 0, y = 0;
        if (!predict(settings.prediction, first->points[i], x, y)) continue;
        collect(self, *second, x, y, static_cast<float>(settings.radius));
      }
      matchOne(self, *first, *second, static_cast<int32_t>(i), settings);
    }
    for (size_t i = 0; i < self.ofFirst.size() && *count < capacity; i++) {
      const Best &best = self.ofFirst[i];
      if (best.partner < 0 || self.ofSecond[static_cast<size_t>(best.partner)].partner != static_cast<int32_t>(i)) continue;
      matches[(*count)++] = {static_cast<int32_t>(i), best.partner, best.distance};
    }
  });
}
