#include "functions.h"

// oneDNN chooses by the number of threads how Winograd's kernel goes about it: piece by piece, or transforming the whole source first. Both
// sum the channels in another order, so that results would tell how many threads there were. Of its two sizes of tiles, which it chooses by
// that number too, only one is used.
static const char *const NAME = "wino_4x3";

enum {
  /// More threads than any network has pieces for, so that the whole source is transformed first. None is started.
  MANY_THREADS = 16384,
};

/// Bytes that the kernel works in when it is made for a number of threads; -1: there is none. Those for whole sources are the same for any
/// number of threads, and others are some for each.
static int64_t workspace(const_dnnl_op_desc_t operation, const_dnnl_primitive_attr_t attributes, int32_t threads) {
  const int32_t before = onednn_threads_exchange(threads);
  const dnnl_primitive_desc_t description = onednn_description_named(operation, attributes, NAME);
  onednn_threads_exchange(before);
  if (description == NULL) return -1;
  int64_t bytes = -1;
  onednn.dnnl_primitive_desc_query(description, dnnl_query_memory_consumption_s64, 0, &bytes);
  onednn.dnnl_primitive_desc_destroy(description);
  return bytes;
}

onednn_status onednn_winograd_create(const_dnnl_op_desc_t operation, const_dnnl_primitive_attr_t attributes, onednn_step **out) {
  *out = NULL;
  const int64_t whole = workspace(operation, attributes, MANY_THREADS);
  const int is_whole = workspace(operation, attributes, 1) == whole;
  // As many threads as there are, or the most with which the kernel goes about it as with one.
  const int32_t most = onednn_threads_exchange(1);
  int32_t threads = most;
  while (threads > 1 && (workspace(operation, attributes, threads) == whole) != is_whole) threads--;
  onednn_threads_set(threads);
  const onednn_status status = onednn_step_named(operation, attributes, NAME, out);
  onednn_threads_set(most);
  if (status == ONEDNN_OK) (*out)->threads = threads;
  return status;
}
