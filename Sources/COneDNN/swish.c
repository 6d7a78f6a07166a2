#include <math.h>
#include <string.h>

#include "functions.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

typedef struct swish_work {
  const uint16_t *addend;
  uint16_t *numbers;
} swish_work;

static float wide(uint16_t number) {
  const uint32_t bits = (uint32_t)number << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/// To nearest, ties to even; what is no number stays none.
static uint16_t narrow(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  if (value != value) return (uint16_t)(bits >> 16 | 0x40);
  return (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

static void swish(const void *work, size_t from, size_t to) {
  const swish_work *w = work;
  for (size_t place = from; place < to; place++) {
    const float x = wide(w->numbers[place]);
    w->numbers[place] = narrow(x / (1 + expf(-x)) + (w->addend == NULL ? 0 : wide(w->addend[place])));
  }
}

#if defined(__x86_64__)
/// 2^t = 2^floor(t) · p(t − floor(t)), where p is of the third degree, the one that is least off (8e-5 of the value), and a reciprocal that is off by less
/// than 2^−14: together a small part of what rounding to eight bits takes away.
__attribute__((target("avx512f,avx512bw,avx512dq,avx512bf16"))) static inline __m512 swish_of(__m512 x) {
  const __m512 t = _mm512_mul_ps(x, _mm512_set1_ps(-1.44269504f));
  const __m512 rest = _mm512_reduce_ps(t, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
  __m512 p = _mm512_fmadd_ps(_mm512_set1_ps(0.0780245f), rest, _mm512_set1_ps(0.2260672f));
  p = _mm512_fmadd_ps(p, rest, _mm512_set1_ps(0.6958335f));
  p = _mm512_fmadd_ps(p, rest, _mm512_set1_ps(0.9999252f));
  return _mm512_mul_ps(x, _mm512_rcp14_ps(_mm512_add_ps(_mm512_scalef_ps(p, t), _mm512_set1_ps(1))));
}

/// The numbers at even places of 32, and those at odd ones.
__attribute__((target("avx512f,avx512bw,avx512dq,avx512bf16"))) static inline __m512 even(__m512i numbers) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(numbers, 16));
}

__attribute__((target("avx512f,avx512bw,avx512dq,avx512bf16"))) static inline __m512 odd(__m512i numbers) {
  return _mm512_castsi512_ps(_mm512_and_si512(numbers, _mm512_set1_epi32((int32_t)0xFFFF0000)));
}

__attribute__((target("avx512f,avx512bw,avx512dq,avx512bf16"))) static void swish_wide(const void *work, size_t from, size_t to) {
  const swish_work *w = work;
  size_t place = from;
  for (; place + 32 <= to; place += 32) {
    const __m512i numbers = _mm512_loadu_si512(w->numbers + place);
    __m512 low = swish_of(even(numbers)), high = swish_of(odd(numbers));
    if (w->addend != NULL) {
      const __m512i addend = _mm512_loadu_si512(w->addend + place);
      low = _mm512_add_ps(low, even(addend));
      high = _mm512_add_ps(high, odd(addend));
    }
    const __m512i first = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(low));
    const __m512i second = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(high));
    _mm512_storeu_si512(w->numbers + place, _mm512_or_si512(first, _mm512_slli_epi32(second, 16)));
  }
  swish(work, place, to);
}
#endif

void onednn_swish_run(uint16_t *numbers, const uint16_t *addend, size_t count) {
  const swish_work work = {addend, numbers};
  onednn_piece run = swish;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bf16")) run = swish_wide;
#endif
  onednn_run_shared(run, &work, count, count * sizeof *numbers);
}
