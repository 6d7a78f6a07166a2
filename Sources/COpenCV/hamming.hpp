// Hamming distances of descriptors that are stored as 64-bit words, with the processor's bit count where it has one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hamming {

#if defined(__x86_64__)
__attribute__((target("popcnt")))
#endif
inline int32_t distanceByInstruction(const uint64_t *a, const uint64_t *b, size_t words) noexcept {
  int64_t sum = 0;
  for (size_t i = 0; i < words; i++) sum += __builtin_popcountll(a[i] ^ b[i]);
  return static_cast<int32_t>(sum);
}

inline int32_t distancePortable(const uint64_t *a, const uint64_t *b, size_t words) noexcept {
  int64_t sum = 0;
  for (size_t i = 0; i < words; i++) sum += __builtin_popcountll(a[i] ^ b[i]);
  return static_cast<int32_t>(sum);
}

/// Distances of one descriptor to those at the given positions, `count` of them.
using Kernel = void (*)(
  const uint64_t *query, const uint64_t *table, size_t words, const int32_t *positions, size_t count, int32_t *distances);

#if defined(__x86_64__)
__attribute__((target("popcnt")))
#endif
inline void distancesByInstruction(
  const uint64_t *query, const uint64_t *table, size_t words, const int32_t *positions, size_t count,
  int32_t *distances) noexcept {
  if (words == 4) {
    // The common case (ORB) with a fixed count, which the compiler unrolls.
    for (size_t i = 0; i < count; i++) {
      distances[i] = distanceByInstruction(query, table + static_cast<size_t>(positions[i]) * 4, 4);
    }
    return;
  }
  for (size_t i = 0; i < count; i++) {
    distances[i] = distanceByInstruction(query, table + static_cast<size_t>(positions[i]) * words, words);
  }
}

inline void distancesPortable(
  const uint64_t *query, const uint64_t *table, size_t words, const int32_t *positions, size_t count,
  int32_t *distances) noexcept {
  for (size_t i = 0; i < count; i++) {
    distances[i] = distancePortable(query, table + static_cast<size_t>(positions[i]) * words, words);
  }
}

/// The kernel for this processor; both give the same numbers.
inline Kernel kernel() noexcept {
#if defined(__x86_64__)
  return __builtin_cpu_supports("popcnt") ? distancesByInstruction : distancesPortable;
#else
  return distancesPortable;
#endif
}

}  // namespace hamming
