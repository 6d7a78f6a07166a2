#include <errno.h>
#include <libavutil/time.h>

#include "ffmpeg.h"
#include "input.h"
#include "picture.h"
#include "status.h"
#include "turn.h"

/// So many failed reads in a row end the input: a file of nothing but rubbish would otherwise be searched for ever.
enum { MAXIMUM_FAILURES = 64 };

/// What a failing read means: damage to step over, the end, or the loss of the input.
static video_status read_failure(video_input *input, int error, video_message *message) {
  const video_status status = input_status(input, error, message);
  if (input->refused.text[0] != 0 && status != VIDEO_CANCELLED) {
    *message = input->refused;
    return VIDEO_OUTSIDE;
  }
  if (status == VIDEO_MALFORMED && ++input->failures <= MAXIMUM_FAILURES) return VIDEO_DAMAGED;
  if (status == VIDEO_MALFORMED) return VIDEO_END;
  if (status == VIDEO_CANCELLED || status == VIDEO_TIMED_OUT || status == VIDEO_OUT_OF_MEMORY) return status;
  return input->is_connection ? VIDEO_UNREACHABLE : VIDEO_READ_FAILED;
}

/// Reads one packet of the chosen stream into input->packet; VIDEO_END at the end.
static video_status read_packet(video_input *input, video_message *message) {
  for (;;) {
    ffmpeg.av_packet_unref(input->packet);
    const int result = ffmpeg.av_read_frame(input->format, input->packet);
    if (result == AVERROR(EAGAIN)) {
      if (input_is_interrupted(input)) return input_status(input, AVERROR_EXIT, message);
      ffmpeg.av_usleep(1000);
      continue;
    }
    if (result == AVERROR_EOF && !input_is_interrupted(input)) {
      if (input->refused.text[0] != 0) {
        *message = input->refused;
        return VIDEO_OUTSIDE;
      }
      const int hidden = input->format->pb != NULL ? input->format->pb->error : 0;
      if (hidden < 0 && hidden != AVERROR_EOF) return read_failure(input, hidden, message);
      return VIDEO_END;
    }
    if (result < 0) return read_failure(input, result, message);
    input->failures = 0;
    if (input->packet->stream_index == input->stream) return VIDEO_OK;
  }
}

/// Gives the decoder the next packet, or tells it that there is none.
static video_status feed(video_input *input, video_message *message) {
  const video_status status = read_packet(input, message);
  if (status == VIDEO_OK) {
    const video_status sent = decoder_send(&input->decoder, input->packet, message);
    ffmpeg.av_packet_unref(input->packet);
    return sent;
  }
  if (status != VIDEO_END) return status;
  input->is_draining = 1;
  return decoder_send(&input->decoder, NULL, message);
}

static video_status wrap(video_input *input, video_picture **out, video_message *message) {
  AVStream *stream = input->format->streams[input->stream];
  AVFrame *frame = input->decoder.frame;
  const AVRational aspect = ffmpeg.av_guess_sample_aspect_ratio(input->format, stream, frame);
  int width = 0, height = 0;
  square_size(frame->width, frame->height, aspect, &width, &height);
  const video_status size = limits_check(input->decoder.limits, width, height, message);
  if (size != VIDEO_OK) return size;
  input->has_begun = 1;
  return picture_create(frame, input_matrix(stream), aspect, out, message);
}

video_status video_input_next(video_input *input, video_picture **out, video_message *message) {
  *out = NULL;
  message->text[0] = 0;
  if (input->has_begun) video_interrupt_set_deadline(input->interrupt, input->timeout_seconds);
  for (;;) {
    int is_hungry = 0;
    video_status status = decoder_receive(&input->decoder, &is_hungry, message);
    if (status != VIDEO_OK) return status;
    if (!is_hungry) return wrap(input, out, message);
    if (input->is_draining) return VIDEO_END;
    status = feed(input, message);
    if (status != VIDEO_OK) return status;
  }
}

video_status video_input_seek(video_input *input, int64_t pts, video_message *message) {
  message->text[0] = 0;
  video_interrupt_set_deadline(input->interrupt, input->timeout_seconds);
  const int result = ffmpeg.avformat_seek_file(input->format, input->stream, INT64_MIN, pts, pts, 0);
  if (result < 0) return input_status(input, result, message);
  ffmpeg.avcodec_flush_buffers(input->decoder.codec);
  input->is_draining = 0;
  input->failures = 0;
  return VIDEO_OK;
}
