#include "include/video_encoder.h"

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ffmpeg.h"
#include "status.h"

struct video_encoder {
  AVFormatContext *format;
  AVCodecContext *codec;
  AVStream *stream;
  /// The caller's picture at the written size, in memory with the padding that swscale reads into.
  AVFrame *padded;
  AVFrame *frame;
  AVPacket *packet;
  struct SwsContext *scaler;
  /// The caller's size, which the written one exceeds by a pixel where it is odd.
  int width;
  int height;
  int64_t last_pts;
  /// Ticks from the last picture but one to the last: what the last one is shown for.
  int64_t last_step;
  int has_picture;
  int is_finished;
};

// MARK: - Opening

/// Any failure to write counts as one, whatever the system calls it.
static video_status write_status(int result, video_message *message) {
  const video_status status = status_of(result, message);
  return status == VIDEO_OK || status == VIDEO_OUT_OF_MEMORY ? status : VIDEO_WRITE_FAILED;
}

static video_status open_codec(video_encoder *encoder, const video_encoder_request *request, video_message *message) {
  const AVCodec *codec = ffmpeg.avcodec_find_encoder_by_name("libx264");
  if (codec == NULL) {
    message_set(message, "this build of FFmpeg has no libx264");
    return VIDEO_UNSUPPORTED;
  }
  AVCodecContext *context = encoder->codec = ffmpeg.avcodec_alloc_context3(codec);
  if (context == NULL) return VIDEO_OUT_OF_MEMORY;
  context->width = FFALIGN(request->width, 2);
  context->height = FFALIGN(request->height, 2);
  context->pix_fmt = AV_PIX_FMT_YUV420P;
  context->time_base = (AVRational){request->time_base.numerator, request->time_base.denominator};
  context->framerate = (AVRational){request->frame_rate.numerator, request->frame_rate.denominator};
  context->color_range = AVCOL_RANGE_MPEG;
  context->colorspace = AVCOL_SPC_BT709;
  context->color_primaries = AVCOL_PRI_BT709;
  context->color_trc = AVCOL_TRC_BT709;
  context->sample_aspect_ratio = (AVRational){1, 1};
  context->thread_count = request->threads;
  // No version strings and no clock: the same pictures give the same file.
  context->flags |= AV_CODEC_FLAG_BITEXACT;
  if (encoder->format->oformat->flags & AVFMT_GLOBALHEADER) context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  ffmpeg.av_opt_set(context->priv_data, "preset", request->preset, 0);
  ffmpeg.av_opt_set_double(context->priv_data, "crf", request->quality, 0);
  return status_of(ffmpeg.avcodec_open2(context, codec, NULL), message);
}

static AVFrame *new_frame(const AVCodecContext *codec, enum AVPixelFormat format) {
  AVFrame *frame = ffmpeg.av_frame_alloc();
  if (frame == NULL) return NULL;
  frame->format = format;
  frame->width = codec->width;
  frame->height = codec->height;
  frame->color_range = codec->color_range;
  frame->colorspace = codec->colorspace;
  if (ffmpeg.av_frame_get_buffer(frame, 0) < 0) ffmpeg.av_frame_free(&frame);
  return frame;
}

static video_status open_frames(video_encoder *encoder) {
  const AVCodecContext *codec = encoder->codec;
  encoder->padded = new_frame(codec, AV_PIX_FMT_BGR24);
  encoder->frame = new_frame(codec, codec->pix_fmt);
  encoder->packet = ffmpeg.av_packet_alloc();
  if (encoder->padded == NULL || encoder->frame == NULL || encoder->packet == NULL) return VIDEO_OUT_OF_MEMORY;
  encoder->scaler = ffmpeg.sws_getContext(
      codec->width, codec->height, AV_PIX_FMT_BGR24, codec->width, codec->height, codec->pix_fmt,
      SWS_BILINEAR | SWS_ACCURATE_RND | SWS_BITEXACT, NULL, NULL, NULL);
  if (encoder->scaler == NULL) return VIDEO_UNSUPPORTED;
  ffmpeg.sws_setColorspaceDetails(
      encoder->scaler, ffmpeg.sws_getCoefficients(SWS_CS_DEFAULT), 1, ffmpeg.sws_getCoefficients(SWS_CS_ITU709), 0, 0, 1 << 16, 1 << 16);
  return VIDEO_OK;
}

static video_status open_file(video_encoder *encoder, const video_encoder_request *request, const char *url, video_message *message) {
  AVStream *stream = encoder->stream = ffmpeg.avformat_new_stream(encoder->format, NULL);
  if (stream == NULL) return VIDEO_OUT_OF_MEMORY;
  stream->time_base = encoder->codec->time_base;
  stream->avg_frame_rate = encoder->codec->framerate;
  int result = ffmpeg.avcodec_parameters_from_context(stream->codecpar, encoder->codec);
  if (result < 0) return status_of(result, message);
  encoder->format->flags |= AVFMT_FLAG_BITEXACT;
  result = ffmpeg.avio_open(&encoder->format->pb, url, AVIO_FLAG_WRITE);
  if (result < 0) return status_of(result, message);
  if (request->is_fragmented) {
    // An index for each second instead of one at the end; formats without these options need none.
    encoder->format->flags |= AVFMT_FLAG_FLUSH_PACKETS;
    ffmpeg.av_opt_set(encoder->format->priv_data, "movflags", "empty_moov+default_base_moof", 0);
    ffmpeg.av_opt_set(encoder->format->priv_data, "frag_duration", "1000000", 0);
  }
  result = ffmpeg.avformat_write_header(encoder->format, NULL);
  return write_status(result, message);
}

static video_status open_all(video_encoder *encoder, const video_encoder_request *request, video_message *message) {
  // "file:" keeps a path with a colon from being taken for another protocol.
  char url[4096 + 8];
  const int length = snprintf(url, sizeof url, "file:%s", request->path);
  if (length < 0 || (size_t)length >= sizeof url) return VIDEO_INVALID;
  const int result = ffmpeg.avformat_alloc_output_context2(&encoder->format, NULL, request->format, url);
  if (result < 0) return status_of(result, message);
  encoder->width = request->width;
  encoder->height = request->height;
  video_status status = open_codec(encoder, request, message);
  if (status == VIDEO_OK) status = open_frames(encoder);
  return status == VIDEO_OK ? open_file(encoder, request, url, message) : status;
}

video_status video_encoder_create(const video_encoder_request *request, video_encoder **out, video_message *message) {
  *out = NULL;
  message->text[0] = 0;
  const int is_sane = request->width > 0 && request->height > 0 && request->width <= 16384 && request->height <= 16384 &&
                      request->time_base.numerator > 0 && request->time_base.denominator > 0 && request->threads > 0 &&
                      request->frame_rate.numerator > 0 && request->frame_rate.denominator > 0;
  if (!is_sane) {
    message_set(message, "%dx%d pictures cannot be encoded", request->width, request->height);
    return VIDEO_INVALID;
  }
  video_encoder *encoder = calloc(1, sizeof *encoder);
  if (encoder == NULL) return VIDEO_OUT_OF_MEMORY;
  const video_status status = open_all(encoder, request, message);
  if (status != VIDEO_OK) {
    video_encoder_destroy(encoder);
    return status;
  }
  *out = encoder;
  return VIDEO_OK;
}

void video_encoder_destroy(video_encoder *encoder) {
  if (encoder == NULL) return;
  if (encoder->format != NULL) {
    ffmpeg.avio_closep(&encoder->format->pb);
    ffmpeg.avformat_free_context(encoder->format);
  }
  ffmpeg.avcodec_free_context(&encoder->codec);
  ffmpeg.av_frame_free(&encoder->padded);
  ffmpeg.av_frame_free(&encoder->frame);
  ffmpeg.av_packet_free(&encoder->packet);
  ffmpeg.sws_freeContext(encoder->scaler);
  free(encoder);
}

// MARK: - Writing

/// Copies the caller's rows, and repeats the last column and row where the written picture is larger.
static void fill_padded(video_encoder *encoder, const uint8_t *bgr, int stride) {
  const AVFrame *padded = encoder->padded;
  const size_t row_bytes = (size_t)encoder->width * 3;
  for (int y = 0; y < padded->height; y++) {
    const int from = y < encoder->height ? y : encoder->height - 1;
    uint8_t *row = padded->data[0] + (ptrdiff_t)y * padded->linesize[0];
    memcpy(row, bgr + (ptrdiff_t)from * stride, row_bytes);
    if (padded->width > encoder->width) memcpy(row + row_bytes, row + row_bytes - 3, 3);
  }
}

/// Moves the packets that the encoder has ready into the file.
static video_status drain(video_encoder *encoder, video_message *message) {
  for (;;) {
    int result = ffmpeg.avcodec_receive_packet(encoder->codec, encoder->packet);
    if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return VIDEO_OK;
    if (result < 0) return status_of(result, message);
    if (encoder->packet->pts == encoder->last_pts) encoder->packet->duration = encoder->last_step;
    ffmpeg.av_packet_rescale_ts(encoder->packet, encoder->codec->time_base, encoder->stream->time_base);
    encoder->packet->stream_index = encoder->stream->index;
    result = ffmpeg.av_interleaved_write_frame(encoder->format, encoder->packet);
    if (result < 0) return write_status(result, message);
    if (encoder->format->pb->error < 0) return write_status(encoder->format->pb->error, message);
  }
}

video_status video_encoder_write(
    video_encoder *encoder, const uint8_t *bgr, size_t count, int32_t stride, int64_t pts, video_message *message) {
  message->text[0] = 0;
  const int row_bytes = encoder->width * 3;
  if (stride < row_bytes || count < (size_t)stride * (encoder->height - 1) + row_bytes || encoder->is_finished ||
      (encoder->has_picture && pts <= encoder->last_pts)) {
    message_set(message, "the picture's size or time stamp %lld does not fit", (long long)pts);
    return VIDEO_INVALID;
  }
  AVFrame *frame = encoder->frame;
  int result = ffmpeg.av_frame_make_writable(frame);
  if (result < 0) return status_of(result, message);
  fill_padded(encoder, bgr, stride);
  const AVFrame *padded = encoder->padded;
  result = ffmpeg.sws_scale(encoder->scaler, (const uint8_t *const *)padded->data, padded->linesize, 0, padded->height,
                     frame->data, frame->linesize);
  if (result < 0) return status_of(result, message);
  if (encoder->has_picture) encoder->last_step = pts - encoder->last_pts;
  encoder->has_picture = 1;
  encoder->last_pts = frame->pts = pts;
  result = ffmpeg.avcodec_send_frame(encoder->codec, frame);
  return result < 0 ? status_of(result, message) : drain(encoder, message);
}

video_status video_encoder_finish(video_encoder *encoder, video_message *message) {
  message->text[0] = 0;
  if (encoder->is_finished) return VIDEO_OK;
  encoder->is_finished = 1;
  int result = ffmpeg.avcodec_send_frame(encoder->codec, NULL);
  if (result < 0) return status_of(result, message);
  const video_status status = drain(encoder, message);
  if (status != VIDEO_OK) return status;
  result = ffmpeg.av_write_trailer(encoder->format);
  if (result < 0) return write_status(result, message);
  result = ffmpeg.avio_closep(&encoder->format->pb);
  return result < 0 ? write_status(result, message) : VIDEO_OK;
}
