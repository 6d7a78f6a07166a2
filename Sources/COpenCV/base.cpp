#include "face.hpp"

#include <algorithm>
#include <opencv2/core/utility.hpp>

int32_t sxcv_set_thread_count(int32_t count, sxcv_message *message) {
  return face::guarded(message, [&] {
    face::require(count >= 1, "fewer than one thread");
    // OpenCV runs a loop on the caller's thread for 0 as for 1; 0 also keeps it from starting its pool.
    // Beyond the processors more threads only wait, and TBB would say so on standard error.
    cv::setNumThreads(count == 1 ? 0 : std::min(count, cv::getNumberOfCPUs()));
  });
}
