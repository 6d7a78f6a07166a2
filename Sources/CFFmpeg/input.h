// Inside the face only: what a video_input is made of. Opening, describing and reading are in files of their own.
#ifndef INPUT_H
#define INPUT_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

#include "decoder.h"
#include "include/video_input.h"

struct video_input {
  AVFormatContext *format;
  /// The reader of a descriptor; NULL where FFmpeg opened the input itself.
  AVIOContext *bytes;
  int descriptor;
  AVPacket *packet;
  decoder decoder;
  int stream;
  video_interrupt *interrupt;
  double timeout_seconds;
  int is_connection;
  int is_draining;
  /// Failed reads in a row.
  int failures;
  /// Whether the first picture has come: until then the deadline of the opening holds.
  int has_begun;
};

/// Whether FFmpeg should give up waiting; the callback of every blocking call.
int input_is_interrupted(void *input);

/// What an error of FFmpeg comes to, told apart from a cancellation and a deadline.
video_status input_status(const video_input *input, int error, video_message *message);

/// The display matrix of the stream, or NULL.
const int32_t *input_matrix(const AVStream *stream);

#endif
