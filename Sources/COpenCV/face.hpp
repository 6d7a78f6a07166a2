// The one place where exceptions end and where plain memory becomes a cv::Mat.
#pragma once

#include <cstdio>
#include <exception>
#include <new>
#include <opencv2/core.hpp>
#include <stdexcept>

#include "copencv_base.h"

namespace face {

/// Something that the caller passed cannot be used.
struct InvalidArgument : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

inline void require(bool condition, const char *what) {
  if (!condition) throw InvalidArgument(what);
}

inline int32_t fail(int32_t status, const char *text, sxcv_message *message) noexcept {
  if (message) std::snprintf(message->text, sizeof message->text, "%s", text);
  return status;
}

/// Runs the body and turns whatever it throws into a status and a message.
template <typename Body>
int32_t guarded(sxcv_message *message, Body &&body) noexcept {
  try {
    body();
    return SXCV_OK;
  } catch (const InvalidArgument &error) {
    return fail(SXCV_INVALID_ARGUMENT, error.what(), message);
  } catch (const std::bad_alloc &) {
    return fail(SXCV_OUT_OF_MEMORY, "out of memory", message);
  } catch (const cv::Exception &error) {
    return error.code == cv::Error::StsNoMem ? fail(SXCV_OUT_OF_MEMORY, "out of memory", message)
                                             : fail(SXCV_LIBRARY, error.err.c_str(), message);
  } catch (const std::exception &error) {
    return fail(SXCV_LIBRARY, error.what(), message);
  } catch (...) {
    return fail(SXCV_LIBRARY, "unknown failure inside OpenCV", message);
  }
}

/// A header over the caller's pixels after checking that they lie within the bytes; nothing is copied.
template <typename View>
cv::Mat matrix(const View &view) {
  require(view.pixels != nullptr && view.width > 0 && view.height > 0, "an image without pixels");
  require(view.channels == 1 || view.channels == 3, "an image with neither 1 nor 3 channels");
  const size_t row = static_cast<size_t>(view.width) * static_cast<size_t>(view.channels);
  require(view.stride >= row, "rows longer than their stride");
  require(view.byte_count >= row, "fewer bytes than the image needs");
  require((view.byte_count - row) / view.stride >= static_cast<size_t>(view.height) - 1, "fewer bytes than the image needs");
  // cv::Mat has no read-only form; a view's pixels are only ever passed as an input.
  return cv::Mat(
    view.height, view.width, CV_MAKETYPE(CV_8U, view.channels), const_cast<uint8_t *>(view.pixels), view.stride);
}

/// A result must have gone into the caller's pixels: OpenCV would silently allocate new ones for another size or type.
inline void requireInPlace(const cv::Mat &result, const uint8_t *pixels) {
  require(result.data == pixels, "the target has another size or type than the result");
}

}  // namespace face
