#include "devices.h"

#include <dlfcn.h>
#include <libavutil/macros.h>

#include "status.h"

// libavdevice brings along the libraries of every kind of screen and sound: linked, they would double what any run loads and the time
// in which it starts.
#define DEVICE_LIBRARY "libavdevice.so." AV_STRINGIFY(LIBAVDEVICE_VERSION_MAJOR)

video_status devices_load(devices *out, video_message *message) {
  // The handle is never closed: registered formats point into the library. Loading it again only counts.
  void *library = dlopen(DEVICE_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    message_set(message, "cameras and generators need %s, which is not installed", DEVICE_LIBRARY);
    return VIDEO_UNSUPPORTED;
  }
  // POSIX lets a data pointer of dlsym be stored as a function's.
  *(void **)&out->register_all = dlsym(library, "avdevice_register_all");
  *(void **)&out->list_input_sources = dlsym(library, "avdevice_list_input_sources");
  *(void **)&out->free_list = dlsym(library, "avdevice_free_list_devices");
  if (out->register_all == NULL || out->list_input_sources == NULL || out->free_list == NULL) {
    message_set(message, "%s lacks a function that is needed", DEVICE_LIBRARY);
    return VIDEO_UNSUPPORTED;
  }
  out->register_all();
  return VIDEO_OK;
}
