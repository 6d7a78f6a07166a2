// What concerns the libraries as a whole: their versions, silence, and the cameras of this machine.
#ifndef VIDEO_LIBRARY_H
#define VIDEO_LIBRARY_H

#include "video_status.h"

/// Loads FFmpeg, silences its own log and readies its network. These concern the whole process: to be called once. All else but interrupts
/// may be used only after it has given VIDEO_OK; VIDEO_MISSING_LIBRARY says which library is missing, or what a library lacks.
video_status video_library_prepare(video_message *message);

/// The versions of the libraries in use, such as "libavformat 59.27.100, libavcodec 59.37.100".
void video_library_describe(video_message *out);

typedef struct video_camera {
  video_name path;
  video_message name;
} video_camera;

/// Writes up to `capacity` cameras that Video4Linux knows to `cameras` and how many there are to `count`.
video_status video_cameras_copy(video_camera *cameras, int32_t capacity, int32_t *count, video_message *message);

#endif
