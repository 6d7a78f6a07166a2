// Inside the face only: the functions of oneDNN that are in use. The library is loaded when a network is first compiled, so that runs
// without a network neither load it nor what it brings along.
#ifndef ONEDNN_FUNCTIONS_H
#define ONEDNN_FUNCTIONS_H

#include <oneapi/dnnl/dnnl.h>

#include "include/COneDNN.h"

/// Every function in use. A function that is called without this list does not link.
#define ONEDNN_FUNCTIONS(X) \
  X(dnnl_version) \
  X(dnnl_get_effective_cpu_isa) \
  X(dnnl_engine_create) \
  X(dnnl_stream_create) \
  X(dnnl_memory_create) \
  X(dnnl_memory_destroy) \
  X(dnnl_memory_set_data_handle_v2) \
  X(dnnl_memory_desc_init_by_strides) \
  X(dnnl_memory_desc_init_by_tag) \
  X(dnnl_memory_desc_equal) \
  X(dnnl_memory_desc_get_size) \
  X(dnnl_primitive_attr_create) \
  X(dnnl_primitive_attr_destroy) \
  X(dnnl_primitive_attr_set_post_ops) \
  X(dnnl_primitive_attr_set_output_scales) \
  X(dnnl_primitive_attr_set_zero_points) \
  X(dnnl_post_ops_create) \
  X(dnnl_post_ops_destroy) \
  X(dnnl_post_ops_append_eltwise) \
  X(dnnl_post_ops_append_binary) \
  X(dnnl_post_ops_append_sum_v3) \
  X(dnnl_primitive_desc_create) \
  X(dnnl_primitive_desc_iterator_create) \
  X(dnnl_primitive_desc_iterator_next) \
  X(dnnl_primitive_desc_iterator_fetch) \
  X(dnnl_primitive_desc_iterator_destroy) \
  X(dnnl_primitive_desc_destroy) \
  X(dnnl_primitive_desc_query) \
  X(dnnl_primitive_desc_query_md) \
  X(dnnl_primitive_create) \
  X(dnnl_primitive_destroy) \
  X(dnnl_primitive_execute) \
  X(dnnl_dilated_convolution_forward_desc_init) \
  X(dnnl_dilated_deconvolution_forward_desc_init) \
  X(dnnl_pooling_v2_forward_desc_init) \
  X(dnnl_resampling_forward_desc_init) \
  X(dnnl_eltwise_forward_desc_init) \
  X(dnnl_binary_desc_init) \
  X(dnnl_concat_primitive_desc_create) \
  X(dnnl_softmax_v2_forward_desc_init) \
  X(dnnl_matmul_desc_init) \
  X(dnnl_reorder_primitive_desc_create) \
  X(dnnl_dilated_convolution_backward_data_desc_init) \
  X(dnnl_dilated_convolution_backward_weights_desc_init) \
  X(dnnl_pooling_v2_backward_desc_init) \
  X(dnnl_eltwise_backward_desc_init) \
  X(dnnl_batch_normalization_forward_desc_init) \
  X(dnnl_batch_normalization_backward_desc_init)

#define ONEDNN_MEMBER(name) __typeof__(name) *name;
typedef struct onednn_table {
  ONEDNN_FUNCTIONS(ONEDNN_MEMBER)
  /// OpenMP's, of the runtime that the library brings along.
  void (*omp_set_num_threads)(int);
  int (*omp_get_max_threads)(void);
  int (*omp_get_num_threads)(void);
  int (*omp_get_thread_num)(void);
  void (*GOMP_parallel)(void (*body)(void *), void *context, unsigned threads, unsigned flags);
  dnnl_engine_t engine;
  dnnl_stream_t stream;
} onednn_table;
#undef ONEDNN_MEMBER

/// Filled by onednn_prepare and never changed afterwards.
extern onednn_table onednn;

struct onednn_layout {
  dnnl_memory_desc_t descriptor;
};

struct onednn_step {
  dnnl_primitive_desc_t description;
  dnnl_primitive_t primitive;
  // The threads that it runs on where there are more; 0: on all.
  int32_t threads;
  int32_t count;
  // Sources, weights, bias, target and joined tensors; gradients have at most eight.
  dnnl_exec_arg_t arguments[ONEDNN_SOURCES + 4 + ONEDNN_POST];
};

/// Sets the threads of what this thread creates and runs; returns how many there were.
int32_t onednn_threads_exchange(int32_t count);
onednn_status onednn_status_of(dnnl_status_t status);
/// Describes an operation by the library's best implementation, one thread of the process at a time.
///
/// forward: A hint for gradients; NULL for what is none.
dnnl_status_t onednn_describe(
    dnnl_primitive_desc_t *description, const_dnnl_op_desc_t operation, const_dnnl_primitive_attr_t attributes,
    const_dnnl_primitive_desc_t forward);
/// Wraps a description, which it takes over, into a step.
onednn_status onednn_step_create(dnnl_primitive_desc_t description, onednn_step **out);
/// Creates a step of an operation's descriptor.
onednn_status onednn_step_of(const_dnnl_op_desc_t operation, const_dnnl_primitive_attr_t attributes, onednn_step **out);
/// As onednn_step_of, made for one thread and always run on one.
onednn_status onednn_step_on_one_thread(
    const_dnnl_op_desc_t operation, const_dnnl_primitive_attr_t attributes, onednn_step **out);
/// As onednn_step_of, for sums of floats whose rounding must not tell how many threads there were. On one thread run a product of matrices
/// ("gemm"), whose terms the library shares among threads; a convolution that it computes in another way with one thread; and one that
/// reaches over the picture (`is_wide`), whose kernel positions its blocked kernel ("brgconv") groups by the number of threads.
onednn_status onednn_step_of_same_sums(
    const_dnnl_op_desc_t operation, const_dnnl_primitive_attr_t attributes, int is_wide, onednn_step **out);
/// As onednn_step_of, with the first implementation whose name has `part` in it.
onednn_status onednn_step_named(
    const_dnnl_op_desc_t operation, const_dnnl_primitive_attr_t attributes, const char *part, onednn_step **out);
/// The description alone of the first implementation whose name has `part` in it; NULL: none.
dnnl_primitive_desc_t onednn_description_named(
    const_dnnl_op_desc_t operation, const_dnnl_primitive_attr_t attributes, const char *part);
/// A part of the work of a kernel: from one place to before another.
typedef void (*onednn_piece)(const void *work, size_t from, size_t to);
/// Runs a kernel on `count` places, those of several threads where its bytes are worth waking them. Results do not hang on how they are shared.
void onednn_run_shared(onednn_piece run, const void *work, size_t count, size_t bytes);
/// A step of Winograd's F(4x4, 3x3), with the same bytes for any number of threads.
onednn_status onednn_winograd_create(const_dnnl_op_desc_t operation, const_dnnl_primitive_attr_t attributes, onednn_step **out);
dnnl_data_type_t onednn_data_type_of(onednn_type type);
dnnl_alg_kind_t onednn_algorithm_of(onednn_function function);
/// A layout left to the library.
dnnl_memory_desc_t onednn_any_layout(dnnl_data_type_t type, int32_t rank, const int64_t *sizes);
/// Channels in blocks of onednn_block; 3 to 5 axes.
dnnl_memory_desc_t onednn_blocked_layout(dnnl_data_type_t type, int32_t rank, const int64_t *sizes);

#endif
