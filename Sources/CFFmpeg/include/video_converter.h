// From decoded pictures to displayed luma and BGR.
#ifndef VIDEO_CONVERTER_H
#define VIDEO_CONVERTER_H

#include "video_picture.h"
#include "video_status.h"

/// Scratch memory and scaling tables, kept from picture to picture. Not to be used by two threads at once.
typedef struct video_converter video_converter;

video_status video_converter_create(video_converter **out);
void video_converter_destroy(video_converter *converter);

/// 8-bit luma of the displayed picture, valid until the converter's next call. Planar and packed YUV keep the stored luma's range;
/// deeper samples are rounded to 8 bits; RGB becomes full-range luma. With a `range` (or NULL) deep grey is stretched to it.
video_status video_converter_borrow_luma(
    video_converter *converter, const video_picture *picture, const video_range *range, video_plane *out, video_message *message);

/// The displayed picture as rows of B, G, R bytes, without gaps, full range, by the stream's own matrix and range (where it names no
/// matrix: BT.709 from 720 rows on, BT.601 below). `capacity` must be at least display_width * display_height * 3. With a `range` (or NULL) deep grey is stretched
/// to it.
video_status video_converter_copy_bgr(
    video_converter *converter, const video_picture *picture, const video_range *range, uint8_t *out, size_t capacity,
    video_message *message);

#endif
