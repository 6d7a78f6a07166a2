// What a call came to, and the numbers that several of the other headers share.
#ifndef VIDEO_STATUS_H
#define VIDEO_STATUS_H

#include <stdint.h>

typedef enum video_status {
  VIDEO_OK = 0,
  /// The input is finished.
  VIDEO_END = 1,
  /// A piece of the input could not be read or decoded; the next call goes on behind it.
  VIDEO_DAMAGED = 2,
  VIDEO_NOT_FOUND = -1,
  VIDEO_DENIED = -2,
  /// The bytes are no format that FFmpeg knows, or break its rules at the very start.
  VIDEO_MALFORMED = -3,
  VIDEO_NO_VIDEO = -4,
  /// The format, protocol or codec is known but not part of this build of FFmpeg.
  VIDEO_UNSUPPORTED = -5,
  VIDEO_TOO_LARGE = -6,
  VIDEO_TIMED_OUT = -7,
  VIDEO_CANCELLED = -8,
  /// The connection or device cannot be had, or went away.
  VIDEO_UNREACHABLE = -9,
  VIDEO_READ_FAILED = -10,
  VIDEO_WRITE_FAILED = -11,
  VIDEO_OUT_OF_MEMORY = -12,
  /// An argument breaks the rule in this header.
  VIDEO_INVALID = -13,
  VIDEO_LIBRARY = -14,
  /// A library of FFmpeg is not installed, or not in the version of the headers.
  VIDEO_MISSING_LIBRARY = -15,
  /// A list of files names one that it may not open; the message is its name.
  VIDEO_OUTSIDE = -16,
} video_status;

/// A sentence or half of one, always ended by a zero byte.
typedef struct video_message {
  char text[256];
} video_message;

typedef struct video_rational {
  int32_t numerator;
  int32_t denominator;
} video_rational;

/// A short name, always ended by a zero byte.
typedef struct video_name {
  char text[64];
} video_name;

#endif
