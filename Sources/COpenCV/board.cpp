#include <algorithm>
#include <cmath>
#include <opencv2/aruco.hpp>
#include <opencv2/aruco/charuco.hpp>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "copencv_calibration.h"
#include "face.hpp"

namespace {

constexpr int mostPoints = 100;

void check(const sxcv_board &board) {
  face::require(
    board.columns >= 2 && board.rows >= 2 && board.columns <= mostPoints && board.rows <= mostPoints,
    "a board of fewer than 2 or more than 100 points a side");
}

cv::Ptr<cv::aruco::Dictionary> dictionary(int32_t number) {
  face::require(number >= 0 && number <= cv::aruco::DICT_6X6_1000, "no such dictionary of markers");
  return cv::aruco::getPredefinedDictionary(number);
}

/// Half the side of the window in which a corner is refined: a quarter of the smallest distance between neighbours, so that no other corner
/// comes into it, and at most 5 pixels in 640, beyond which the lens bends the edges.
int halfWindow(const std::vector<cv::Point2f> &corners, int columns, int imageWidth) {
  double smallest = 1e9;
  for (size_t i = 0; i < corners.size(); i++) {
    const auto step = static_cast<size_t>(columns);
    if ((i + 1) % step != 0) smallest = std::min(smallest, cv::norm(corners[i + 1] - corners[i]));
    if (i + step < corners.size()) smallest = std::min(smallest, cv::norm(corners[i + step] - corners[i]));
  }
  const int most = std::max(5, imageWidth / 128);
  return std::clamp(static_cast<int>(smallest / 4), 2, most);
}

bool findChessboard(const cv::Mat &image, const sxcv_board &board, bool isQuick, std::vector<cv::Point2f> &corners) {
  const cv::Size size(board.columns, board.rows);
  const int flags = cv::CALIB_CB_ADAPTIVE_THRESH | cv::CALIB_CB_NORMALIZE_IMAGE | (isQuick ? cv::CALIB_CB_FAST_CHECK : 0);
  if (!cv::findChessboardCorners(image, size, corners, flags)) return false;
  const int half = halfWindow(corners, board.columns, image.cols);
  const cv::TermCriteria criteria(cv::TermCriteria::COUNT | cv::TermCriteria::EPS, 30, 0.01);
  cv::cornerSubPix(image, corners, cv::Size(half, half), cv::Size(-1, -1), criteria);
  return true;
}

bool findCircles(const cv::Mat &image, const sxcv_board &board, std::vector<cv::Point2f> &centers) {
  const bool isAsymmetric = board.kind == SXCV_ASYMMETRIC_CIRCLES;
  const int flags = (isAsymmetric ? cv::CALIB_CB_ASYMMETRIC_GRID : cv::CALIB_CB_SYMMETRIC_GRID) | cv::CALIB_CB_CLUSTERING;
  return cv::findCirclesGrid(image, cv::Size(board.columns, board.rows), centers, flags);
}

cv::Ptr<cv::aruco::CharucoBoard> charuco(const sxcv_board &board) {
  face::require(board.marker_share > 0 && board.marker_share < 1, "markers that do not fit into the squares");
  return cv::aruco::CharucoBoard::create(
    board.columns + 1, board.rows + 1, 1, static_cast<float>(board.marker_share), dictionary(board.dictionary));
}

bool findCharuco(const cv::Mat &image, const sxcv_board &board, std::vector<cv::Point2f> &corners, std::vector<int> &numbers) {
  const auto known = charuco(board);
  std::vector<std::vector<cv::Point2f>> found;
  std::vector<int> ids;
  cv::aruco::detectMarkers(image, known->dictionary, found, ids);
  if (ids.empty()) return false;
  return cv::aruco::interpolateCornersCharuco(found, ids, image, known, corners, numbers) > 0;
}

}  // namespace

int32_t sxcv_find_board(
  sxcv_view image, sxcv_board board, int32_t is_quick, sxcv_point *points, int32_t *numbers, size_t capacity,
  size_t *count, sxcv_message *message) {
  return face::guarded(message, [&] {
    check(board);
    face::require(points != nullptr && numbers != nullptr && count != nullptr, "no place for the points");
    face::require(capacity >= static_cast<size_t>(board.columns * board.rows), "no room for the points");
    face::require(image.channels == 1, "boards are looked for in grey images");
    const cv::Mat grey = face::matrix(image);
    std::vector<cv::Point2f> found;
    std::vector<int> which;
    bool isFound = false;
    switch (board.kind) {
      case SXCV_CHESSBOARD: isFound = findChessboard(grey, board, is_quick != 0, found); break;
      case SXCV_CIRCLES:
      case SXCV_ASYMMETRIC_CIRCLES: isFound = findCircles(grey, board, found); break;
      case SXCV_CHARUCO: isFound = findCharuco(grey, board, found, which); break;
      default: face::require(false, "no such kind of board");
    }
    *count = isFound ? std::min(capacity, found.size()) : 0;
    for (size_t i = 0; i < *count; i++) {
      points[i] = {found[i].x, found[i].y};
      numbers[i] = which.empty() ? static_cast<int32_t>(i) : which[i];
    }
  });
}

int32_t sxcv_charuco_layout(
  sxcv_board board, double *corners, size_t corner_capacity, double *markers, size_t marker_capacity, size_t *marker_count,
  sxcv_message *message) {
  return face::guarded(message, [&] {
    check(board);
    const auto known = charuco(board);
    const auto &inner = known->chessboardCorners;
    face::require(corners && markers && marker_count, "no place for the layout");
    face::require(corner_capacity >= 2 * inner.size() && marker_capacity >= 8 * known->objPoints.size(), "no room for the layout");
    for (size_t i = 0; i < inner.size(); i++) {
      corners[2 * i] = inner[i].x;
      corners[2 * i + 1] = inner[i].y;
    }
    *marker_count = known->objPoints.size();
    for (size_t i = 0; i < known->objPoints.size(); i++) {
      for (size_t corner = 0; corner < 4; corner++) {
        markers[8 * i + 2 * corner] = known->objPoints[i][corner].x;
        markers[8 * i + 2 * corner + 1] = known->objPoints[i][corner].y;
      }
    }
  });
}

int32_t sxcv_marker_bits(
  int32_t number, int32_t marker, uint8_t *bits, size_t capacity, int32_t *side, sxcv_message *message) {
  return face::guarded(message, [&] {
    const auto markers = dictionary(number);
    face::require(marker >= 0 && marker < markers->bytesList.rows, "the dictionary has no such marker");
    const int total = markers->markerSize + 2;
    face::require(bits != nullptr && side != nullptr && capacity >= static_cast<size_t>(total * total), "no room for the bits");
    cv::Mat image;
    cv::aruco::drawMarker(markers, marker, total, image, 1);
    for (int y = 0; y < total; y++)
      for (int x = 0; x < total; x++) bits[y * total + x] = image.at<uint8_t>(y, x) > 127;
    *side = total;
  });
}
