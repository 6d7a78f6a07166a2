// Inside the face only: libavdevice, which is loaded when a device is asked for.
#ifndef DEVICES_H
#define DEVICES_H

#include <libavdevice/avdevice.h>

#include "include/video_status.h"

/// The functions of libavdevice that are in use.
typedef struct devices {
  void (*register_all)(void);
  int (*list_input_sources)(const AVInputFormat *, const char *, AVDictionary *, AVDeviceInfoList **);
  void (*free_list)(AVDeviceInfoList **);
} devices;

/// Loads the library, registers its formats and gives its functions. May be called any number of times.
video_status devices_load(devices *out, video_message *message);

#endif
