#include <libavutil/avutil.h>
#include <libavutil/pixdesc.h>
#include <string.h>

#include "ffmpeg.h"
#include "input.h"
#include "status.h"
#include "turn.h"

const int32_t *input_matrix(const AVStream *stream) {
  size_t size = 0;
  const uint8_t *side = ffmpeg.av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  return side != NULL && size >= 9 * sizeof(int32_t) ? (const int32_t *)side : NULL;
}

void video_input_describe(const video_input *input, video_input_description *out) {
  const AVFormatContext *format = input->format;
  const int64_t size = format->pb != NULL ? ffmpeg.avio_size(format->pb) : 0;
  *out = (video_input_description){
      .duration = format->duration > 0 ? (double)format->duration / AV_TIME_BASE : -1,
      .is_duration_guessed = format->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE,
      .is_seekable = format->pb != NULL && (format->pb->seekable & AVIO_SEEKABLE_NORMAL) != 0,
      .byte_count = size > 0 ? size : 0,
      .is_unstamped = (format->iformat->flags & AVFMT_NOTIMESTAMPS) != 0,
      .stream_count = (int32_t)format->nb_streams,
      .stream = input->stream,
  };
  name_set(&out->format, format->iformat->name);
}

/// What the header promises, without the pictures that an edit list of an MP4 file cuts off.
static int64_t frame_count(const video_input *input, const AVStream *stream) {
  const int64_t promised = stream->nb_frames > 0 ? stream->nb_frames : 0;
  const int entries = ffmpeg.avformat_index_get_entries_count(stream);
  // Only in these formats does the index hold every picture; that of a fragmented file is not whole, and promises no number either.
  if (promised == 0 || entries <= 0 || strstr(input->format->iformat->name, "mp4") == NULL) return promised;
  int64_t shown = 0;
  for (int index = 0; index < entries; index++) {
    const AVIndexEntry *entry = ffmpeg.avformat_index_get_entry((AVStream *)stream, index);
    if (entry != NULL && (entry->flags & AVINDEX_DISCARD_FRAME) == 0) shown++;
  }
  return shown < promised ? shown : promised;
}

video_status video_input_describe_stream(const video_input *input, int32_t index, video_stream_description *out) {
  if (index < 0 || index >= (int32_t)input->format->nb_streams) return VIDEO_INVALID;
  AVStream *stream = input->format->streams[index];
  const AVCodecParameters *codec = stream->codecpar;
  const AVRational aspect = ffmpeg.av_guess_sample_aspect_ratio(input->format, stream, NULL);
  const AVRational rate = stream->avg_frame_rate.num > 0 ? stream->avg_frame_rate : stream->r_frame_rate;
  *out = (video_stream_description){
      .index = index,
      .pixel_aspect = rational_of(aspect),
      .turn = turn_of_matrix(input_matrix(stream)),
      .average_rate = rational_of(rate),
      .time_base = rational_of(stream->time_base),
      .duration = stream->duration > 0 ? stream->duration * av_q2d(stream->time_base) : -1,
      .frame_count = frame_count(input, stream),
      .is_cover = (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0,
  };
  name_set(&out->kind, ffmpeg.av_get_media_type_string(codec->codec_type));
  name_set(&out->codec, ffmpeg.avcodec_get_name(codec->codec_id));
  if (codec->codec_type != AVMEDIA_TYPE_VIDEO) return VIDEO_OK;
  name_set(&out->pixel_format, ffmpeg.av_get_pix_fmt_name(codec->format));
  out->coded_width = codec->width;
  out->coded_height = codec->height;
  int width = 0, height = 0;
  square_size(codec->width, codec->height, aspect, &width, &height);
  const int is_sideways = turn_is_sideways(out->turn);
  out->display_width = is_sideways ? height : width;
  out->display_height = is_sideways ? width : height;
  return VIDEO_OK;
}
