// Inside the face only: what a video_picture is made of.
#ifndef PICTURE_H
#define PICTURE_H

#include <libavutil/frame.h>

#include "include/video_picture.h"

struct video_picture {
  AVFrame *frame;
  video_turn turn;
  AVRational aspect;
  /// Decoded in spite of errors that the decoder itself does not note in the frame.
  int is_damaged;
  /// Square pixels, not yet turned.
  int square_width;
  int square_height;
};

/// Takes the frame's references over (the frame is empty afterwards). `stream_matrix` is the container's display matrix or NULL;
/// a matrix of the frame's own goes before it.
video_status picture_create(
    AVFrame *frame, const int32_t *stream_matrix, AVRational aspect, video_picture **out, video_message *message);

#endif
