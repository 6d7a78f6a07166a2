#include <libavformat/avformat.h>
#include <limits.h>
#include <string.h>

#include "decoder.h"
#include "ffmpeg.h"
#include "include/video_input.h"
#include "picture.h"
#include "status.h"
#include "turn.h"

/// Only formats of single images are tried, so no hostile file can name others (as a play list does).
static const char *const image_formats =
    "png_pipe,jpeg_pipe,bmp_pipe,tiff_pipe,webp_pipe,ppm_pipe,pgm_pipe,pbm_pipe,pam_pipe,pgmyuv_pipe,j2k_pipe,jpegls_pipe,"
    "gif,gif_pipe,sgi_pipe,pcx_pipe,dpx_pipe,exr_pipe,psd_pipe,sunrast_pipe,xbm_pipe,xpm_pipe";

typedef struct memory {
  const uint8_t *bytes;
  size_t count;
  size_t position;
} memory;

static int memory_read(void *opaque, uint8_t *buffer, int size) {
  memory *from = opaque;
  const size_t left = from->count - from->position;
  const size_t count = left < (size_t)size ? left : (size_t)size;
  if (count == 0) return AVERROR_EOF;
  memcpy(buffer, from->bytes + from->position, count);
  from->position += count;
  return (int)count;
}

static int64_t memory_seek(void *opaque, int64_t offset, int whence) {
  memory *from = opaque;
  if (whence == AVSEEK_SIZE) return (int64_t)from->count;
  if (whence != SEEK_SET || offset < 0 || offset > (int64_t)from->count) return AVERROR(EINVAL);
  from->position = (size_t)offset;
  return offset;
}

static video_status open_image(AVFormatContext **format, AVIOContext *bytes, size_t count, video_message *message) {
  *format = ffmpeg.avformat_alloc_context();
  if (*format == NULL) return VIDEO_OUT_OF_MEMORY;
  (*format)->pb = bytes;
  (*format)->format_whitelist = ffmpeg.av_strdup(image_formats);
  if ((*format)->format_whitelist == NULL) return VIDEO_OUT_OF_MEMORY;
  // The whole file is one packet: without this the reader would cut it where its bytes look like another image's start.
  AVDictionary *options = NULL;
  ffmpeg.av_dict_set_int(&options, "frame_size", (int64_t)count, 0);
  const int result = ffmpeg.avformat_open_input(format, NULL, NULL, &options);
  ffmpeg.av_dict_free(&options);
  return status_of(result, message);
}

static video_status decode_first(
    AVFormatContext *format, AVPacket *packet, decoder *decoder, decoder_errors errors, video_limits limits, video_picture **out,
    video_message *message) {
  if (format->nb_streams != 1) return VIDEO_MALFORMED;
  const AVStream *stream = format->streams[0];
  video_status status = decoder_open(decoder, stream->codecpar, stream->time_base, 1, errors, limits, message);
  if (status != VIDEO_OK) return status;
  const int read = ffmpeg.av_read_frame(format, packet);
  if (read < 0) return status_of(read, message);
  status = decoder_send(decoder, packet, message);
  if (status == VIDEO_OK) status = decoder_send(decoder, NULL, message);
  if (status != VIDEO_OK) return status;
  int is_hungry = 0;
  status = decoder_receive(decoder, &is_hungry, message);
  if (status != VIDEO_OK) return status == VIDEO_END ? VIDEO_MALFORMED : status;
  const AVRational aspect = decoder->frame->sample_aspect_ratio;
  int width = 0, height = 0;
  square_size(decoder->frame->width, decoder->frame->height, aspect, &width, &height);
  status = limits_check(limits, width, height, message);
  return status == VIDEO_OK ? picture_create(decoder->frame, NULL, aspect, out, message) : status;
}

static video_status decode_image(
    const uint8_t *bytes, size_t count, decoder_errors errors, video_limits limits, video_picture **out, video_message *message) {
  enum { BUFFER = 1 << 14 };
  memory from = {.bytes = bytes, .count = count};
  decoder decoder = {.limits = limits};
  AVFormatContext *format = NULL;
  uint8_t *buffer = ffmpeg.av_malloc(BUFFER);
  AVIOContext *reader =
      buffer != NULL ? ffmpeg.avio_alloc_context(buffer, BUFFER, 0, &from, memory_read, NULL, memory_seek) : NULL;
  AVPacket *packet = ffmpeg.av_packet_alloc();
  video_status status = VIDEO_OUT_OF_MEMORY;
  if (reader != NULL && packet != NULL) {
    status = open_image(&format, reader, count, message);
    if (status == VIDEO_OK) status = decode_first(format, packet, &decoder, errors, limits, out, message);
  }
  decoder_close(&decoder);
  ffmpeg.avformat_close_input(&format);
  ffmpeg.av_packet_free(&packet);
  if (reader != NULL)
    ffmpeg.av_freep(&reader->buffer);
  else
    ffmpeg.av_free(buffer);
  ffmpeg.avio_context_free(&reader);
  return status == VIDEO_DAMAGED ? VIDEO_MALFORMED : status;
}

/// Whether a JPEG file ends within its last scan. Within a scan the byte FF is followed by 00, so the markers are what they seem to be.
static int is_cut_off(const uint8_t *bytes, size_t count) {
  enum { START_OF_IMAGE = 0xD8, END_OF_IMAGE = 0xD9, START_OF_SCAN = 0xDA };
  if (count < 4 || bytes[0] != 0xFF || bytes[1] != START_OF_IMAGE) return 0;
  for (size_t index = count - 1; index > 1; index--) {
    if (bytes[index - 1] != 0xFF) continue;
    if (bytes[index] == END_OF_IMAGE) return 0;
    if (bytes[index] == START_OF_SCAN) return 1;
  }
  return 0;
}

static int is_tiff(const uint8_t *bytes, size_t count) {
  return count >= 4 && (memcmp(bytes, "II*\0", 4) == 0 || memcmp(bytes, "MM\0*", 4) == 0);
}

video_status video_image_decode(
    const uint8_t *bytes, size_t count, video_limits limits, video_picture **out, video_message *message) {
  *out = NULL;
  message->text[0] = 0;
  if (count == 0 || count > INT_MAX) return VIDEO_INVALID;
  // FFmpeg's strict reading of TIFF refuses every file with a tag that it does not know, such as the unit of the resolution.
  const decoder_errors strictness = is_tiff(bytes, count) ? DECODER_CONCEALS : DECODER_REFUSES;
  const video_status status = decode_image(bytes, count, strictness, limits, out, message);
  if (status == VIDEO_OK && is_cut_off(bytes, count)) (*out)->is_damaged = 1;
  if (status != VIDEO_MALFORMED) return status;
  // The decoders of still pictures do not note in the frame what they conceal, so whatever only decodes with concealment is damaged.
  const video_status concealed = decode_image(bytes, count, DECODER_CONCEALS, limits, out, message);
  if (concealed == VIDEO_OK) (*out)->is_damaged = 1;
  return concealed;
}
