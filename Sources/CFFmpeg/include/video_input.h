// Demuxing and decoding of one video stream, and decoding of single image files.
#ifndef VIDEO_INPUT_H
#define VIDEO_INPUT_H

#include "video_interrupt.h"
#include "video_picture.h"
#include "video_status.h"

/// Sizes above which nothing is allocated.
typedef struct video_limits {
  int32_t maximum_side;
  int64_t maximum_pixels;
} video_limits;

typedef struct video_request {
  /// What FFmpeg opens; ignored where descriptor >= 0.
  const char *url;
  /// An open file to read from start to end, without seeking; it stays the caller's to close. -1: none.
  int32_t descriptor;
  /// A demuxer's name, or NULL to find out from the bytes.
  const char *format;
  /// Options of the demuxer and protocol: "key=value" lines.
  const char *options;
  /// The stream to decode; -1: the best video stream.
  int32_t stream;
  /// Decoder threads, at least 1.
  int32_t threads;
  /// Reads return at once when there is nothing (capture devices); the input polls.
  int32_t is_device;
  /// The input is a connection or device: a failing read means that it went away.
  int32_t is_connection;
  /// What one blocking step may take, from the request to the first picture and for every picture after it; 0: for ever.
  double timeout_seconds;
  video_limits limits;
} video_request;

typedef struct video_stream_description {
  int32_t index;
  /// "video", "audio", "subtitle", "data" or "attachment".
  video_name kind;
  video_name codec;
  video_name pixel_format;
  int32_t coded_width;
  int32_t coded_height;
  int32_t display_width;
  int32_t display_height;
  video_rational pixel_aspect;
  video_turn turn;
  video_rational average_rate;
  video_rational time_base;
  /// Seconds; negative where unknown.
  double duration;
  /// 0 where unknown.
  int64_t frame_count;
  /// A picture that belongs to an audio file, not a video.
  int32_t is_cover;
} video_stream_description;

typedef struct video_input_description {
  video_name format;
  /// Seconds; negative where unknown.
  double duration;
  /// The duration is a guess from the rate of bits, not what the file says.
  int32_t is_duration_guessed;
  int32_t is_seekable;
  /// Bytes of the file, at the place it comes from; 0 where there is no end or none is known.
  int64_t byte_count;
  /// The format has no time stamps: they are to be made from the rate.
  int32_t is_unstamped;
  int32_t stream_count;
  /// The stream that is decoded.
  int32_t stream;
} video_input_description;

typedef struct video_input video_input;

/// Opens the input and its decoder. `interrupt` must outlive the input.
video_status video_input_create(
    const video_request *request, video_interrupt *interrupt, video_input **out, video_message *message);
void video_input_destroy(video_input *input);

void video_input_describe(const video_input *input, video_input_description *out);
/// 0 <= index < stream_count.
video_status video_input_describe_stream(const video_input *input, int32_t index, video_stream_description *out);

/// The next picture in order of presentation (VIDEO_OK), VIDEO_END, VIDEO_DAMAGED (go on), or a failure that ends the input.
video_status video_input_next(video_input *input, video_picture **out, video_message *message);

/// Moves to the last point at or before `pts` (ticks of the stream) from which decoding can begin.
video_status video_input_seek(video_input *input, int64_t pts, video_message *message);

/// The first picture of an image file held in memory.
video_status video_image_decode(
    const uint8_t *bytes, size_t count, video_limits limits, video_picture **out, video_message *message);

#endif
