// Inside the face only: which values a picture's luma uses.
#ifndef RANGE_H
#define RANGE_H

#include <libavutil/frame.h>
#include <libavutil/pixfmt.h>

/// The yuvj formats say "full range" by their name; swscale wants the plain format and the range apart.
enum AVPixelFormat range_plain_format(int format);

/// Whether a picture's luma goes from 0 to 255, not from 16 to 235.
int range_is_full(const AVFrame *frame);

#endif
