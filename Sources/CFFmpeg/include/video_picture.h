// One decoded picture, held by reference: its pixels stay in the decoder's own pooled buffers until it is destroyed.
#ifndef VIDEO_PICTURE_H
#define VIDEO_PICTURE_H

#include <stddef.h>

#include "video_status.h"

/// A decoded picture. It never changes after it is made, so several threads may read it at once.
typedef struct video_picture video_picture;

/// How a stored picture becomes the displayed one: mirrored left to right first, then turned clockwise by quarter turns.
typedef struct video_turn {
  int32_t quarter_turns;
  int32_t is_mirrored;
} video_turn;

typedef struct video_picture_description {
  /// Ticks of the stream's time base; only if has_pts.
  int64_t pts;
  int32_t has_pts;
  /// Ticks; 0 where unknown.
  int64_t duration;
  int32_t is_key;
  /// The decoder had to conceal errors in this picture or in one that it stands on.
  int32_t is_damaged;
  int32_t coded_width;
  int32_t coded_height;
  /// With square pixels and turned upright.
  int32_t display_width;
  int32_t display_height;
  video_rational pixel_aspect;
  video_turn turn;
  video_name pixel_format;
} video_picture_description;

/// Memory that a picture owns, valid as long as the picture. Row r begins at bytes + r * stride; a row's pixels take
/// row_bytes <= stride; the last row ends after row_bytes.
typedef struct video_plane {
  const uint8_t *bytes;
  int32_t stride;
  int32_t row_bytes;
  int32_t rows;
} video_plane;

/// Values of grey samples: what becomes black and what becomes white.
typedef struct video_range {
  double low;
  double high;
} video_range;

void video_picture_destroy(video_picture *picture);

/// A grey picture of `width` * `height` 32-bit samples in rows without gaps, for files that FFmpeg cannot read.
video_status video_picture_create_grey(
    const float *samples, int32_t width, int32_t height, video_picture **out, video_message *message);

/// The values that a picture of deep grey (more than 8 bits, or floats) uses, single defective pixels left out; VIDEO_UNSUPPORTED for
/// other pictures, and for those without one finite value.
video_status video_picture_measure_range(const video_picture *picture, video_range *out);

void video_picture_describe(const video_picture *picture, video_picture_description *out);

/// The decoder's own plane of 8-bit luma, if the displayed picture is exactly that plane; VIDEO_UNSUPPORTED if it must be converted.
video_status video_picture_borrow_luma(const video_picture *picture, video_plane *out);

/// The value of black in the 8-bit luma that pictures are given as: 16 where the stored range is 16 to 235, else 0.
uint8_t video_picture_black(const video_picture *picture);

/// The decoder's own planes of 8-bit chroma (blue, then red difference), if the displayed picture is not turned: of the format's size, which
/// may be smaller than that of the luma. VIDEO_UNSUPPORTED if they must be converted or there are none.
video_status video_picture_borrow_chroma(const video_picture *picture, video_plane out[2]);

/// The first plane as it is stored: luma of planar formats (two bytes a sample above 8 bits), whole pixels of packed ones.
/// VIDEO_UNSUPPORTED for pictures stored bottom-up.
video_status video_picture_borrow_stored(const video_picture *picture, video_plane *out);

#endif
