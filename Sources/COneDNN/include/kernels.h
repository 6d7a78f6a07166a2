// Kernels that oneDNN has none or a slow one for, on the threads of its kernels. Included by COneDNN.h.
#ifndef CONEDNN_KERNELS_H
#define CONEDNN_KERNELS_H

/// A function of one byte, by the list of its 256 results: `count` bytes from `from` to `to`, which may be the same place but not overlap
/// otherwise.
void onednn_table_run(const uint8_t *from, uint8_t *to, size_t count, const uint8_t *results);

/// A grid of bytes: number = scale · (byte − zero), with bytes from `least` on, 0 or −128.
typedef struct onednn_grid {
  float scale;
  int32_t zero;
  int32_t least;
} onednn_grid;

/// The nearest bytes of planes of 32-bit floats, `planes` times `cells`, with the planes last in `to`. No number becomes zero.
void onednn_planes_run(const float *from, uint8_t *to, size_t planes, size_t cells, onednn_grid grid);

/// x · sigmoid(x) of bfloat16 numbers in their own place, to which the numbers of `addend` are added where it is not NULL; rounded once.
void onednn_swish_run(uint16_t *numbers, const uint16_t *addend, size_t count);

#endif
