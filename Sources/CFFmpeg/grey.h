// Inside the face only: grey samples deeper than 8 bits, as thermal cameras give them.
#ifndef GREY_H
#define GREY_H

#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
#include <stddef.h>
#include <stdint.h>

#include "include/video_picture.h"

/// Whether a format is grey (with or without alpha) of 9 to 16 bits or of 32-bit floats, in either byte order.
int grey_is_deep(const AVPixFmtDescriptor *format);

/// The least and the greatest of the medians of three neighbours in a row: what single defective or noisy pixels hold does not count.
/// Returns 0 where not one sample is finite.
int grey_measure(const AVFrame *frame, const AVPixFmtDescriptor *format, video_range *out);

/// Writes frame->height rows of frame->width bytes, `stride` apart: range.low and below become 0, range.high and above 255, what is no
/// number 0.
void grey_stretch(
    const AVFrame *frame, const AVPixFmtDescriptor *format, video_range range, uint8_t *out, size_t stride);

#endif
