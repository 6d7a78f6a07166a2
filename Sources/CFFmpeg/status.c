#include "status.h"

#include <errno.h>
#include <libavutil/error.h>
#include <stdarg.h>
#include <stdio.h>

#include "ffmpeg.h"

static video_status kind_of(int error) {
  switch (error) {
  case AVERROR_EOF: return VIDEO_END;
  case AVERROR(ENOENT): return VIDEO_NOT_FOUND;
  case AVERROR(ENODEV): return VIDEO_NOT_FOUND;
  case AVERROR(EACCES): return VIDEO_DENIED;
  case AVERROR(EPERM): return VIDEO_DENIED;
  case AVERROR(EISDIR): return VIDEO_DENIED;
  case AVERROR_INVALIDDATA: return VIDEO_MALFORMED;
  case AVERROR_DEMUXER_NOT_FOUND: return VIDEO_UNSUPPORTED;
  case AVERROR_PROTOCOL_NOT_FOUND: return VIDEO_UNSUPPORTED;
  case AVERROR_DECODER_NOT_FOUND: return VIDEO_UNSUPPORTED;
  case AVERROR_ENCODER_NOT_FOUND: return VIDEO_UNSUPPORTED;
  case AVERROR_PATCHWELCOME: return VIDEO_UNSUPPORTED;
  case AVERROR_STREAM_NOT_FOUND: return VIDEO_NO_VIDEO;
  case AVERROR(ETIMEDOUT): return VIDEO_TIMED_OUT;
  case AVERROR_EXIT: return VIDEO_CANCELLED;
  case AVERROR(ECONNREFUSED): return VIDEO_UNREACHABLE;
  case AVERROR(ECONNRESET): return VIDEO_UNREACHABLE;
  case AVERROR(EHOSTUNREACH): return VIDEO_UNREACHABLE;
  case AVERROR(ENETUNREACH): return VIDEO_UNREACHABLE;
  case AVERROR(EBUSY): return VIDEO_UNREACHABLE;
  case AVERROR_HTTP_BAD_REQUEST: return VIDEO_UNREACHABLE;
  case AVERROR_HTTP_UNAUTHORIZED: return VIDEO_UNREACHABLE;
  case AVERROR_HTTP_FORBIDDEN: return VIDEO_UNREACHABLE;
  case AVERROR_HTTP_NOT_FOUND: return VIDEO_UNREACHABLE;
  case AVERROR_HTTP_OTHER_4XX: return VIDEO_UNREACHABLE;
  case AVERROR_HTTP_SERVER_ERROR: return VIDEO_UNREACHABLE;
  case AVERROR(EIO): return VIDEO_READ_FAILED;
  case AVERROR(ENOSPC): return VIDEO_WRITE_FAILED;
  case AVERROR(EPIPE): return VIDEO_WRITE_FAILED;
  case AVERROR(ENOMEM): return VIDEO_OUT_OF_MEMORY;
  case AVERROR(EINVAL): return VIDEO_INVALID;
  default: return VIDEO_LIBRARY;
  }
}

video_status status_of(int error, video_message *message) {
  if (message != NULL && ffmpeg.av_strerror(error, message->text, sizeof message->text) < 0)
    message_set(message, "error %d", error);
  return error >= 0 ? VIDEO_OK : kind_of(error);
}

void message_set(video_message *message, const char *format, ...) {
  if (message == NULL) return;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message->text, sizeof message->text, format, arguments);
  va_end(arguments);
}

void name_set(video_name *name, const char *text) {
  snprintf(name->text, sizeof name->text, "%s", text != NULL ? text : "");
}

video_rational rational_of(AVRational value) {
  return (video_rational){.numerator = value.num, .denominator = value.den};
}
