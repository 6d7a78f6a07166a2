#include "functions.h"

dnnl_alg_kind_t onednn_algorithm_of(onednn_function function) {
  switch (function) {
    case ONEDNN_RELU: return dnnl_eltwise_relu;
    case ONEDNN_TANH: return dnnl_eltwise_tanh;
    case ONEDNN_ELU: return dnnl_eltwise_elu;
    case ONEDNN_LOGISTIC: return dnnl_eltwise_logistic;
    case ONEDNN_SWISH: return dnnl_eltwise_swish;
    case ONEDNN_GELU_ERF: return dnnl_eltwise_gelu_erf;
    case ONEDNN_GELU_TANH: return dnnl_eltwise_gelu_tanh;
    case ONEDNN_HARDSWISH: return dnnl_eltwise_hardswish;
    case ONEDNN_CLIP: return dnnl_eltwise_clip;
    case ONEDNN_LINEAR: return dnnl_eltwise_linear;
    case ONEDNN_EXP: return dnnl_eltwise_exp;
    case ONEDNN_ABS: return dnnl_eltwise_abs;
    case ONEDNN_SQRT: return dnnl_eltwise_sqrt;
    case ONEDNN_LOG: return dnnl_eltwise_log;
    case ONEDNN_ADD: return dnnl_binary_add;
    case ONEDNN_SUBTRACT: return dnnl_binary_sub;
    case ONEDNN_MULTIPLY: return dnnl_binary_mul;
    case ONEDNN_DIVIDE: return dnnl_binary_div;
    case ONEDNN_MAXIMUM: return dnnl_binary_max;
    case ONEDNN_MINIMUM: return dnnl_binary_min;
    case ONEDNN_POOL_MAXIMUM: return dnnl_pooling_max;
    case ONEDNN_POOL_AVERAGE: return dnnl_pooling_avg_exclude_padding;
    case ONEDNN_POOL_AVERAGE_PADDED: return dnnl_pooling_avg_include_padding;
    case ONEDNN_SUM: return dnnl_binary_add;
  }
  return dnnl_alg_kind_undef;
}

static int is_binary(onednn_function function) { return function >= ONEDNN_ADD && function <= ONEDNN_MINIMUM; }

static int is_bytes(onednn_type type) { return type == ONEDNN_U8 || type == ONEDNN_S8; }

/// What a convolution of bytes has besides the joined operations.
static dnnl_status_t set_scales(dnnl_primitive_attr_t attributes, const onednn_types *types, int64_t channels) {
  if (!is_bytes(types->source)) return dnnl_success;
  // Bit 1: one scale for each channel, axis 1 of the target.
  dnnl_status_t status = types->scales == NULL
      ? dnnl_success
      : onednn.dnnl_primitive_attr_set_output_scales(attributes, channels, 1 << 1, types->scales);
  if (status != dnnl_success || types->source_zero == 0) return status;
  return onednn.dnnl_primitive_attr_set_zero_points(attributes, DNNL_ARG_SRC, 1, 0, &types->source_zero);
}

/// Attributes with the joined operations; second tensors lie as `target` does.
static dnnl_status_t attributes_create(
    const onednn_post *posts, int32_t count, const dnnl_memory_desc_t *target, dnnl_primitive_attr_t *out) {
  dnnl_status_t status = onednn.dnnl_primitive_attr_create(out);
  if (status != dnnl_success || count == 0) return status;
  dnnl_post_ops_t operations;
  status = onednn.dnnl_post_ops_create(&operations);
  for (int32_t index = 0; index < count && status == dnnl_success; index++) {
    const onednn_post *post = &posts[index];
    status = post->function == ONEDNN_SUM
        ? onednn.dnnl_post_ops_append_sum_v3(operations, post->alpha, (int32_t)post->beta, dnnl_data_type_undef)
        : is_binary(post->function)
        ? onednn.dnnl_post_ops_append_binary(operations, onednn_algorithm_of(post->function), target)
        : onednn.dnnl_post_ops_append_eltwise(operations, 1, onednn_algorithm_of(post->function), post->alpha, post->beta);
  }
  if (status == dnnl_success) status = onednn.dnnl_primitive_attr_set_post_ops(*out, operations);
  onednn.dnnl_post_ops_destroy(operations);
  return status;
}

typedef struct shapes {
  int32_t rank;
  dnnl_memory_desc_t source, weights, bias, target;
} shapes;

static dnnl_memory_desc_t planes(dnnl_data_type_t type, int32_t rank, const int64_t *sizes) {
  const dnnl_format_tag_t tag = rank == 3 ? dnnl_abc : rank == 4 ? dnnl_abcd : dnnl_abcde;
  dnnl_memory_desc_t descriptor;
  onednn.dnnl_memory_desc_init_by_tag(&descriptor, rank, sizes, type, tag);
  return descriptor;
}

static onednn_status convolution(
    onednn_method method, int32_t is_transposed, const shapes *s, int32_t has_bias, const onednn_window *w,
    dnnl_primitive_attr_t attributes, onednn_step **out) {
  dnnl_dims_t gaps;
  int is_wide = 0;
  for (int32_t axis = 0; axis < s->rank - 2; axis++) {
    gaps[axis] = w->dilations[axis] - 1;
    // Weights have an axis for groups in front where there are several.
    const int64_t cells = s->weights.dims[s->weights.ndims - (s->rank - 2) + axis];
    is_wide |= (cells - 1) * w->dilations[axis] + 1 > s->source.dims[axis + 2];
  }
  const dnnl_memory_desc_t *bias = has_bias ? &s->bias : NULL;
  dnnl_status_t status;
  if (is_transposed) {
    dnnl_deconvolution_desc_t operation;
    status = onednn.dnnl_dilated_deconvolution_forward_desc_init(
        &operation, dnnl_forward_inference, dnnl_deconvolution_direct, &s->source, &s->weights, bias, &s->target, w->strides, gaps,
        w->begin, w->end);
    return status == dnnl_success ? onednn_step_of_same_sums(&operation, attributes, is_wide, out) : onednn_status_of(status);
  }
  const int is_winograd = method == ONEDNN_WINOGRAD;
  dnnl_convolution_desc_t operation;
  status = onednn.dnnl_dilated_convolution_forward_desc_init(
      &operation, dnnl_forward_inference, is_winograd ? dnnl_convolution_winograd : dnnl_convolution_direct, &s->source,
      &s->weights, bias, &s->target, w->strides, gaps, w->begin, w->end);
  if (status != dnnl_success) return onednn_status_of(status);
  if (s->source.data_type == dnnl_u8 || s->source.data_type == dnnl_s8) {
    // The library prefers its kernels of blocked products ("brgconv"), which were never faster and up to a third slower on the shapes tried.
    if (onednn_step_named(&operation, attributes, "jit_int8", out) == ONEDNN_OK) return ONEDNN_OK;
    return onednn_step_of(&operation, attributes, out);
  }
  return is_winograd ? onednn_winograd_create(&operation, attributes, out)
                     : onednn_step_of_same_sums(&operation, attributes, is_wide, out);
}

onednn_status onednn_convolution_create(
    onednn_method method, onednn_types types, int32_t is_transposed, int32_t rank, const int64_t *source, const int64_t *weights,
    int64_t groups, int32_t has_bias, const int64_t *target, const onednn_window *window, const onednn_post *posts, int32_t post_count,
    onednn_step **out) {
  *out = NULL;
  if (rank < 3 || rank > 5 || post_count > ONEDNN_POST) return ONEDNN_UNSUPPORTED;
  const dnnl_data_type_t from = onednn_data_type_of(types.source), to = onednn_data_type_of(types.target);
  // oneDNN's weights are [groups, out of a group, in of a group, space]; ONNX's transposed ones have in before out, which the caller swaps.
  dnnl_dims_t kernel;
  int32_t offset = 0;
  if (groups > 1) kernel[offset++] = groups;
  kernel[offset] = groups > 1 ? weights[0] / groups : weights[0];
  for (int32_t axis = 1; axis < rank; axis++) kernel[offset + axis] = weights[axis];
  shapes s = {
      .rank = rank, .source = onednn_any_layout(from, rank, source),
      .weights = onednn_any_layout(is_bytes(types.source) ? dnnl_s8 : from, rank + offset, kernel),
      .bias = onednn_any_layout(dnnl_f32, 1, &target[1]), .target = onednn_any_layout(to, rank, target)};
  if (method != ONEDNN_ANY) {
    s.source = source[1] <= 3 ? planes(from, rank, source) : onednn_blocked_layout(from, rank, source);
    s.target = onednn_blocked_layout(to, rank, target);
  }
  int has_binary = 0;
  for (int32_t index = 0; index < post_count; index++) has_binary |= is_binary(posts[index].function);
  dnnl_primitive_attr_t attributes = NULL;
  onednn_status status;
  if (has_binary && method == ONEDNN_ANY) {
    // The layout of the target is found without the joined operations, so that the second tensor can be given in it.
    onednn_step *trial = NULL;
    status = onednn_status_of(attributes_create(NULL, 0, NULL, &attributes));
    if (status == ONEDNN_OK) status = onednn_status_of(set_scales(attributes, &types, target[1]));
    if (status == ONEDNN_OK) status = convolution(method, is_transposed, &s, has_bias, window, attributes, &trial);
    if (attributes != NULL) onednn.dnnl_primitive_attr_destroy(attributes);
    if (status != ONEDNN_OK) return status;
    s.target = *onednn.dnnl_primitive_desc_query_md(trial->description, dnnl_query_dst_md, 0);
    onednn_step_destroy(trial);
    attributes = NULL;
  }
  status = onednn_status_of(attributes_create(posts, post_count, &s.target, &attributes));
  if (status == ONEDNN_OK) status = onednn_status_of(set_scales(attributes, &types, target[1]));
  if (status == ONEDNN_OK) status = convolution(method, is_transposed, &s, has_bias, window, attributes, out);
  if (attributes != NULL) onednn.dnnl_primitive_attr_destroy(attributes);
  return status;
}

onednn_status onednn_pooling_create(
    const onednn_layout *source, const int64_t *target, onednn_function function, const onednn_window *w, onednn_step **out) {
  *out = NULL;
  const int32_t rank = source->descriptor.ndims;
  const dnnl_memory_desc_t any = onednn_any_layout(source->descriptor.data_type, rank, target);
  dnnl_dims_t gaps;
  for (int32_t axis = 0; axis < rank - 2; axis++) gaps[axis] = w->dilations[axis] - 1;
  dnnl_pooling_v2_desc_t operation;
  const dnnl_status_t status = onednn.dnnl_pooling_v2_forward_desc_init(
      &operation, dnnl_forward_inference, onednn_algorithm_of(function), &source->descriptor, &any, w->strides, w->kernel, gaps, w->begin,
      w->end);
  return status == dnnl_success ? onednn_step_of(&operation, NULL, out) : onednn_status_of(status);
}

onednn_status onednn_resampling_create(
    const onednn_layout *source, const int64_t *target, int32_t is_linear, onednn_step **out) {
  *out = NULL;
  const dnnl_memory_desc_t any = onednn_any_layout(source->descriptor.data_type, source->descriptor.ndims, target);
  dnnl_resampling_desc_t operation;
  const dnnl_status_t status = onednn.dnnl_resampling_forward_desc_init(
      &operation, dnnl_forward_inference, is_linear ? dnnl_resampling_linear : dnnl_resampling_nearest, NULL, &source->descriptor,
      &any);
  return status == dnnl_success ? onednn_step_of(&operation, NULL, out) : onednn_status_of(status);
}

onednn_status onednn_function_create(
    const onednn_layout *layout, onednn_function function, float alpha, float beta, onednn_step **out) {
  *out = NULL;
  dnnl_eltwise_desc_t operation;
  const dnnl_status_t status = onednn.dnnl_eltwise_forward_desc_init(
      &operation, dnnl_forward_inference, onednn_algorithm_of(function), &layout->descriptor, alpha, beta);
  return status == dnnl_success ? onednn_step_of(&operation, NULL, out) : onednn_status_of(status);
}

onednn_status onednn_binary_create(
    const onednn_layout *left, const onednn_layout *right, const onednn_layout *target, onednn_function function,
    onednn_step **out) {
  *out = NULL;
  dnnl_binary_desc_t operation;
  const dnnl_status_t status = onednn.dnnl_binary_desc_init(
      &operation, onednn_algorithm_of(function), &left->descriptor, &right->descriptor, &target->descriptor);
  return status == dnnl_success ? onednn_step_of(&operation, NULL, out) : onednn_status_of(status);
}

onednn_status onednn_concat_create(
    const onednn_layout *const *sources, int32_t count, int32_t axis, const onednn_layout *target, onednn_step **out) {
  *out = NULL;
  if (count < 1 || count > ONEDNN_SOURCES) return ONEDNN_UNSUPPORTED;
  dnnl_memory_desc_t descriptors[ONEDNN_SOURCES];
  for (int32_t index = 0; index < count; index++) descriptors[index] = sources[index]->descriptor;
  dnnl_primitive_desc_t description = NULL;
  const dnnl_status_t status = onednn.dnnl_concat_primitive_desc_create(
      &description, target == NULL ? NULL : &target->descriptor, count, axis, descriptors, NULL, onednn.engine);
  return status == dnnl_success ? onednn_step_create(description, out) : onednn_status_of(status);
}

onednn_status onednn_softmax_create(const onednn_layout *layout, int32_t axis, onednn_step **out) {
  *out = NULL;
  dnnl_softmax_v2_desc_t operation;
  const dnnl_status_t status = onednn.dnnl_softmax_v2_forward_desc_init(
      &operation, dnnl_forward_inference, dnnl_softmax_accurate, &layout->descriptor, &layout->descriptor, axis);
  return status == dnnl_success ? onednn_step_of(&operation, NULL, out) : onednn_status_of(status);
}

onednn_status onednn_product_create(
    const onednn_layout *left, const onednn_layout *right, const onednn_layout *bias, const onednn_layout *target,
    onednn_step **out) {
  *out = NULL;
  dnnl_matmul_desc_t operation;
  const dnnl_status_t status = onednn.dnnl_matmul_desc_init(
      &operation, &left->descriptor, &right->descriptor, bias == NULL ? NULL : &bias->descriptor, &target->descriptor);
  if (status != dnnl_success) return onednn_status_of(status);
  // oneDNN shares the terms of a product's sums among threads, and their rounding would tell how many there were.
  return onednn_step_on_one_thread(&operation, NULL, out);
}

onednn_status onednn_reorder_create(
    const onednn_layout *from, const onednn_layout *to, float scale, int32_t zero_from, int32_t zero_to, onednn_step **out) {
  *out = NULL;
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_status_t status = dnnl_success;
  if (scale != 1 || zero_from != 0 || zero_to != 0) {
    status = onednn.dnnl_primitive_attr_create(&attributes);
    if (status == dnnl_success) status = onednn.dnnl_primitive_attr_set_output_scales(attributes, 1, 0, &scale);
    if (status == dnnl_success && zero_from != 0) {
      status = onednn.dnnl_primitive_attr_set_zero_points(attributes, DNNL_ARG_FROM, 1, 0, &zero_from);
    }
    if (status == dnnl_success && zero_to != 0) {
      status = onednn.dnnl_primitive_attr_set_zero_points(attributes, DNNL_ARG_TO, 1, 0, &zero_to);
    }
  }
  dnnl_primitive_desc_t description = NULL;
  if (status == dnnl_success) {
    status = onednn.dnnl_reorder_primitive_desc_create(
        &description, &from->descriptor, onednn.engine, &to->descriptor, onednn.engine, attributes);
  }
  if (attributes != NULL) onednn.dnnl_primitive_attr_destroy(attributes);
  return status == dnnl_success ? onednn_step_create(description, out) : onednn_status_of(status);
}
