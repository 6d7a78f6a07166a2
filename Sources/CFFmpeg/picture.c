#include "picture.h"

#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <stdlib.h>
#include <string.h>

#include "ffmpeg.h"
#include "grey.h"
#include "range.h"
#include "status.h"
#include "turn.h"

video_status picture_create(
    AVFrame *frame, const int32_t *stream_matrix, AVRational aspect, video_picture **out, video_message *message) {
  *out = NULL;
  if (frame->width <= 0 || frame->height <= 0 || frame->data[0] == NULL || ffmpeg.av_pix_fmt_desc_get(frame->format) == NULL) {
    message_set(message, "the decoder gave a picture without pixels");
    return VIDEO_DAMAGED;
  }
  video_picture *picture = calloc(1, sizeof *picture);
  AVFrame *kept = ffmpeg.av_frame_alloc();
  if (picture == NULL || kept == NULL) {
    free(picture);
    ffmpeg.av_frame_free(&kept);
    return VIDEO_OUT_OF_MEMORY;
  }
  ffmpeg.av_frame_move_ref(kept, frame);
  const AVFrameSideData *side = ffmpeg.av_frame_get_side_data(kept, AV_FRAME_DATA_DISPLAYMATRIX);
  const int32_t *own_matrix = side != NULL && side->size >= 9 * sizeof(int32_t) ? (const int32_t *)side->data : NULL;
  picture->frame = kept;
  picture->turn = turn_of_matrix(own_matrix != NULL ? own_matrix : stream_matrix);
  picture->aspect = aspect;
  square_size(kept->width, kept->height, aspect, &picture->square_width, &picture->square_height);
  *out = picture;
  return VIDEO_OK;
}

video_status video_picture_create_grey(
    const float *samples, int32_t width, int32_t height, video_picture **out, video_message *message) {
  *out = NULL;
  message->text[0] = 0;
  if (width <= 0 || height <= 0) return VIDEO_INVALID;
  AVFrame *frame = ffmpeg.av_frame_alloc();
  if (frame == NULL) return VIDEO_OUT_OF_MEMORY;
  frame->format = AV_PIX_FMT_GRAYF32;
  frame->width = width;
  frame->height = height;
  frame->key_frame = 1;
  video_status status = status_of(ffmpeg.av_frame_get_buffer(frame, 0), message);
  if (status == VIDEO_OK) {
    // The frame's rows have room for `width` samples each, and the caller's lie without gaps.
    for (int32_t y = 0; y < height; y++)
      memcpy(frame->data[0] + (ptrdiff_t)y * frame->linesize[0], samples + (size_t)y * width, (size_t)width * sizeof *samples);
    status = picture_create(frame, NULL, (AVRational){0, 1}, out, message);
  }
  ffmpeg.av_frame_free(&frame);
  return status;
}

video_status video_picture_measure_range(const video_picture *picture, video_range *out) {
  const AVPixFmtDescriptor *format = ffmpeg.av_pix_fmt_desc_get(picture->frame->format);
  if (!grey_is_deep(format)) return VIDEO_UNSUPPORTED;
  return grey_measure(picture->frame, format, out) ? VIDEO_OK : VIDEO_UNSUPPORTED;
}

void video_picture_destroy(video_picture *picture) {
  if (picture == NULL) return;
  ffmpeg.av_frame_free(&picture->frame);
  free(picture);
}

void video_picture_describe(const video_picture *picture, video_picture_description *out) {
  const AVFrame *frame = picture->frame;
  const int is_sideways = turn_is_sideways(picture->turn);
  *out = (video_picture_description){
      .pts = frame->best_effort_timestamp,
      .has_pts = frame->best_effort_timestamp != AV_NOPTS_VALUE,
      .duration = frame->pkt_duration > 0 ? frame->pkt_duration : 0,
      .is_key = frame->key_frame,
      .is_damaged = picture->is_damaged || frame->decode_error_flags != 0 || (frame->flags & AV_FRAME_FLAG_CORRUPT) != 0,
      .coded_width = frame->width,
      .coded_height = frame->height,
      .display_width = is_sideways ? picture->square_height : picture->square_width,
      .display_height = is_sideways ? picture->square_width : picture->square_height,
      .pixel_aspect = rational_of(picture->aspect),
      .turn = picture->turn,
  };
  name_set(&out->pixel_format, ffmpeg.av_get_pix_fmt_name(frame->format));
}

video_status video_picture_borrow_stored(const video_picture *picture, video_plane *out) {
  const AVFrame *frame = picture->frame;
  const int row_bytes = ffmpeg.av_image_get_linesize(frame->format, frame->width, 0);
  if (row_bytes <= 0 || frame->linesize[0] < row_bytes) return VIDEO_UNSUPPORTED;
  *out = (video_plane){
      .bytes = frame->data[0], .stride = frame->linesize[0], .row_bytes = row_bytes, .rows = frame->height};
  return VIDEO_OK;
}

/// Whether a component of YUV has a plane of its own with a byte a sample.
static int is_plane_of_bytes(const AVPixFmtDescriptor *format, int component) {
  const uint64_t others = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL |
                          AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_FLOAT;
  const AVComponentDescriptor part = format->comp[component];
  return (format->flags & others) == 0 && part.plane == component && part.step == 1 && part.offset == 0 && part.shift == 0 &&
         part.depth == 8;
}

uint8_t video_picture_black(const video_picture *picture) {
  const AVFrame *frame = picture->frame;
  const AVPixFmtDescriptor *format = ffmpeg.av_pix_fmt_desc_get(frame->format);
  const int is_yuv = format->nb_components >= 3 && (format->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) == 0;
  return is_yuv && !range_is_full(frame) ? 16 : 0;
}

static int is_upright(const video_picture *picture) {
  return picture->turn.quarter_turns == 0 && !picture->turn.is_mirrored;
}

video_status video_picture_borrow_luma(const video_picture *picture, video_plane *out) {
  const AVFrame *frame = picture->frame;
  const AVPixFmtDescriptor *format = ffmpeg.av_pix_fmt_desc_get(frame->format);
  const int is_square = picture->square_width == frame->width && picture->square_height == frame->height;
  if (!is_plane_of_bytes(format, 0) || !is_upright(picture) || !is_square) return VIDEO_UNSUPPORTED;
  return video_picture_borrow_stored(picture, out);
}

video_status video_picture_borrow_chroma(const video_picture *picture, video_plane out[2]) {
  const AVFrame *frame = picture->frame;
  const AVPixFmtDescriptor *format = ffmpeg.av_pix_fmt_desc_get(frame->format);
  if (format->nb_components < 3 || !is_upright(picture)) return VIDEO_UNSUPPORTED;
  for (int plane = 1; plane <= 2; plane++) {
    const int row_bytes = ffmpeg.av_image_get_linesize(frame->format, frame->width, plane);
    // Rounded up, as the planes are allocated.
    const int rows = -((-frame->height) >> format->log2_chroma_h);
    if (!is_plane_of_bytes(format, plane) || row_bytes <= 0 || frame->linesize[plane] < row_bytes) return VIDEO_UNSUPPORTED;
    out[plane - 1] = (video_plane){
        .bytes = frame->data[plane], .stride = frame->linesize[plane], .row_bytes = row_bytes, .rows = rows};
  }
  return VIDEO_OK;
}
