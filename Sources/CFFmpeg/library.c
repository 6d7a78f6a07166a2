#include "include/video_library.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/log.h>

#include "devices.h"
#include "ffmpeg.h"
#include "status.h"

video_status video_library_prepare(video_message *message) {
  const video_status status = ffmpeg_load(message);
  if (status != VIDEO_OK) return status;
  ffmpeg.av_log_set_level(AV_LOG_QUIET);
  ffmpeg.avformat_network_init();
  return VIDEO_OK;
}

static void version_add(char *text, size_t size, const char *name, unsigned version) {
  ffmpeg.av_strlcatf(text, size, "%s%s %u.%u.%u", text[0] != 0 ? ", " : "", name, AV_VERSION_MAJOR(version),
              AV_VERSION_MINOR(version), AV_VERSION_MICRO(version));
}

void video_library_describe(video_message *out) {
  out->text[0] = 0;
  version_add(out->text, sizeof out->text, "libavformat", ffmpeg.avformat_version());
  version_add(out->text, sizeof out->text, "libavcodec", ffmpeg.avcodec_version());
}

video_status video_cameras_copy(video_camera *cameras, int32_t capacity, int32_t *count, video_message *message) {
  *count = 0;
  devices devices;
  const video_status status = devices_load(&devices, message);
  if (status != VIDEO_OK) return status;
  const AVInputFormat *format = ffmpeg.av_find_input_format("v4l2");
  if (format == NULL) {
    message_set(message, "this build of FFmpeg has no Video4Linux");
    return VIDEO_UNSUPPORTED;
  }
  AVDeviceInfoList *list = NULL;
  const int found = devices.list_input_sources(format, NULL, NULL, &list);
  // Without a single camera FFmpeg reports that as an error of the system's: to us it is an empty list.
  if (found < 0 || list == NULL) return VIDEO_OK;
  for (int index = 0; index < list->nb_devices; index++) {
    if (index >= capacity) break;
    name_set(&cameras[index].path, list->devices[index]->device_name);
    message_set(&cameras[index].name, "%s", list->devices[index]->device_description);
  }
  *count = list->nb_devices;
  devices.free_list(&list);
  return VIDEO_OK;
}
