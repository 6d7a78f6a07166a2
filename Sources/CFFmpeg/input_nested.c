#include <errno.h>
#include <libavutil/dict.h>
#include <stdlib.h>
#include <string.h>

#include "ffmpeg.h"
#include "input.h"
#include "status.h"

// What a list among the formats (HLS) names are files of somebody else's choice. They must lie in the folder of the list or below it,
// and there are so many of them at most while the list is opened: one that names itself would take all memory.
enum { MAXIMUM_OPENED = 1000 };

/// Formats that are no video, or that open other files by ways of their own, past the guard: text and its drawings, lists of files and reels.
static const char *const refused_formats[] = {"tty", "bin", "xbin", "adf", "idf", "concat", "dash", "imf", "vobsub"};

static int is_refused(const char *name) {
  for (size_t index = 0; index < sizeof refused_formats / sizeof *refused_formats; index++)
    if (strcmp(name, refused_formats[index]) == 0) return 1;
  return 0;
}

char *input_allowed_formats(void) {
  size_t length = 1;
  void *position = NULL;
  const AVInputFormat *format;
  while ((format = ffmpeg.av_demuxer_iterate(&position)) != NULL) length += strlen(format->name) + 1;
  char *names = ffmpeg.av_malloc(length);
  if (names == NULL) return NULL;
  // Every name fits with its comma, by the sum above.
  char *end = names;
  position = NULL;
  while ((format = ffmpeg.av_demuxer_iterate(&position)) != NULL) {
    if (is_refused(format->name)) continue;
    if (end != names) *end++ = ',';
    const size_t count = strlen(format->name);
    memcpy(end, format->name, count);
    end += count;
  }
  *end = 0;
  return names;
}

/// The path of an address of a plain file, encrypted or not; NULL for addresses of other kinds.
static const char *plain_path(const char *url) {
  if (strncmp(url, "crypto+", 7) == 0 || strncmp(url, "crypto:", 7) == 0) url += 7;
  if (strncmp(url, "file:", 5) == 0) {
    url += 5;
    // file:///a and file:/a are the same file.
    if (url[0] == '/' && url[1] == '/' && url[2] == '/') url += 2;
    return url;
  }
  for (const char *c = url; *c != 0 && *c != '/'; c++)
    if (*c == ':') return NULL;
  return url;
}

/// Whether a path leads into a folder or one below it, by all links.
static int is_inside(const char *path, const char *folder) {
  char *real = realpath(path, NULL);
  if (real == NULL) return 0;
  const size_t count = strlen(folder);
  const int is_below = strncmp(real, folder, count) == 0 && (real[count] == '/' || (count == 1 && real[0] == '/'));
  free(real);
  return is_below;
}

static int refuse(video_input *input, const char *url) {
  if (input->refused.text[0] == 0) message_set(&input->refused, "%s", url);
  return AVERROR(EPERM);
}

/// The callback by which FFmpeg opens every file: the input itself first, then what it names.
static int open_nested(AVFormatContext *format, AVIOContext **bytes, const char *url, int flags, AVDictionary **options) {
  video_input *input = format->opaque;
  if (!input->has_opened_itself) {
    input->has_opened_itself = 1;
    return input->open_file(format, bytes, url, flags, options);
  }
  if ((flags & AVIO_FLAG_WRITE) != 0) return refuse(input, url);
  if (strncmp(url, "data:", 5) == 0) return input->open_file(format, bytes, url, flags, options);
  const char *path = plain_path(url);
  if (path == NULL || input->folder == NULL || !is_inside(path, input->folder)) return refuse(input, url);
  if (!input->is_open && ++input->opened > MAXIMUM_OPENED) {
    message_set(&input->refused, "more than %d files, or itself", MAXIMUM_OPENED);
    return AVERROR(EMFILE);
  }
  return input->open_file(format, bytes, url, flags, options);
}

/// The folder of a file's address, resolved; NULL where it has none.
static char *folder_of(const char *url) {
  const char *path = url != NULL ? plain_path(url) : NULL;
  if (path == NULL) return NULL;
  char *copy = strdup(path);
  if (copy == NULL) return NULL;
  char *slash = strrchr(copy, '/');
  if (slash == copy) slash++;
  if (slash != NULL) *slash = 0;
  char *folder = realpath(slash != NULL ? copy : ".", NULL);
  free(copy);
  return folder;
}

video_status input_guard(video_input *input, const char *url) {
  AVFormatContext *format = input->format;
  input->open_file = format->io_open;
  // What comes through a descriptor has no folder, and its bytes are there already.
  input->folder = input->descriptor >= 0 ? NULL : folder_of(url);
  input->has_opened_itself = input->descriptor >= 0;
  format->opaque = input;
  format->io_open = open_nested;
  format->format_whitelist = input_allowed_formats();
  return format->format_whitelist != NULL ? VIDEO_OK : VIDEO_OUT_OF_MEMORY;
}
