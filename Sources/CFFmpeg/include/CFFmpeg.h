// The face of FFmpeg's libraries that the Video module sees: no type of FFmpeg appears in it.
//
// Handles are opaque and come in pairs of _create and _destroy; _destroy accepts NULL. Every call that can fail returns a
// video_status and, where it has a `message` argument, a sentence about what the library said. The only global state is the
// table of FFmpeg's functions, filled once by video_library_prepare.
#ifndef CFFMPEG_H
#define CFFMPEG_H

#include "video_converter.h"
#include "video_encoder.h"
#include "video_input.h"
#include "video_interrupt.h"
#include "video_library.h"
#include "video_picture.h"
#include "video_status.h"

#endif
