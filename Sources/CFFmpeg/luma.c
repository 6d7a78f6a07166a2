#include "luma.h"

int luma_is_extractable(const AVPixFmtDescriptor *format) {
  const uint64_t others = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL |
                          AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_BE;
  const AVComponentDescriptor luma = format->comp[0];
  return (format->flags & others) == 0 && luma.plane == 0 && luma.depth >= 8 && luma.depth + luma.shift <= 16;
}

static void narrow_row(const uint8_t *samples, int step, int shift, int depth, int width, uint8_t *out) {
  const int down = depth - 8;
  const int half = down > 0 ? 1 << (down - 1) : 0;
  const int mask = (1 << depth) - 1;
  for (int x = 0; x < width; x++) {
    // The descriptor promises two bytes at every step; a byte-wise read needs no alignment and is little endian by luma_is_extractable.
    const int stored = samples[0] | samples[1] << 8;
    const int rounded = (((stored >> shift) & mask) + half) >> down;
    out[x] = (uint8_t)(rounded < 255 ? rounded : 255);
    samples += step;
  }
}

static void pick_row(const uint8_t *samples, int step, int width, uint8_t *out) {
  for (int x = 0; x < width; x++) out[x] = samples[(size_t)x * step];
}

void luma_extract(const AVFrame *frame, const AVPixFmtDescriptor *format, uint8_t *out, size_t stride) {
  const AVComponentDescriptor luma = format->comp[0];
  for (int y = 0; y < frame->height; y++) {
    const uint8_t *row = frame->data[0] + (ptrdiff_t)y * frame->linesize[0] + luma.offset;
    if (luma.depth + luma.shift > 8)
      narrow_row(row, luma.step, luma.shift, luma.depth, frame->width, out + y * stride);
    else
      pick_row(row, luma.step, frame->width, out + y * stride);
  }
}
