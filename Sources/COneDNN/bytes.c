#include "functions.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// MARK: Tables

typedef struct table_work {
  const uint8_t *from;
  uint8_t *to;
  const uint8_t *results;
} table_work;

static void look_up(const void *work, size_t from, size_t to) {
  const table_work *w = work;
  for (size_t place = from; place < to; place++) w->to[place] = w->results[w->from[place]];
}

#if defined(__x86_64__)
/// 64 bytes at once: both halves of the table are looked up in, and each byte's highest bit says which result counts.
__attribute__((target("avx512f,avx512bw,avx512vbmi"))) static void look_up_wide(const void *work, size_t from, size_t to) {
  const table_work *w = work;
  __m512i part[4];
  for (int index = 0; index < 4; index++) part[index] = _mm512_loadu_si512(w->results + 64 * index);
  size_t place = from;
  for (; place + 64 <= to; place += 64) {
    const __m512i bytes = _mm512_loadu_si512(w->from + place);
    const __m512i low = _mm512_permutex2var_epi8(part[0], bytes, part[1]);
    const __m512i high = _mm512_permutex2var_epi8(part[2], bytes, part[3]);
    _mm512_storeu_si512(w->to + place, _mm512_mask_blend_epi8(_mm512_movepi8_mask(bytes), low, high));
  }
  look_up(work, place, to);
}
#endif

void onednn_table_run(const uint8_t *from, uint8_t *to, size_t count, const uint8_t *results) {
  const table_work work = {from, to, results};
  onednn_piece run = look_up;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512vbmi")) run = look_up_wide;
#endif
  onednn_run_shared(run, &work, count, count);
}

// MARK: Pictures

typedef struct planes_work {
  const float *from;
  uint8_t *to;
  size_t planes, cells;
  onednn_grid grid;
} planes_work;

/// Adding it brings a number below 2^22 to whole numbers, ties to even, in the low bits of the sum.
static const float TO_WHOLE = 12582912.0f;

enum {
  /// Cells that are rounded before they are brought to their places: they stay in the nearest cache.
  CELLS_AT_ONCE = 1024,
};

/// The bytes of at most CELLS_AT_ONCE numbers; a loop of selects alone, which compilers make vectors of.
static inline __attribute__((always_inline)) void round_numbers(const float *from, uint8_t *to, size_t count, onednn_grid grid) {
  const float inverse = 1 / grid.scale;
  const float low = (float)(grid.least - grid.zero), high = low + 255;
  // 0x4B400000 are the bits of TO_WHOLE.
  const int32_t shift = grid.zero - 0x4B400000;
  for (size_t place = 0; place < count; place++) {
    const float level = from[place] * inverse;
    // A comparison with no number is false.
    const float above = level > low ? level : level == level ? low : 0;
    const float within = above < high ? above : high;
    const union {
      float number;
      int32_t bits;
    } sum = {.number = within + TO_WHOLE};
    to[place] = (uint8_t)(sum.bits + shift);
  }
}

static inline __attribute__((always_inline)) void round_cells(const planes_work *w, size_t start, size_t count) {
  uint8_t bytes[3][CELLS_AT_ONCE];
  uint8_t *target = w->to + start * w->planes;
  if (w->planes == 3) {
    for (size_t plane = 0; plane < 3; plane++) round_numbers(w->from + plane * w->cells + start, bytes[plane], count, w->grid);
    for (size_t cell = 0; cell < count; cell++) {
      for (size_t plane = 0; plane < 3; plane++) target[3 * cell + plane] = bytes[plane][cell];
    }
    return;
  }
  for (size_t plane = 0; plane < w->planes; plane++) {
    round_numbers(w->from + plane * w->cells + start, bytes[0], count, w->grid);
    for (size_t cell = 0; cell < count; cell++) target[cell * w->planes + plane] = bytes[0][cell];
  }
}

static void round_planes(const void *work, size_t from, size_t to) {
  for (size_t start = from; start < to; start += CELLS_AT_ONCE) {
    round_cells(work, start, to - start < CELLS_AT_ONCE ? to - start : CELLS_AT_ONCE);
  }
}

#if defined(__x86_64__)
/// The same with wider vectors.
__attribute__((target("avx2"))) static void round_planes_wide(const void *work, size_t from, size_t to) {
  for (size_t start = from; start < to; start += CELLS_AT_ONCE) {
    round_cells(work, start, to - start < CELLS_AT_ONCE ? to - start : CELLS_AT_ONCE);
  }
}
#endif

void onednn_planes_run(const float *from, uint8_t *to, size_t planes, size_t cells, onednn_grid grid) {
  const planes_work work = {from, to, planes, cells, grid};
  onednn_piece run = round_planes;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) run = round_planes_wide;
#endif
  onednn_run_shared(run, &work, cells, planes * cells * sizeof(float));
}
