// H.264 in MP4 from BGR pictures.
#ifndef VIDEO_ENCODER_H
#define VIDEO_ENCODER_H

#include <stddef.h>

#include "video_status.h"

typedef struct video_encoder_request {
  const char *path;
  /// Size of the pictures given; an odd side is written one pixel longer, its last column or row repeated.
  int32_t width;
  int32_t height;
  /// Ticks of the time stamps given.
  video_rational time_base;
  /// What the encoder may assume about the number of pictures a second; only a hint.
  video_rational frame_rate;
  /// FFmpeg's name of the file's format, such as "mp4" or "matroska".
  const char *format;
  /// Whether an MP4 file can be played up to its last second while it is written.
  int32_t is_fragmented;
  /// libx264's preset, such as "veryfast".
  const char *preset;
  /// Constant rate factor: 0 (lossless) to 51.
  int32_t quality;
  int32_t threads;
} video_encoder_request;

typedef struct video_encoder video_encoder;

video_status video_encoder_create(const video_encoder_request *request, video_encoder **out, video_message *message);
/// Closes the file, whole or not.
void video_encoder_destroy(video_encoder *encoder);

/// Encodes one picture of `height` rows of `width` * 3 bytes, `stride` apart. `pts` must be larger than the one before.
video_status video_encoder_write(
    video_encoder *encoder, const uint8_t *bgr, size_t count, int32_t stride, int64_t pts, video_message *message);

/// Writes what the encoder still holds and the file's index. Nothing can be written afterwards.
video_status video_encoder_finish(video_encoder *encoder, video_message *message);

#endif
