// The one thing that other threads may touch: it ends a blocking read.
#ifndef VIDEO_INTERRUPT_H
#define VIDEO_INTERRUPT_H

#include "video_status.h"

/// A flag and a deadline that FFmpeg asks for while it waits. Both are atomic: any thread may call these functions at any time.
typedef struct video_interrupt video_interrupt;

/// With a parent (or NULL), cancelling the parent cancels this one too; the parent must live longer.
video_status video_interrupt_create(const video_interrupt *parent, video_interrupt **out);
void video_interrupt_destroy(video_interrupt *interrupt);

/// Ends the present wait and every later one.
void video_interrupt_cancel(video_interrupt *interrupt);
int32_t video_interrupt_is_cancelled(const video_interrupt *interrupt);

/// Waits that last beyond `seconds` from now end; 0 or less: they may last for ever.
void video_interrupt_set_deadline(video_interrupt *interrupt, double seconds);
int32_t video_interrupt_is_overdue(const video_interrupt *interrupt);

#endif
