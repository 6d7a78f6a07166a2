#include "ffmpeg.h"

#include <dlfcn.h>
#include <libavutil/macros.h>

#include "status.h"

ffmpeg_functions ffmpeg;

// The versions that the headers describe: any other could lay its structures out otherwise.
#define LIBRARY_FILE(name, version) "lib" name ".so." AV_STRINGIFY(version)

/// Opens a library by its name; the handle is never closed, for the table points into it.
static void *library_open(const char *file, video_message *message) {
  // Functions are bound at their first call, as they are for linked libraries: of the many only few are ever called.
  void *library = dlopen(file, RTLD_LAZY | RTLD_LOCAL);
  // The first failure is the cause of those that follow.
  if (library == NULL && message->text[0] == 0) message_set(message, "%s", dlerror());
  return library;
}

video_status ffmpeg_load(video_message *message) {
  message->text[0] = 0;
  void *avutil = library_open(LIBRARY_FILE("avutil", LIBAVUTIL_VERSION_MAJOR), message);
  void *swscale = library_open(LIBRARY_FILE("swscale", LIBSWSCALE_VERSION_MAJOR), message);
  void *avcodec = library_open(LIBRARY_FILE("avcodec", LIBAVCODEC_VERSION_MAJOR), message);
  void *avformat = library_open(LIBRARY_FILE("avformat", LIBAVFORMAT_VERSION_MAJOR), message);
  if (avutil == NULL || swscale == NULL || avcodec == NULL || avformat == NULL) return VIDEO_MISSING_LIBRARY;
  // POSIX lets a data pointer of dlsym be stored as a function's.
#define FIND(library, name) \
  *(void **)&ffmpeg.name = dlsym(library, #name); \
  if (ffmpeg.name == NULL) { \
    message_set(message, "lib%s lacks %s", #library, #name); \
    return VIDEO_MISSING_LIBRARY; \
  }
  FFMPEG_FUNCTIONS(FIND)
#undef FIND
  return VIDEO_OK;
}
