#include "copencv_drawing.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "face.hpp"

namespace {

constexpr int fractionBits = 4;
constexpr int fontFace = cv::FONT_HERSHEY_SIMPLEX;

/// Fixed-point coordinates; far-off points are clamped, which keeps OpenCV's integers from overflowing.
cv::Point fixed(const sxcv_point &point) {
  face::require(std::isfinite(point.x) && std::isfinite(point.y), "a position that is not finite");
  const float limit = 30000;
  const auto convert = [&](float v) {
    return static_cast<int>(std::lround(std::clamp(v, -limit, limit) * (1 << fractionBits)));
  };
  return {convert(point.x), convert(point.y)};
}

std::vector<cv::Point> fixedPoints(const sxcv_point *points, size_t count) {
  face::require(points != nullptr && count <= 1'000'000, "no points or too many");
  std::vector<cv::Point> result;
  result.reserve(count);
  for (size_t i = 0; i < count; i++) result.push_back(fixed(points[i]));
  return result;
}

cv::Mat bgr(const sxcv_canvas &canvas) {
  face::require(canvas.channels == 3, "drawing needs a BGR image");
  return face::matrix(canvas);
}

cv::Scalar scalar(const sxcv_color &color) {
  return cv::Scalar(color.blue, color.green, color.red);
}

/// The pixels that the points with a margin can touch.
cv::Rect touched(const cv::Mat &image, const std::vector<cv::Point> &points, int margin) {
  if (points.empty()) return {};
  cv::Rect box = cv::boundingRect(points);
  const auto low = [&](int v) { return (v >> fractionBits) - margin; };
  const int left = low(box.x), top = low(box.y);
  const int right = low(box.x + box.width) + 2 * margin + 2, bottom = low(box.y + box.height) + 2 * margin + 2;
  return cv::Rect(left, top, right - left, bottom - top) & cv::Rect(0, 0, image.cols, image.rows);
}

/// Mixes the colour into the part by coverage times opacity.
void blend(cv::Mat part, const cv::Mat &coverage, const sxcv_color &color) {
  const int channel[3] = {color.blue, color.green, color.red};
  for (int y = 0; y < part.rows; y++) {
    uint8_t *pixel = part.ptr<uint8_t>(y);
    const uint8_t *cover = coverage.ptr<uint8_t>(y);
    for (int x = 0; x < part.cols; x++, pixel += 3) {
      if (cover[x] == 0) continue;
      const int weight = cover[x] * color.alpha;
      for (int c = 0; c < 3; c++) {
        pixel[c] = static_cast<uint8_t>((pixel[c] * (255 * 255 - weight) + channel[c] * weight + 32512) / (255 * 255));
      }
    }
  }
}

/// Draws opaque shapes at once, translucent ones through a mask of their coverage. `draw(image, offset, colour)` draws at points minus the offset.
template <typename Draw>
void paint(cv::Mat image, cv::Rect area, const sxcv_color &color, Draw &&draw) {
  if (area.empty() || color.alpha == 0) return;
  if (color.alpha == 255) {
    draw(image, cv::Point(0, 0), scalar(color));
    return;
  }
  cv::Mat coverage = cv::Mat::zeros(area.size(), CV_8U);
  draw(coverage, area.tl(), cv::Scalar::all(255));
  blend(image(area), coverage, color);
}

std::vector<cv::Point> moved(std::vector<cv::Point> points, cv::Point offset) {
  for (auto &point : points) point -= cv::Point(offset.x << fractionBits, offset.y << fractionBits);
  return points;
}

std::string printable(const char *text) {
  face::require(text != nullptr, "no text");
  std::string result;
  for (const char *c = text; *c != 0 && result.size() < 4096; c++) {
    const auto byte = static_cast<unsigned char>(*c);
    // The bytes after the first of a UTF-8 sequence are dropped, so that one character is one question mark.
    if ((byte & 0xC0) == 0x80) continue;
    result.push_back(byte >= 0x20 && byte < 0x7F ? *c : '?');
  }
  return result;
}

double fontScale(double height, int thickness) {
  face::require(height >= 1 && height <= 2000, "a text height outside 1 to 2000");
  return cv::getFontScaleFromHeight(fontFace, std::max(1, static_cast<int>(std::lround(height))), thickness);
}

}  // namespace

int32_t sxcv_draw_polyline(
  sxcv_canvas canvas, const sxcv_point *points, size_t count, int32_t closed, int32_t thickness, sxcv_color color,
  sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(thickness >= 1 && thickness <= 255, "a thickness outside 1 to 255");
    cv::Mat image = bgr(canvas);
    const auto line = fixedPoints(points, count);
    if (line.size() < 2) return;
    paint(image, touched(image, line, thickness + 2), color, [&](cv::Mat &target, cv::Point offset, cv::Scalar ink) {
      cv::polylines(target, moved(line, offset), closed != 0, ink, thickness, cv::LINE_AA, fractionBits);
    });
  });
}

int32_t sxcv_fill_polygon(
  sxcv_canvas canvas, const sxcv_point *points, size_t count, sxcv_color color, sxcv_message *message) {
  return face::guarded(message, [&] {
    cv::Mat image = bgr(canvas);
    const auto polygon = fixedPoints(points, count);
    if (polygon.size() < 3) return;
    paint(image, touched(image, polygon, 2), color, [&](cv::Mat &target, cv::Point offset, cv::Scalar ink) {
      const std::vector<std::vector<cv::Point>> contours = {moved(polygon, offset)};
      cv::fillPoly(target, contours, ink, cv::LINE_AA, fractionBits);
    });
  });
}

int32_t sxcv_draw_text(
  sxcv_canvas canvas, const char *text, sxcv_point origin, double height, int32_t thickness, sxcv_color color,
  sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(thickness >= 1 && thickness <= 255, "a thickness outside 1 to 255");
    cv::Mat image = bgr(canvas);
    const std::string line = printable(text);
    const double scale = fontScale(height, thickness);
    const cv::Point at = fixed(origin);
    const cv::Point corner(at.x >> fractionBits, at.y >> fractionBits);
    int below = 0;
    const cv::Size size = cv::getTextSize(line, fontFace, scale, thickness, &below);
    const int margin = thickness + 2;
    const cv::Rect area = cv::Rect(
      corner.x - margin, corner.y - size.height - margin, size.width + 2 * margin, size.height + below + 2 * margin)
      & cv::Rect(0, 0, image.cols, image.rows);
    paint(image, area, color, [&](cv::Mat &target, cv::Point offset, cv::Scalar ink) {
      cv::putText(target, line, corner - offset, fontFace, scale, ink, thickness, cv::LINE_AA);
    });
  });
}

int32_t sxcv_measure_text(
  const char *text, double height, int32_t thickness, double *width, double *ascent, double *descent,
  sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(width != nullptr && ascent != nullptr && descent != nullptr, "no place for the result");
    int below = 0;
    const cv::Size size = cv::getTextSize(printable(text), fontFace, fontScale(height, thickness), thickness, &below);
    *width = size.width;
    *ascent = size.height;
    *descent = below;
  });
}
