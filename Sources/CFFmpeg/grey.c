#include "grey.h"

#include <math.h>
#include <string.h>

/// How the samples of a format lie in memory.
typedef struct layout {
  int step;
  int offset;
  int shift;
  int mask;
  int is_big_endian;
  int is_float;
} layout;

int grey_is_deep(const AVPixFmtDescriptor *format) {
  const uint64_t others = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL |
                          AV_PIX_FMT_FLAG_BAYER;
  const int has_alpha = (format->flags & AV_PIX_FMT_FLAG_ALPHA) != 0;
  const AVComponentDescriptor grey = format->comp[0];
  if ((format->flags & others) != 0 || format->nb_components != (has_alpha ? 2 : 1) || grey.plane != 0) return 0;
  if ((format->flags & AV_PIX_FMT_FLAG_FLOAT) != 0) return grey.depth == 32;
  return grey.depth > 8 && grey.depth + grey.shift <= 16;
}

static layout layout_of(const AVPixFmtDescriptor *format) {
  const AVComponentDescriptor grey = format->comp[0];
  return (layout){
      .step = grey.step,
      .offset = grey.offset,
      .shift = grey.shift,
      .mask = grey.depth < 16 ? (1 << grey.depth) - 1 : 0xFFFF,
      .is_big_endian = (format->flags & AV_PIX_FMT_FLAG_BE) != 0,
      .is_float = (format->flags & AV_PIX_FMT_FLAG_FLOAT) != 0,
  };
}

/// One sample; byte-wise, so it needs no alignment. Two bytes, or four of a float, lie at `bytes` by the descriptor's promise.
static inline float sample(const uint8_t *bytes, layout layout) {
  if (!layout.is_float) {
    const int stored = layout.is_big_endian ? bytes[0] << 8 | bytes[1] : bytes[1] << 8 | bytes[0];
    return (float)(stored >> layout.shift & layout.mask);
  }
  const uint32_t bits = layout.is_big_endian
                            ? (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3]
                            : (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8 | bytes[0];
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static inline float median(float a, float b, float c) { return fmaxf(fminf(a, b), fminf(fmaxf(a, b), c)); }

int grey_measure(const AVFrame *frame, const AVPixFmtDescriptor *format, video_range *out) {
  const layout layout = layout_of(format);
  float low = INFINITY, high = -INFINITY;
  for (int y = 0; y < frame->height; y++) {
    const uint8_t *row = frame->data[0] + (ptrdiff_t)y * frame->linesize[0] + layout.offset;
    // Beyond the row's ends its last pixels are repeated.
    float before = sample(row, layout), here = before;
    for (int x = 0; x < frame->width; x++) {
      const int next = x + 1 < frame->width ? x + 1 : x;
      const float after = sample(row + (ptrdiff_t)next * layout.step, layout);
      if (isfinite(before) && isfinite(here) && isfinite(after)) {
        const float value = median(before, here, after);
        low = fminf(low, value);
        high = fmaxf(high, value);
      }
      before = here;
      here = after;
    }
  }
  *out = (video_range){.low = low, .high = high};
  return low <= high;
}

void grey_stretch(
    const AVFrame *frame, const AVPixFmtDescriptor *format, video_range range, uint8_t *out, size_t stride) {
  const layout layout = layout_of(format);
  const double scale = range.high > range.low ? 255 / (range.high - range.low) : 0;
  for (int y = 0; y < frame->height; y++) {
    const uint8_t *row = frame->data[0] + (ptrdiff_t)y * frame->linesize[0] + layout.offset;
    for (int x = 0; x < frame->width; x++) {
      const double level = (sample(row + (ptrdiff_t)x * layout.step, layout) - range.low) * scale;
      // A comparison with what is no number is false, so that becomes 0.
      out[y * stride + x] = level > 0 ? (level < 255 ? (uint8_t)(level + .5) : 255) : 0;
    }
  }
}
