#include "include/video_converter.h"

#include <libavutil/mem.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
#include <stdlib.h>

#include "ffmpeg.h"
#include "grey.h"
#include "luma.h"
#include "picture.h"
#include "range.h"
#include "status.h"
#include "turn.h"

/// Memory that grows and is kept.
typedef struct scratch {
  uint8_t *bytes;
  unsigned capacity;
} scratch;

/// A scaler and the colours it was last set to, for sws_setColorspaceDetails builds its tables anew at every call.
typedef struct scaler {
  struct SwsContext *context;
  int matrix;
  int is_full_range;
} scaler;

struct video_converter {
  scaler to_target;
  scaler to_square;
  scratch stored;
  scratch square;
  scratch upright;
};

/// One 8-bit picture in memory.
typedef struct pixels {
  const uint8_t *bytes;
  int stride;
  int width;
  int height;
} pixels;

video_status video_converter_create(video_converter **out) {
  *out = calloc(1, sizeof **out);
  return *out != NULL ? VIDEO_OK : VIDEO_OUT_OF_MEMORY;
}

void video_converter_destroy(video_converter *converter) {
  if (converter == NULL) return;
  ffmpeg.sws_freeContext(converter->to_target.context);
  ffmpeg.sws_freeContext(converter->to_square.context);
  ffmpeg.av_freep(&converter->stored.bytes);
  ffmpeg.av_freep(&converter->square.bytes);
  ffmpeg.av_freep(&converter->upright.bytes);
  free(converter);
}

/// Room for rows of `row_bytes` with the padding that swscale's vector code may write into. NULL: no memory.
static uint8_t *scratch_rows(scratch *memory, int row_bytes, int rows, int *stride) {
  *stride = FFALIGN(row_bytes, 64) + 64;
  const int64_t needed = (int64_t)*stride * rows + 64;
  if (needed > INT32_MAX) return NULL;
  ffmpeg.av_fast_malloc(&memory->bytes, &memory->capacity, (size_t)needed);
  return memory->bytes;
}

// MARK: - Colour

/// The matrix of a picture that names none: what players assume.
static int matrix_of(const AVFrame *frame) {
  switch (frame->colorspace) {
  case AVCOL_SPC_UNSPECIFIED:
  case AVCOL_SPC_RESERVED:
  case AVCOL_SPC_RGB: return frame->height >= 720 ? SWS_CS_ITU709 : SWS_CS_ITU601;
  default: return frame->colorspace;
  }
}

static video_status scaler_prepare(
    scaler *scaler, int width, int height, enum AVPixelFormat format, int out_width, int out_height,
    enum AVPixelFormat out_format, int matrix, int full_range, video_message *message) {
  // Bit-exact and accurate: the same bytes on every processor. Shrinking averages over the area.
  const int is_shrinking = out_width < width || out_height < height;
  int flags = SWS_ACCURATE_RND | SWS_BITEXACT | (is_shrinking ? SWS_AREA : SWS_BILINEAR);
  // swscale would halve whole chroma on the way. Interpolating chroma that is halved already takes five times as long, for hues only.
  if (ffmpeg.av_pix_fmt_desc_get(format)->log2_chroma_w == 0) flags |= SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;
  struct SwsContext *before = scaler->context;
  scaler->context = ffmpeg.sws_getCachedContext(
      scaler->context, width, height, format, out_width, out_height, out_format, flags, NULL, NULL, NULL);
  if (scaler->context == NULL) {
    message_set(message, "the pixel format %s", ffmpeg.av_get_pix_fmt_name(format));
    return VIDEO_UNSUPPORTED;
  }
  if (scaler->context == before && scaler->matrix == matrix && scaler->is_full_range == full_range) return VIDEO_OK;
  scaler->matrix = matrix;
  scaler->is_full_range = full_range;
  // Formats without a matrix refuse these settings, which then do not matter.
  ffmpeg.sws_setColorspaceDetails(
      scaler->context, ffmpeg.sws_getCoefficients(matrix), full_range, ffmpeg.sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16,
      1 << 16);
  return VIDEO_OK;
}

/// Converts the stored picture to `out_format` with `channels` bytes a pixel, at the size in square pixels.
static video_status convert_stored(
    video_converter *converter, const video_picture *picture, enum AVPixelFormat out_format, int channels, pixels *out,
    video_message *message) {
  const AVFrame *frame = picture->frame;
  const int width = picture->square_width, height = picture->square_height;
  int stride = 0;
  uint8_t *rows = scratch_rows(&converter->square, width * channels, height, &stride);
  if (rows == NULL) return VIDEO_OUT_OF_MEMORY;
  const video_status prepared = scaler_prepare(
      &converter->to_target, frame->width, frame->height, range_plain_format(frame->format), width, height, out_format,
      matrix_of(frame), range_is_full(frame), message);
  if (prepared != VIDEO_OK) return prepared;
  const int written = ffmpeg.sws_scale(
      converter->to_target.context, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height, &rows, &stride);
  if (written < 0) return status_of(written, message);
  *out = (pixels){rows, stride, width, height};
  return VIDEO_OK;
}

// MARK: - Luma

/// Luma of the stored size and range, or stretched to the range given.
static video_status stored_luma(
    video_converter *converter, const video_picture *picture, const video_range *range, pixels *out) {
  const AVFrame *frame = picture->frame;
  const AVPixFmtDescriptor *format = ffmpeg.av_pix_fmt_desc_get(frame->format);
  int stride = 0;
  uint8_t *rows = scratch_rows(&converter->stored, frame->width, frame->height, &stride);
  if (rows == NULL) return VIDEO_OUT_OF_MEMORY;
  if (range != NULL)
    grey_stretch(frame, format, *range, rows, stride);
  else
    luma_extract(frame, format, rows, stride);
  *out = (pixels){rows, stride, frame->width, frame->height};
  return VIDEO_OK;
}

static video_status square_luma(
    video_converter *converter, const video_picture *picture, pixels stored, pixels *out, video_message *message) {
  const int width = picture->square_width, height = picture->square_height;
  if (width == stored.width && height == stored.height) {
    *out = stored;
    return VIDEO_OK;
  }
  int stride = 0;
  uint8_t *rows = scratch_rows(&converter->square, width, height, &stride);
  if (rows == NULL) return VIDEO_OUT_OF_MEMORY;
  const video_status prepared = scaler_prepare(
      &converter->to_square, stored.width, stored.height, AV_PIX_FMT_GRAY8, width, height, AV_PIX_FMT_GRAY8,
      SWS_CS_DEFAULT, 1, message);
  if (prepared != VIDEO_OK) return prepared;
  const int written =
      ffmpeg.sws_scale(converter->to_square.context, &stored.bytes, &stored.stride, 0, stored.height, &rows, &stride);
  if (written < 0) return status_of(written, message);
  *out = (pixels){rows, stride, width, height};
  return VIDEO_OK;
}

video_status video_converter_borrow_luma(
    video_converter *converter, const video_picture *picture, const video_range *range, video_plane *out, video_message *message) {
  const AVPixFmtDescriptor *format = ffmpeg.av_pix_fmt_desc_get(picture->frame->format);
  if (range != NULL && !grey_is_deep(format)) range = NULL;
  pixels luma;
  video_status status;
  if (range != NULL || luma_is_extractable(format)) {
    pixels stored;
    status = stored_luma(converter, picture, range, &stored);
    if (status == VIDEO_OK) status = square_luma(converter, picture, stored, &luma, message);
  } else {
    status = convert_stored(converter, picture, AV_PIX_FMT_GRAY8, 1, &luma, message);
  }
  if (status != VIDEO_OK) return status;
  if (picture->turn.quarter_turns != 0 || picture->turn.is_mirrored) {
    ffmpeg.av_fast_malloc(&converter->upright.bytes, &converter->upright.capacity, (size_t)luma.width * luma.height);
    if (converter->upright.bytes == NULL) return VIDEO_OUT_OF_MEMORY;
    turn_pixels(luma.bytes, luma.stride, luma.width, luma.height, 1, picture->turn, converter->upright.bytes);
    const int is_sideways = turn_is_sideways(picture->turn);
    const int width = is_sideways ? luma.height : luma.width;
    luma = (pixels){converter->upright.bytes, width, width, is_sideways ? luma.width : luma.height};
  }
  *out = (video_plane){.bytes = luma.bytes, .stride = luma.stride, .row_bytes = luma.width, .rows = luma.height};
  return VIDEO_OK;
}

// MARK: - Colour pictures

/// The stretched grey as three equal channels; `out` has room for the whole picture.
static video_status copy_stretched(
    video_converter *converter, const video_picture *picture, const video_range *range, uint8_t *out, video_message *message) {
  video_plane grey;
  const video_status status = video_converter_borrow_luma(converter, picture, range, &grey, message);
  if (status != VIDEO_OK) return status;
  for (int32_t y = 0; y < grey.rows; y++) {
    const uint8_t *row = grey.bytes + (ptrdiff_t)y * grey.stride;
    for (int32_t x = 0; x < grey.row_bytes; x++, out += 3) out[0] = out[1] = out[2] = row[x];
  }
  return VIDEO_OK;
}

video_status video_converter_copy_bgr(
    video_converter *converter, const video_picture *picture, const video_range *range, uint8_t *out, size_t capacity,
    video_message *message) {
  if (capacity < (size_t)picture->square_width * picture->square_height * 3) {
    message_set(message, "%zu bytes are too few for the picture", capacity);
    return VIDEO_INVALID;
  }
  if (range != NULL && grey_is_deep(ffmpeg.av_pix_fmt_desc_get(picture->frame->format)))
    return copy_stretched(converter, picture, range, out, message);
  pixels bgr;
  const video_status status = convert_stored(converter, picture, AV_PIX_FMT_BGR24, 3, &bgr, message);
  if (status != VIDEO_OK) return status;
  turn_pixels(bgr.bytes, bgr.stride, bgr.width, bgr.height, 3, picture->turn, out);
  return VIDEO_OK;
}
