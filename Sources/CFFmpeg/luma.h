// Inside the face only: 8-bit luma out of stored samples.
#ifndef LUMA_H
#define LUMA_H

#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
#include <stddef.h>
#include <stdint.h>

/// Whether the first component can be read as luma by luma_extract: YUV and grey, planar or packed, 8 to 16 bits in this machine's byte order.
int luma_is_extractable(const AVPixFmtDescriptor *format);

/// Writes frame->height rows of frame->width bytes, `stride` apart, to `out`; deeper samples are rounded to 8 bits.
void luma_extract(const AVFrame *frame, const AVPixFmtDescriptor *format, uint8_t *out, size_t stride);

#endif
