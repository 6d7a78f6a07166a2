#include "decoder.h"

#include <errno.h>
#include <libavutil/frame.h>

#include "ffmpeg.h"
#include "status.h"

video_status limits_check(video_limits limits, int width, int height, video_message *message) {
  const int is_large =
      width > limits.maximum_side || height > limits.maximum_side || (int64_t)width * height > limits.maximum_pixels;
  if (!is_large) return VIDEO_OK;
  message_set(message, "%dx%d", width, height);
  return VIDEO_TOO_LARGE;
}

/// Called by the decoder, from its threads too, before it allocates a picture.
static int buffer_for(AVCodecContext *codec, AVFrame *frame, int flags) {
  decoder *owner = codec->opaque;
  if (limits_check(owner->limits, frame->width, frame->height, NULL) != VIDEO_OK) {
    atomic_store(&owner->refused_width, frame->width);
    atomic_store(&owner->refused_height, frame->height);
    return AVERROR(EINVAL);
  }
  return ffmpeg.avcodec_default_get_buffer2(codec, frame, flags);
}

video_status decoder_open(
    decoder *decoder, const AVCodecParameters *parameters, AVRational time_base, int threads, decoder_errors errors,
    video_limits limits, video_message *message) {
  decoder->limits = limits;
  const video_status size = limits_check(limits, parameters->width, parameters->height, message);
  if (size != VIDEO_OK) return size;
  const AVCodec *codec = ffmpeg.avcodec_find_decoder(parameters->codec_id);
  if (codec == NULL) {
    message_set(message, "%s", ffmpeg.avcodec_get_name(parameters->codec_id));
    return VIDEO_UNSUPPORTED;
  }
  decoder->frame = ffmpeg.av_frame_alloc();
  decoder->codec = ffmpeg.avcodec_alloc_context3(codec);
  if (decoder->frame == NULL || decoder->codec == NULL) return VIDEO_OUT_OF_MEMORY;
  AVCodecContext *context = decoder->codec;
  int result = ffmpeg.avcodec_parameters_to_context(context, parameters);
  if (result < 0) return status_of(result, message);
  context->pkt_timebase = time_base;
  context->opaque = decoder;
  context->get_buffer2 = buffer_for;
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
  // buffer_for only writes atomics, and without this FFmpeg 5.1 passes every allocation through one thread.
  context->thread_safe_callbacks = 1;
#pragma clang diagnostic pop
  if (errors == DECODER_REFUSES) context->err_recognition |= AV_EF_EXPLODE | AV_EF_CRCCHECK;
  context->thread_count = threads;
  // Slice threads switch the concealment of errors off, so the pictures of a damaged file would depend on their number.
  context->thread_type = FF_THREAD_FRAME;
  result = ffmpeg.avcodec_open2(context, codec, NULL);
  return status_of(result, message);
}

void decoder_close(decoder *decoder) {
  ffmpeg.avcodec_free_context(&decoder->codec);
  ffmpeg.av_frame_free(&decoder->frame);
}

static video_status damage_or_failure(decoder *decoder, int error, video_message *message) {
  const int width = atomic_load(&decoder->refused_width);
  if (width != 0) return limits_check(decoder->limits, width, atomic_load(&decoder->refused_height), message);
  if (error == AVERROR(ENOMEM)) return VIDEO_OUT_OF_MEMORY;
  status_of(error, message);
  return VIDEO_DAMAGED;
}

video_status decoder_send(decoder *decoder, const AVPacket *packet, video_message *message) {
  const int result = ffmpeg.avcodec_send_packet(decoder->codec, packet);
  // At the end of the input a second "no more" is harmless.
  if (result >= 0 || result == AVERROR_EOF) return VIDEO_OK;
  return damage_or_failure(decoder, result, message);
}

video_status decoder_receive(decoder *decoder, int *is_hungry, video_message *message) {
  const int result = ffmpeg.avcodec_receive_frame(decoder->codec, decoder->frame);
  *is_hungry = result == AVERROR(EAGAIN);
  if (result >= 0 || *is_hungry) return VIDEO_OK;
  if (result == AVERROR_EOF) return VIDEO_END;
  return damage_or_failure(decoder, result, message);
}
