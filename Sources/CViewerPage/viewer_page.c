// The files of the viewer's page, taken into the program by the compiler: one program, nothing to install beside it.

#include "viewer_page.h"

#include <string.h>

// The directive is C23's; the compiler has it for all versions of the language.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char page_html[] = {
#embed "page/page.html"
};
static const unsigned char style_css[] = {
#embed "page/style.css"
};
static const unsigned char data_js[] = {
#embed "page/data.js"
};
static const unsigned char colors_js[] = {
#embed "page/colors.js"
};
static const unsigned char picture_js[] = {
#embed "page/picture.js"
};
static const unsigned char masks_js[] = {
#embed "page/masks.js"
};
static const unsigned char trails_js[] = {
#embed "page/trails.js"
};
static const unsigned char marks_js[] = {
#embed "page/marks.js"
};
static const unsigned char player_js[] = {
#embed "page/player.js"
};
static const unsigned char video_js[] = {
#embed "page/video.js"
};
static const unsigned char timeline_js[] = {
#embed "page/timeline.js"
};
static const unsigned char plots_js[] = {
#embed "page/plots.js"
};
static const unsigned char table_js[] = {
#embed "page/table.js"
};
static const unsigned char filters_js[] = {
#embed "page/filters.js"
};
static const unsigned char map_js[] = {
#embed "page/map.js"
};
static const unsigned char map_panel_js[] = {
#embed "page/mapPanel.js"
};
static const unsigned char address_js[] = {
#embed "page/address.js"
};
static const unsigned char comparison_js[] = {
#embed "page/comparison.js"
};
static const unsigned char review_js[] = {
#embed "page/review.js"
};
static const unsigned char keys_js[] = {
#embed "page/keys.js"
};
static const unsigned char main_js[] = {
#embed "page/main.js"
};
static const unsigned char live_js[] = {
#embed "page/live.js"
};
static const unsigned char parts_js[] = {
#embed "page/parts.js"
};
static const unsigned char start_js[] = {
#embed "page/start.js"
};

typedef struct {
  const char *name;
  const unsigned char *bytes;
  size_t count;
} page_file;

#define FILE_OF(name, bytes) { name, bytes, sizeof(bytes) }

static const page_file files[] = {
    FILE_OF("page.html", page_html),
    FILE_OF("style.css", style_css),
    FILE_OF("data.js", data_js),
    FILE_OF("colors.js", colors_js),
    FILE_OF("picture.js", picture_js),
    FILE_OF("masks.js", masks_js),
    FILE_OF("trails.js", trails_js),
    FILE_OF("marks.js", marks_js),
    FILE_OF("player.js", player_js),
    FILE_OF("video.js", video_js),
    FILE_OF("timeline.js", timeline_js),
    FILE_OF("plots.js", plots_js),
    FILE_OF("table.js", table_js),
    FILE_OF("filters.js", filters_js),
    FILE_OF("map.js", map_js),
    FILE_OF("mapPanel.js", map_panel_js),
    FILE_OF("address.js", address_js),
    FILE_OF("comparison.js", comparison_js),
    FILE_OF("review.js", review_js),
    FILE_OF("keys.js", keys_js),
    FILE_OF("main.js", main_js),
    FILE_OF("live.js", live_js),
    FILE_OF("parts.js", parts_js),
    FILE_OF("start.js", start_js),
};

const unsigned char *sx_viewer_page_file(const char *name, size_t *count) {
  for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
    if (strcmp(files[i].name, name) != 0) continue;
    *count = files[i].count;
    return files[i].bytes;
  }
  return NULL;
}
