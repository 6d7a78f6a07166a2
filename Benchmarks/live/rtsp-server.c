// An RTSP server on 127.0.0.1 that sends a test picture as H.264: rtsp-server PORT WIDTH HEIGHT RATE
// Built with: cc rtsp-server.c -o rtsp-server $(pkg-config --cflags --libs gstreamer-rtsp-server-1.0)
#include <gst/gst.h>
#include <gst/rtsp-server/rtsp-server.h>
#include <stdio.h>

int main(int count, char **arguments) {
  if (count != 5) {
    fprintf(stderr, "usage: rtsp-server PORT WIDTH HEIGHT RATE\n");
    return 64;
  }
  gst_init(NULL, NULL);
  gchar *launch = g_strdup_printf(
      "( videotestsrc is-live=true pattern=ball ! video/x-raw,width=%s,height=%s,framerate=%s/1 "
      "! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! rtph264pay name=pay0 pt=96 config-interval=1 )",
      arguments[2], arguments[3], arguments[4]);
  GstRTSPServer *server = gst_rtsp_server_new();
  gst_rtsp_server_set_address(server, "127.0.0.1");
  gst_rtsp_server_set_service(server, arguments[1]);
  GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(factory, launch);
  gst_rtsp_media_factory_set_shared(factory, TRUE);
  GstRTSPMountPoints *mounts = gst_rtsp_server_get_mount_points(server);
  gst_rtsp_mount_points_add_factory(mounts, "/test", factory);
  g_object_unref(mounts);
  if (gst_rtsp_server_attach(server, NULL) == 0) {
    fprintf(stderr, "cannot listen on 127.0.0.1:%s\n", arguments[1]);
    return 69;
  }
  printf("rtsp://127.0.0.1:%s/test\n", arguments[1]);
  fflush(stdout);
  g_main_loop_run(g_main_loop_new(NULL, FALSE));
  return 0;
}
