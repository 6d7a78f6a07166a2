#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "functions.h"

onednn_status onednn_status_of(dnnl_status_t status) {
  switch (status) {
    case dnnl_success: return ONEDNN_OK;
    case dnnl_unimplemented: case dnnl_invalid_arguments: return ONEDNN_UNSUPPORTED;
    default: return ONEDNN_FAILED;
  }
}

// oneDNN 2.6 chooses the blocks of a convolution with a number that all threads share (brg_blocking_t::last_ic_block_size; github.com/
// openvinotoolkit/oneDNN/pull/167): described by two threads at once, one of 32-bit floats gets the blocks of bfloat16, and wrong results.
static pthread_mutex_t describing = PTHREAD_MUTEX_INITIALIZER;

dnnl_status_t onednn_describe(
    dnnl_primitive_desc_t *description, const_dnnl_op_desc_t operation, const_dnnl_primitive_attr_t attributes,
    const_dnnl_primitive_desc_t forward) {
  pthread_mutex_lock(&describing);
  const dnnl_status_t status = onednn.dnnl_primitive_desc_create(description, operation, attributes, onednn.engine, forward);
  pthread_mutex_unlock(&describing);
  return status;
}

onednn_status onednn_step_create(dnnl_primitive_desc_t description, onednn_step **out) {
  onednn_step *step = calloc(1, sizeof *step);
  if (step == NULL) {
    onednn.dnnl_primitive_desc_destroy(description);
    return ONEDNN_FAILED;
  }
  step->description = description;
  const dnnl_status_t status = onednn.dnnl_primitive_create(&step->primitive, description);
  if (status != dnnl_success) {
    onednn_step_destroy(step);
    return onednn_status_of(status);
  }
  *out = step;
  return ONEDNN_OK;
}

onednn_status onednn_step_of(const_dnnl_op_desc_t operation, const_dnnl_primitive_attr_t attributes, onednn_step **out) {
  dnnl_primitive_desc_t description = NULL;
  const dnnl_status_t status = onednn_describe(&description, operation, attributes, NULL);
  return status == dnnl_success ? onednn_step_create(description, out) : onednn_status_of(status);
}

onednn_status onednn_step_on_one_thread(
    const_dnnl_op_desc_t operation, const_dnnl_primitive_attr_t attributes, onednn_step **out) {
  const int32_t threads = onednn_threads_exchange(1);
  const onednn_status made = onednn_step_of(operation, attributes, out);
  onednn_threads_exchange(threads);
  if (made == ONEDNN_OK) (*out)->threads = 1;
  return made;
}

static const char *name_of(const_dnnl_primitive_desc_t description) {
  const char *name = NULL;
  onednn.dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &name);
  return name == NULL ? "" : name;
}

onednn_status onednn_step_of_same_sums(
    const_dnnl_op_desc_t operation, const_dnnl_primitive_attr_t attributes, int is_wide, onednn_step **out) {
  if (is_wide) return onednn_step_on_one_thread(operation, attributes, out);
  dnnl_primitive_desc_t one = NULL, several = NULL;
  const int32_t threads = onednn_threads_exchange(1);
  dnnl_status_t status = onednn_describe(&one, operation, attributes, NULL);
  onednn_threads_exchange(threads);
  if (status != dnnl_success) return onednn_status_of(status);
  if (threads == 1) return onednn_step_create(one, out);
  status = onednn_describe(&several, operation, attributes, NULL);
  const int is_same =
      status == dnnl_success && strstr(name_of(one), "gemm") == NULL && strcmp(name_of(one), name_of(several)) == 0;
  onednn.dnnl_primitive_desc_destroy(one);
  if (is_same) return onednn_step_create(several, out);
  if (status == dnnl_success) onednn.dnnl_primitive_desc_destroy(several);
  return onednn_step_on_one_thread(operation, attributes, out);
}

dnnl_primitive_desc_t onednn_description_named(
    const_dnnl_op_desc_t operation, const_dnnl_primitive_attr_t attributes, const char *part) {
  pthread_mutex_lock(&describing);
  dnnl_primitive_desc_iterator_t iterator = NULL;
  dnnl_status_t status =
      onednn.dnnl_primitive_desc_iterator_create(&iterator, operation, attributes, onednn.engine, NULL);
  dnnl_primitive_desc_t found = NULL;
  while (status == dnnl_success && found == NULL) {
    dnnl_primitive_desc_t description = onednn.dnnl_primitive_desc_iterator_fetch(iterator);
    const char *name = NULL;
    onednn.dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &name);
    if (name != NULL && strstr(name, part) != NULL) {
      found = description;
    } else {
      onednn.dnnl_primitive_desc_destroy(description);
      status = onednn.dnnl_primitive_desc_iterator_next(iterator);
    }
  }
  if (iterator != NULL) onednn.dnnl_primitive_desc_iterator_destroy(iterator);
  pthread_mutex_unlock(&describing);
  return found;
}

onednn_status onednn_step_named(
    const_dnnl_op_desc_t operation, const_dnnl_primitive_attr_t attributes, const char *part, onednn_step **out) {
  const dnnl_primitive_desc_t found = onednn_description_named(operation, attributes, part);
  return found == NULL ? ONEDNN_UNSUPPORTED : onednn_step_create(found, out);
}

void onednn_step_destroy(onednn_step *step) {
  if (step == NULL) return;
  for (int32_t index = 0; index < step->count; index++) onednn.dnnl_memory_destroy(step->arguments[index].memory);
  if (step->primitive != NULL) onednn.dnnl_primitive_destroy(step->primitive);
  if (step->description != NULL) onednn.dnnl_primitive_desc_destroy(step->description);
  free(step);
}

/// The argument's number in oneDNN; -1 where there is none.
static int argument_of(const onednn_step *step, onednn_role role, int32_t index) {
  if (index < 0 || index >= ONEDNN_SOURCES) return -1;
  dnnl_primitive_kind_t kind = dnnl_undefined_primitive;
  onednn.dnnl_primitive_desc_query(step->description, dnnl_query_primitive_kind, 0, &kind);
  switch (role) {
    case ONEDNN_SOURCE: return kind == dnnl_concat ? DNNL_ARG_MULTIPLE_SRC + index : DNNL_ARG_SRC_0 + index;
    case ONEDNN_WEIGHTS: return DNNL_ARG_WEIGHTS;
    case ONEDNN_BIAS: return DNNL_ARG_BIAS;
    case ONEDNN_TARGET: return DNNL_ARG_DST;
    case ONEDNN_SOURCE_GRADIENT: return DNNL_ARG_DIFF_SRC;
    case ONEDNN_WEIGHTS_GRADIENT: return DNNL_ARG_DIFF_WEIGHTS;
    case ONEDNN_BIAS_GRADIENT: return DNNL_ARG_DIFF_BIAS;
    case ONEDNN_TARGET_GRADIENT: return DNNL_ARG_DIFF_DST;
    case ONEDNN_WORKSPACE: return DNNL_ARG_WORKSPACE;
    case ONEDNN_SCALE: return DNNL_ARG_SCALE;
    case ONEDNN_SHIFT: return DNNL_ARG_SHIFT;
    case ONEDNN_SCALE_GRADIENT: return DNNL_ARG_DIFF_SCALE;
    case ONEDNN_SHIFT_GRADIENT: return DNNL_ARG_DIFF_SHIFT;
    case ONEDNN_MEAN: return DNNL_ARG_MEAN;
    case ONEDNN_VARIANCE: return DNNL_ARG_VARIANCE;
    case ONEDNN_POST_SOURCE: return DNNL_ARG_ATTR_MULTIPLE_POST_OP(index) | DNNL_ARG_SRC_1;
    default: return -1;
  }
}

onednn_status onednn_step_bind(onednn_step *step, onednn_role role, int32_t index, void *memory) {
  const int argument = argument_of(step, role, index);
  if (argument < 0) return ONEDNN_FAILED;
  for (int32_t place = 0; place < step->count; place++) {
    if (step->arguments[place].arg != argument) continue;
    return onednn_status_of(onednn.dnnl_memory_set_data_handle_v2(step->arguments[place].memory, memory, onednn.stream));
  }
  if (step->count == (int32_t)(sizeof step->arguments / sizeof *step->arguments)) return ONEDNN_FAILED;
  onednn_layout *layout = NULL;
  onednn_status status = onednn_step_layout(step, role, index, &layout);
  if (status != ONEDNN_OK) return status;
  dnnl_exec_arg_t *place = &step->arguments[step->count];
  place->arg = argument;
  status = onednn_status_of(onednn.dnnl_memory_create(&place->memory, &layout->descriptor, onednn.engine, memory));
  onednn_layout_destroy(layout);
  if (status == ONEDNN_OK) step->count++;
  return status;
}

onednn_status onednn_step_run(onednn_step *step) {
  const int32_t threads = step->threads > 0 ? onednn_threads_exchange(step->threads) : 0;
  const dnnl_status_t status = onednn.dnnl_primitive_execute(step->primitive, onednn.stream, step->count, step->arguments);
  if (step->threads > 0) onednn_threads_exchange(threads);
  return onednn_status_of(status);
}

const char *onednn_step_name(const onednn_step *step) { return name_of(step->description); }
