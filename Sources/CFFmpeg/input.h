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
  /// FFmpeg's own way to open a file, which the guard of nested files goes on to.
  int (*open_file)(AVFormatContext *, AVIOContext **, const char *, int, AVDictionary **);
  /// Where the files that a list names must lie; NULL: it may name none.
  char *folder;
  /// Whether the input's own file has been opened, and whether all of the opening is done.
  int has_opened_itself;
  int is_open;
  /// Files that a list named, while it was opened.
  int opened;
  /// The first file that a list named and that was not opened; empty where there is none.
  video_message refused;
  /// Whether the first picture has come: until then the deadline of the opening holds.
  int has_begun;
};

/// Whether FFmpeg should give up waiting; the callback of every blocking call.
int input_is_interrupted(void *input);

/// Keeps what a local list (HLS) names inside its folder and below a number of files, and text from being drawn as a video.
video_status input_guard(video_input *input, const char *url);

/// The names of the formats that are read from files, with commas; av_free'd by the caller.
char *input_allowed_formats(void);

/// What an error of FFmpeg comes to, told apart from a cancellation and a deadline.
video_status input_status(const video_input *input, int error, video_message *message);

/// The display matrix of the stream, or NULL.
const int32_t *input_matrix(const AVStream *stream);

#endif
