#include <errno.h>
#include <libavutil/avstring.h>
#include <libavutil/dict.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "devices.h"
#include "ffmpeg.h"
#include "input.h"
#include "status.h"

// MARK: - Waiting

int input_is_interrupted(void *opaque) {
  const video_input *input = opaque;
  return video_interrupt_is_cancelled(input->interrupt) || video_interrupt_is_overdue(input->interrupt);
}

video_status input_status(const video_input *input, int error, video_message *message) {
  const video_status status = status_of(error, message);
  if (status == VIDEO_OK || status == VIDEO_OUT_OF_MEMORY) return status;
  // An interrupted call may come back with any error: EIO and EOF are common.
  if (video_interrupt_is_cancelled(input->interrupt)) return VIDEO_CANCELLED;
  // Only the interrupt makes FFmpeg exit. It may say so late, once a read that was cut short has given its last packets and the next
  // deadline is set.
  if (video_interrupt_is_overdue(input->interrupt) || error == AVERROR_EXIT) return VIDEO_TIMED_OUT;
  return status;
}

/// Reads from the descriptor, waiting in short steps so that a cancellation is seen.
static int descriptor_read(void *opaque, uint8_t *buffer, int size) {
  video_input *input = opaque;
  struct pollfd wait = {.fd = input->descriptor, .events = POLLIN};
  for (;;) {
    if (input_is_interrupted(input)) return AVERROR_EXIT;
    const int ready = poll(&wait, 1, 100);
    if (ready < 0 && errno != EINTR) return AVERROR(errno);
    if (ready <= 0) continue;
    const ssize_t count = read(input->descriptor, buffer, (size_t)size);
    if (count > 0) return (int)count;
    if (count == 0) return AVERROR_EOF;
    if (errno != EINTR && errno != EAGAIN) return AVERROR(errno);
  }
}

// MARK: - Opening

static video_status attach_descriptor(video_input *input) {
  enum { BUFFER = 1 << 16 };
  uint8_t *buffer = ffmpeg.av_malloc(BUFFER);
  if (buffer == NULL) return VIDEO_OUT_OF_MEMORY;
  input->bytes = ffmpeg.avio_alloc_context(buffer, BUFFER, 0, input, descriptor_read, NULL, NULL);
  if (input->bytes == NULL) {
    ffmpeg.av_free(buffer);
    return VIDEO_OUT_OF_MEMORY;
  }
  input->format->pb = input->bytes;
  return VIDEO_OK;
}

static video_status open_format(video_input *input, const video_request *request, video_message *message) {
  input->format = ffmpeg.avformat_alloc_context();
  if (input->format == NULL) return VIDEO_OUT_OF_MEMORY;
  input->format->interrupt_callback = (AVIOInterruptCB){.callback = input_is_interrupted, .opaque = input};
  if (request->is_device) input->format->flags |= AVFMT_FLAG_NONBLOCK;
  // A jump back of a transport stream's clock is a new beginning: far more recordings are joined than run for the 26 hours of a wrap.
  input->format->correct_ts_overflow = 0;
  if (!request->is_connection) {
    const video_status guarded = input_guard(input, request->url);
    if (guarded != VIDEO_OK) return guarded;
  }
  if (input->descriptor >= 0) {
    const video_status attached = attach_descriptor(input);
    if (attached != VIDEO_OK) return attached;
  }
  const AVInputFormat *forced = NULL;
  if (request->format != NULL) {
    forced = ffmpeg.av_find_input_format(request->format);
    // Devices are known once their library is loaded.
    devices devices;
    if (forced == NULL && devices_load(&devices, message) == VIDEO_OK) forced = ffmpeg.av_find_input_format(request->format);
    if (forced == NULL) {
      message_set(message, "%s", request->format);
      return VIDEO_UNSUPPORTED;
    }
  }
  AVDictionary *options = NULL;
  int result = 0;
  if (request->options != NULL) result = ffmpeg.av_dict_parse_string(&options, request->options, "=", "\n", 0);
  if (result >= 0)
    result = ffmpeg.avformat_open_input(&input->format, input->descriptor >= 0 ? NULL : request->url, forced, &options);
  ffmpeg.av_dict_free(&options);
  return input_status(input, result, message);
}

/// Reads as far as FFmpeg needs to know the streams, with the limits in force for the decoders that it tries.
static video_status find_streams(video_input *input, video_limits limits, video_message *message) {
  const unsigned count = input->format->nb_streams;
  AVDictionary **options = count > 0 ? ffmpeg.av_calloc(count, sizeof *options) : NULL;
  if (count > 0 && options == NULL) return VIDEO_OUT_OF_MEMORY;
  for (unsigned index = 0; index < count; index++)
    ffmpeg.av_dict_set_int(&options[index], "max_pixels", limits.maximum_pixels, 0);
  const int result = ffmpeg.avformat_find_stream_info(input->format, options);
  for (unsigned index = 0; index < count; index++) ffmpeg.av_dict_free(&options[index]);
  ffmpeg.av_free(options);
  return input_status(input, result, message);
}

/// The stream asked for, or the best one that is a video rather than the cover of a record.
static int choose_stream(const AVFormatContext *format, int asked) {
  if (asked >= 0) {
    const int is_video = asked < (int)format->nb_streams &&
                         format->streams[asked]->codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
    return is_video ? asked : -1;
  }
  const int best = ffmpeg.av_find_best_stream((AVFormatContext *)format, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
  if (best < 0 || (format->streams[best]->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) return -1;
  return best;
}

static void list_streams(const AVFormatContext *format, video_message *message) {
  message->text[0] = 0;
  for (unsigned index = 0; index < format->nb_streams; index++) {
    const char *kind = ffmpeg.av_get_media_type_string(format->streams[index]->codecpar->codec_type);
    ffmpeg.av_strlcatf(message->text, sizeof message->text, "%s%s", index > 0 ? ", " : "", kind != NULL ? kind : "unknown");
  }
}

static video_status open_all(video_input *input, const video_request *request, video_message *message) {
  video_interrupt_set_deadline(input->interrupt, request->timeout_seconds);
  input->packet = ffmpeg.av_packet_alloc();
  if (input->packet == NULL) return VIDEO_OUT_OF_MEMORY;
  video_status status = open_format(input, request, message);
  if (status != VIDEO_OK) return status;
  status = find_streams(input, request->limits, message);
  if (status != VIDEO_OK) return status;
  input->stream = choose_stream(input->format, request->stream);
  if (input->stream < 0) {
    list_streams(input->format, message);
    return VIDEO_NO_VIDEO;
  }
  for (unsigned index = 0; index < input->format->nb_streams; index++)
    if ((int)index != input->stream) input->format->streams[index]->discard = AVDISCARD_ALL;
  const AVStream *stream = input->format->streams[input->stream];
  return decoder_open(
      &input->decoder, stream->codecpar, stream->time_base, request->threads, DECODER_CONCEALS, request->limits, message);
}

video_status video_input_create(
    const video_request *request, video_interrupt *interrupt, video_input **out, video_message *message) {
  *out = NULL;
  message->text[0] = 0;
  if (request->threads < 1 || (request->url == NULL && request->descriptor < 0)) return VIDEO_INVALID;
  video_input *input = calloc(1, sizeof *input);
  if (input == NULL) return VIDEO_OUT_OF_MEMORY;
  input->interrupt = interrupt;
  input->descriptor = request->descriptor;
  input->timeout_seconds = request->timeout_seconds;
  input->is_connection = request->is_connection;
  video_status status = open_all(input, request, message);
  if (status != VIDEO_OK) {
    if (input->refused.text[0] != 0 && status != VIDEO_CANCELLED) {
      status = VIDEO_OUTSIDE;
      *message = input->refused;
    }
    video_input_destroy(input);
    return status;
  }
  input->is_open = 1;
  *out = input;
  return VIDEO_OK;
}

void video_input_destroy(video_input *input) {
  if (input == NULL) return;
  decoder_close(&input->decoder);
  // Closing may talk to the server once more (RTSP's TEARDOWN): not for longer than a moment.
  video_interrupt_set_deadline(input->interrupt, 1);
  ffmpeg.avformat_close_input(&input->format);
  if (input->bytes != NULL) {
    ffmpeg.av_freep(&input->bytes->buffer);
    ffmpeg.avio_context_free(&input->bytes);
  }
  ffmpeg.av_packet_free(&input->packet);
  free(input->folder);
  free(input);
}
