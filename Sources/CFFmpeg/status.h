// Inside the face only: from FFmpeg's error numbers to ours.
#ifndef STATUS_H
#define STATUS_H

#include <libavutil/rational.h>

#include "include/video_status.h"

/// The status that an AVERROR comes to and its text in `message` (may be NULL).
video_status status_of(int error, video_message *message);

void message_set(video_message *message, const char *format, ...) __attribute__((format(printf, 2, 3)));
void name_set(video_name *name, const char *text);
video_rational rational_of(AVRational value);

#endif
