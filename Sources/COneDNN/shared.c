#include "functions.h"

typedef struct share {
  onednn_piece run;
  const void *work;
  size_t count;
} share;

enum {
  /// Waking a thread takes as long as a core needs for about this many bytes.
  LEAST_SHARED = 65536,
  /// Places that one thread takes at least: no two threads write in one cache line.
  LINE = 64,
};

static void run_share(void *context) {
  const share *s = context;
  const size_t parts = (size_t)onednn.omp_get_num_threads(), part = (size_t)onednn.omp_get_thread_num();
  const size_t lines = (s->count + LINE - 1) / LINE;
  const size_t from = lines * part / parts * LINE, to = lines * (part + 1) / parts * LINE;
  s->run(s->work, from, to < s->count ? to : s->count);
}

void onednn_run_shared(onednn_piece run, const void *work, size_t count, size_t bytes) {
  share s = {run, work, count};
  const int has_threads = onednn.GOMP_parallel != NULL && onednn.omp_get_num_threads != NULL && onednn.omp_get_thread_num != NULL;
  if (bytes < LEAST_SHARED || !has_threads) {
    run(work, 0, count);
  } else {
    // As many threads as steps of this thread have.
    onednn.GOMP_parallel(run_share, &s, 0, 0);
  }
}
