#include "range.h"

enum AVPixelFormat range_plain_format(int format) {
  switch (format) {
  case AV_PIX_FMT_YUVJ411P: return AV_PIX_FMT_YUV411P;
  case AV_PIX_FMT_YUVJ420P: return AV_PIX_FMT_YUV420P;
  case AV_PIX_FMT_YUVJ422P: return AV_PIX_FMT_YUV422P;
  case AV_PIX_FMT_YUVJ440P: return AV_PIX_FMT_YUV440P;
  case AV_PIX_FMT_YUVJ444P: return AV_PIX_FMT_YUV444P;
  default: return format;
  }
}

int range_is_full(const AVFrame *frame) {
  return range_plain_format(frame->format) != frame->format || frame->color_range == AVCOL_RANGE_JPEG;
}
