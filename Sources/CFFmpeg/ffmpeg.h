// Inside the face only: the functions of FFmpeg's libraries that are in use. The libraries are loaded when a video is first asked for.
//
// Linked, they and the hundred libraries that they bring along would be loaded by every run, also by one that evaluates text files: that
// would take half of its time to start and half of the memory that it has before it reads anything.
#ifndef FFMPEG_H
#define FFMPEG_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/time.h>
#include <libswscale/swscale.h>

#include "include/video_status.h"

/// Every function in use with the library that has it. A function that is called without this list does not link.
#define FFMPEG_FUNCTIONS(X) \
  X(avformat, av_find_best_stream) \
  X(avformat, av_find_input_format) \
  X(avformat, av_guess_sample_aspect_ratio) \
  X(avformat, av_interleaved_write_frame) \
  X(avformat, av_read_frame) \
  X(avformat, av_stream_get_side_data) \
  X(avformat, av_write_trailer) \
  X(avformat, avformat_alloc_context) \
  X(avformat, avformat_alloc_output_context2) \
  X(avformat, avformat_close_input) \
  X(avformat, avformat_find_stream_info) \
  X(avformat, avformat_free_context) \
  X(avformat, avformat_index_get_entries_count) \
  X(avformat, avformat_index_get_entry) \
  X(avformat, avformat_network_init) \
  X(avformat, avformat_new_stream) \
  X(avformat, avformat_open_input) \
  X(avformat, av_demuxer_iterate) \
  X(avformat, avformat_seek_file) \
  X(avformat, avformat_version) \
  X(avformat, avformat_write_header) \
  X(avformat, avio_alloc_context) \
  X(avformat, avio_closep) \
  X(avformat, avio_context_free) \
  X(avformat, avio_open) \
  X(avformat, avio_size) \
  X(avcodec, av_packet_alloc) \
  X(avcodec, av_packet_free) \
  X(avcodec, av_packet_rescale_ts) \
  X(avcodec, av_packet_unref) \
  X(avcodec, avcodec_alloc_context3) \
  X(avcodec, avcodec_default_get_buffer2) \
  X(avcodec, avcodec_find_decoder) \
  X(avcodec, avcodec_find_encoder_by_name) \
  X(avcodec, avcodec_flush_buffers) \
  X(avcodec, avcodec_free_context) \
  X(avcodec, avcodec_get_name) \
  X(avcodec, avcodec_open2) \
  X(avcodec, avcodec_parameters_from_context) \
  X(avcodec, avcodec_parameters_to_context) \
  X(avcodec, avcodec_receive_frame) \
  X(avcodec, avcodec_receive_packet) \
  X(avcodec, avcodec_send_frame) \
  X(avcodec, avcodec_send_packet) \
  X(avcodec, avcodec_version) \
  X(swscale, sws_freeContext) \
  X(swscale, sws_getCachedContext) \
  X(swscale, sws_getCoefficients) \
  X(swscale, sws_getContext) \
  X(swscale, sws_scale) \
  X(swscale, sws_setColorspaceDetails) \
  X(avutil, av_calloc) \
  X(avutil, av_dict_free) \
  X(avutil, av_dict_parse_string) \
  X(avutil, av_dict_set_int) \
  X(avutil, av_fast_malloc) \
  X(avutil, av_frame_alloc) \
  X(avutil, av_frame_free) \
  X(avutil, av_frame_get_buffer) \
  X(avutil, av_frame_get_side_data) \
  X(avutil, av_frame_make_writable) \
  X(avutil, av_frame_move_ref) \
  X(avutil, av_free) \
  X(avutil, av_freep) \
  X(avutil, av_get_media_type_string) \
  X(avutil, av_get_pix_fmt_name) \
  X(avutil, av_image_get_linesize) \
  X(avutil, av_log_set_level) \
  X(avutil, av_malloc) \
  X(avutil, av_opt_set) \
  X(avutil, av_opt_set_double) \
  X(avutil, av_pix_fmt_desc_get) \
  X(avutil, av_strdup) \
  X(avutil, av_strerror) \
  X(avutil, av_strlcatf) \
  X(avutil, av_usleep)

#define FFMPEG_MEMBER(library, name) __typeof__(name) *name;
typedef struct ffmpeg_functions {
  FFMPEG_FUNCTIONS(FFMPEG_MEMBER)
} ffmpeg_functions;
#undef FFMPEG_MEMBER

/// Filled by ffmpeg_load and never changed afterwards, like the linker's own table that it stands for.
extern ffmpeg_functions ffmpeg;

/// Loads the libraries and fills the table; to be called once, before every other function of the face but the interrupts'.
video_status ffmpeg_load(video_message *message);

#endif
