#include "include/video_interrupt.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

struct video_interrupt {
  const video_interrupt *parent;
  atomic_int is_cancelled;
  /// Microseconds of the monotonic clock; 0: none.
  atomic_int_least64_t deadline;
};

/// Microseconds of the monotonic clock, which never goes back.
static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

video_status video_interrupt_create(const video_interrupt *parent, video_interrupt **out) {
  *out = calloc(1, sizeof **out);
  if (*out == NULL) return VIDEO_OUT_OF_MEMORY;
  (*out)->parent = parent;
  return VIDEO_OK;
}

void video_interrupt_destroy(video_interrupt *interrupt) { free(interrupt); }

void video_interrupt_cancel(video_interrupt *interrupt) { atomic_store(&interrupt->is_cancelled, 1); }

int32_t video_interrupt_is_cancelled(const video_interrupt *interrupt) {
  if (atomic_load(&interrupt->is_cancelled)) return 1;
  return interrupt->parent != NULL && video_interrupt_is_cancelled(interrupt->parent);
}

void video_interrupt_set_deadline(video_interrupt *interrupt, double seconds) {
  // A century is for ever here, and keeps the product within 64 bits.
  const double bounded = fmin(seconds, 3.2e9);
  atomic_store(&interrupt->deadline, bounded > 0 ? now() + (int64_t)(bounded * 1e6) : 0);
}

int32_t video_interrupt_is_overdue(const video_interrupt *interrupt) {
  const int64_t deadline = atomic_load(&interrupt->deadline);
  return deadline != 0 && now() >= deadline;
}
