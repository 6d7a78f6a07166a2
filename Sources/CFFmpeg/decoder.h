// Inside the face only: a codec context that allocates nothing beyond its limits.
#ifndef DECODER_H
#define DECODER_H

#include <libavcodec/avcodec.h>
#include <stdatomic.h>

#include "include/video_input.h"

typedef struct decoder {
  AVCodecContext *codec;
  AVFrame *frame;
  video_limits limits;
  /// The size of a picture that was refused, set by the decoder's threads; 0: none.
  atomic_int refused_width;
  atomic_int refused_height;
} decoder;

/// What becomes of errors within a picture.
typedef enum decoder_errors {
  /// They are concealed as far as the decoder can.
  DECODER_CONCEALS,
  /// The picture is refused.
  DECODER_REFUSES,
} decoder_errors;

/// Opens the decoder of `parameters`. The decoder must not move in memory afterwards.
video_status decoder_open(
    decoder *decoder, const AVCodecParameters *parameters, AVRational time_base, int threads, decoder_errors errors,
    video_limits limits, video_message *message);
void decoder_close(decoder *decoder);

/// Gives the decoder one packet; NULL: no more will come. VIDEO_DAMAGED for a packet that cannot be decoded.
video_status decoder_send(decoder *decoder, const AVPacket *packet, video_message *message);

/// Fetches one picture into decoder->frame: VIDEO_OK, VIDEO_END, VIDEO_DAMAGED, a failure, or VIDEO_OK with *is_hungry set if the decoder
/// must be given a packet first.
video_status decoder_receive(decoder *decoder, int *is_hungry, video_message *message);

video_status limits_check(video_limits limits, int width, int height, video_message *message);

#endif
