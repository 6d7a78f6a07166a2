#include "turn.h"

#include <math.h>
#include <string.h>

video_turn turn_of_matrix(const int32_t *matrix) {
  const video_turn none = {0, 0};
  if (matrix == NULL) return none;
  // A stored point (x, y) is shown at (a x + c y, b x + d y), y down.
  double a = matrix[0], b = matrix[1];
  const double c = matrix[3], d = matrix[4];
  const double determinant = a * d - b * c;
  if (determinant == 0) return none;
  const int is_mirrored = determinant < 0;
  if (is_mirrored) {
    a = -a;
    b = -b;
  }
  // With y down a positive angle is clockwise; FFmpeg's own `rotation` counts the other way.
  const double quarters = atan2(b, a) / (M_PI / 2);
  const double nearest = round(quarters);
  if (fabs(quarters - nearest) > 1.0 / 90) return none;
  return (video_turn){.quarter_turns = ((int)nearest + 4) % 4, .is_mirrored = is_mirrored};
}

void square_size(int width, int height, AVRational aspect, int *square_width, int *square_height) {
  *square_width = width;
  *square_height = height;
  if (aspect.num <= 0 || aspect.den <= 0) return;
  const double ratio = (double)aspect.num / aspect.den;
  if (ratio > 16 || ratio < 1.0 / 16) return;
  if (ratio > 1)
    *square_width = (int)lround(width * ratio);
  else
    *square_height = (int)lround(height / ratio);
}

int turn_is_sideways(video_turn turn) { return turn.quarter_turns & 1; }

/// Where the pixels of the turned picture come from: column X, row Y is at first + X * column_step + Y * row_step.
typedef struct walk {
  const uint8_t *first;
  ptrdiff_t column_step;
  ptrdiff_t row_step;
} walk;

static walk walk_of(const uint8_t *source, ptrdiff_t stride, int width, int height, int channels, video_turn turn) {
  // Mirroring comes first, so it only changes the direction in which the stored row is read.
  const ptrdiff_t right = turn.is_mirrored ? -channels : channels;
  const uint8_t *top_left = turn.is_mirrored ? source + (ptrdiff_t)(width - 1) * channels : source;
  const ptrdiff_t to_last_column = (ptrdiff_t)(width - 1) * right;
  const ptrdiff_t to_last_row = (ptrdiff_t)(height - 1) * stride;
  switch (turn.quarter_turns) {
  case 1: return (walk){top_left + to_last_row, -stride, right};
  case 2: return (walk){top_left + to_last_row + to_last_column, -right, -stride};
  case 3: return (walk){top_left + to_last_column, stride, -right};
  default: return (walk){top_left, right, stride};
  }
}

/// Pixels are copied in squares of this side, so that reading along columns stays within the cache.
enum { TILE = 32 };

static void turn_tile(walk from, int channels, int left, int top, int right, int bottom, int width, uint8_t *out) {
  for (int y = top; y < bottom; y++) {
    const uint8_t *pixel = from.first + left * from.column_step + y * from.row_step;
    uint8_t *target = out + ((size_t)y * width + left) * channels;
    for (int x = left; x < right; x++) {
      target[0] = pixel[0];
      if (channels == 3) {
        target[1] = pixel[1];
        target[2] = pixel[2];
      }
      target += channels;
      pixel += from.column_step;
    }
  }
}

void turn_pixels(
    const uint8_t *source, ptrdiff_t stride, int width, int height, int channels, video_turn turn, uint8_t *out) {
  if (turn.quarter_turns == 0 && !turn.is_mirrored) {
    const size_t row_bytes = (size_t)width * channels;
    for (int y = 0; y < height; y++) memcpy(out + y * row_bytes, source + y * stride, row_bytes);
    return;
  }
  const walk from = walk_of(source, stride, width, height, channels, turn);
  const int turned_width = turn_is_sideways(turn) ? height : width;
  const int turned_height = turn_is_sideways(turn) ? width : height;
  for (int top = 0; top < turned_height; top += TILE) {
    const int bottom = top + TILE < turned_height ? top + TILE : turned_height;
    for (int left = 0; left < turned_width; left += TILE) {
      const int right = left + TILE < turned_width ? left + TILE : turned_width;
      turn_tile(from, channels, left, top, right, bottom, turned_width, out);
    }
  }
}
