// Inside the face only: display matrices, square pixels, and turning pixels upright.
#ifndef TURN_H
#define TURN_H

#include <libavutil/rational.h>
#include <stddef.h>
#include <stdint.h>

#include "include/video_picture.h"

/// The turn that a display matrix (nine numbers, row by row, as in ISO 14496-12) asks for; none for NULL or an oblique angle.
video_turn turn_of_matrix(const int32_t *matrix);

/// The size in square pixels of a stored picture: wide pixels lengthen the rows, tall ones the columns, so nothing is lost.
/// An unknown or absurd aspect (beyond 1:16) counts as square.
void square_size(int width, int height, AVRational aspect, int *square_width, int *square_height);

/// Whether width and height change places.
int turn_is_sideways(video_turn turn);

/// Writes the turned picture without gaps between rows. `source` holds `height` rows of `width` pixels of `channels` bytes (1 or 3),
/// `stride` apart; `out` has room for width * height * channels bytes.
void turn_pixels(const uint8_t *source, ptrdiff_t stride, int width, int height, int channels, video_turn turn, uint8_t *out);

#endif
