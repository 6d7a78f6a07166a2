#include "functions.h"

/// As onednn_step_of, for a gradient whose forward step tells the workspace.
static onednn_status step_behind(const_dnnl_op_desc_t operation, const_dnnl_primitive_desc_t forward, onednn_step **out) {
  dnnl_primitive_desc_t description = NULL;
  const dnnl_status_t status = onednn_describe(&description, operation, NULL, forward);
  return status == dnnl_success ? onednn_step_create(description, out) : onednn_status_of(status);
}

/// A gradient has its forward step as a hint, which lives as long as this function only.
static onednn_status gradient_of(
    const_dnnl_op_desc_t gradient, const_dnnl_op_desc_t forward, onednn_step **out) {
  dnnl_primitive_desc_t hint = NULL;
  const dnnl_status_t status = onednn_describe(&hint, forward, NULL, NULL);
  if (status != dnnl_success) return onednn_status_of(status);
  const onednn_status made = step_behind(gradient, hint, out);
  onednn.dnnl_primitive_desc_destroy(hint);
  return made;
}

typedef struct convolution {
  dnnl_memory_desc_t source, weights, bias, target;
  dnnl_dims_t gaps;
} convolution;

static convolution convolution_of(
    onednn_type type, int32_t rank, const int64_t *source, const int64_t *weights, int64_t groups, const int64_t *target, const onednn_window *w) {
  const dnnl_data_type_t numbers = onednn_data_type_of(type);
  // oneDNN's weights are [groups, out of a group, in of a group, space].
  dnnl_dims_t kernel;
  int32_t offset = 0;
  if (groups > 1) kernel[offset++] = groups;
  kernel[offset] = groups > 1 ? weights[0] / groups : weights[0];
  for (int32_t axis = 1; axis < rank; axis++) kernel[offset + axis] = weights[axis];
  convolution c = {
      .source = onednn_any_layout(numbers, rank, source), .weights = onednn_any_layout(numbers, rank + offset, kernel),
      .bias = onednn_any_layout(dnnl_f32, 1, &target[1]), .target = onednn_any_layout(numbers, rank, target)};
  for (int32_t axis = 0; axis < rank - 2; axis++) c.gaps[axis] = w->dilations[axis] - 1;
  return c;
}

static dnnl_status_t convolution_forward(const convolution *c, int32_t has_bias, const onednn_window *w, dnnl_convolution_desc_t *out) {
  return onednn.dnnl_dilated_convolution_forward_desc_init(
      out, dnnl_forward_training, dnnl_convolution_direct, &c->source, &c->weights, has_bias ? &c->bias : NULL, &c->target,
      w->strides, c->gaps, w->begin, w->end);
}

onednn_status onednn_convolution_data_create(
    onednn_type type, int32_t rank, const int64_t *source, const int64_t *weights, int64_t groups, const int64_t *target, const onednn_window *w,
    onednn_step **out) {
  *out = NULL;
  if (rank < 3 || rank > 5) return ONEDNN_UNSUPPORTED;
  const convolution c = convolution_of(type, rank, source, weights, groups, target, w);
  dnnl_convolution_desc_t forward, gradient;
  dnnl_status_t status = convolution_forward(&c, 0, w, &forward);
  if (status == dnnl_success) {
    status = onednn.dnnl_dilated_convolution_backward_data_desc_init(
        &gradient, dnnl_convolution_direct, &c.source, &c.weights, &c.target, w->strides, c.gaps, w->begin, w->end);
  }
  return status == dnnl_success ? gradient_of(&gradient, &forward, out) : onednn_status_of(status);
}

onednn_status onednn_convolution_weights_create(
    onednn_type type, int32_t rank, const int64_t *source, const int64_t *weights, int64_t groups, int32_t has_bias, const int64_t *target,
    const onednn_window *w, onednn_step **out) {
  *out = NULL;
  if (rank < 3 || rank > 5) return ONEDNN_UNSUPPORTED;
  const convolution c = convolution_of(type, rank, source, weights, groups, target, w);
  dnnl_convolution_desc_t forward, gradient;
  dnnl_status_t status = convolution_forward(&c, has_bias, w, &forward);
  // Sums over a whole batch stay 32-bit floats.
  dnnl_memory_desc_t sums = c.weights;
  sums.data_type = dnnl_f32;
  if (status == dnnl_success) {
    status = onednn.dnnl_dilated_convolution_backward_weights_desc_init(
        &gradient, dnnl_convolution_direct, &c.source, &sums, has_bias ? &c.bias : NULL, &c.target, w->strides, c.gaps,
        w->begin, w->end);
  }
  return status == dnnl_success ? gradient_of(&gradient, &forward, out) : onednn_status_of(status);
}

onednn_status onednn_pooling_training_create(
    const onednn_layout *source, const int64_t *target, const onednn_window *w, onednn_step **out) {
  *out = NULL;
  const dnnl_memory_desc_t any = onednn_any_layout(source->descriptor.data_type, source->descriptor.ndims, target);
  dnnl_dims_t gaps;
  for (int32_t axis = 0; axis < source->descriptor.ndims - 2; axis++) gaps[axis] = w->dilations[axis] - 1;
  dnnl_pooling_v2_desc_t operation;
  const dnnl_status_t status = onednn.dnnl_pooling_v2_forward_desc_init(
      &operation, dnnl_forward_training, dnnl_pooling_max, &source->descriptor, &any, w->strides, w->kernel, gaps, w->begin, w->end);
  return status == dnnl_success ? onednn_step_of(&operation, NULL, out) : onednn_status_of(status);
}

onednn_status onednn_pooling_gradient_create(
    const onednn_step *forward, const onednn_layout *source, const int64_t *target, onednn_function function, const onednn_window *w,
    onednn_step **out) {
  *out = NULL;
  const dnnl_memory_desc_t any = onednn_any_layout(source->descriptor.data_type, source->descriptor.ndims, target);
  dnnl_dims_t gaps;
  for (int32_t axis = 0; axis < source->descriptor.ndims - 2; axis++) gaps[axis] = w->dilations[axis] - 1;
  const dnnl_alg_kind_t algorithm = onednn_algorithm_of(function);
  dnnl_pooling_v2_desc_t gradient, hint;
  dnnl_status_t status = onednn.dnnl_pooling_v2_backward_desc_init(
      &gradient, algorithm, &source->descriptor, forward == NULL ? &any : onednn.dnnl_primitive_desc_query_md(forward->description, dnnl_query_dst_md, 0),
      w->strides, w->kernel, gaps, w->begin, w->end);
  if (status != dnnl_success) return onednn_status_of(status);
  if (forward != NULL) return step_behind(&gradient, forward->description, out);
  status = onednn.dnnl_pooling_v2_forward_desc_init(
      &hint, dnnl_forward_training, algorithm, &source->descriptor, &any, w->strides, w->kernel, gaps, w->begin, w->end);
  return status == dnnl_success ? gradient_of(&gradient, &hint, out) : onednn_status_of(status);
}

/// The library's algorithm of a gradient that is given the result rather than the argument.
static dnnl_alg_kind_t algorithm_of_result(onednn_function function) {
  switch (function) {
    case ONEDNN_RELU: return dnnl_eltwise_relu_use_dst_for_bwd;
    case ONEDNN_TANH: return dnnl_eltwise_tanh_use_dst_for_bwd;
    case ONEDNN_LOGISTIC: return dnnl_eltwise_logistic_use_dst_for_bwd;
    case ONEDNN_EXP: return dnnl_eltwise_exp_use_dst_for_bwd;
    case ONEDNN_SQRT: return dnnl_eltwise_sqrt_use_dst_for_bwd;
    default: return onednn_algorithm_of(function);
  }
}

onednn_status onednn_function_gradient_create(
    const onednn_layout *layout, onednn_function function, float alpha, float beta, onednn_step **out) {
  *out = NULL;
  // A leaky rectifier is the one function of these that is given its argument.
  const int is_leaky = function == ONEDNN_RELU && alpha != 0;
  const dnnl_alg_kind_t algorithm = is_leaky ? onednn_algorithm_of(function) : algorithm_of_result(function);
  dnnl_eltwise_desc_t forward, gradient;
  dnnl_status_t status = onednn.dnnl_eltwise_forward_desc_init(
      &forward, dnnl_forward_training, algorithm, &layout->descriptor, alpha, beta);
  if (status == dnnl_success) {
    status = onednn.dnnl_eltwise_backward_desc_init(&gradient, algorithm, &layout->descriptor, &layout->descriptor, alpha, beta);
  }
  return status == dnnl_success ? gradient_of(&gradient, &forward, out) : onednn_status_of(status);
}

onednn_status onednn_normalization_create(const onednn_layout *layout, float epsilon, onednn_step **out) {
  *out = NULL;
  dnnl_batch_normalization_desc_t operation;
  const dnnl_status_t status = onednn.dnnl_batch_normalization_forward_desc_init(
      &operation, dnnl_forward_training, &layout->descriptor, epsilon, dnnl_use_scale | dnnl_use_shift);
  return status == dnnl_success ? onednn_step_of(&operation, NULL, out) : onednn_status_of(status);
}

onednn_status onednn_normalization_gradient_create(const onednn_layout *layout, float epsilon, onednn_step **out) {
  *out = NULL;
  const unsigned flags = dnnl_use_scale | dnnl_use_shift;
  dnnl_batch_normalization_desc_t forward, gradient;
  dnnl_status_t status = onednn.dnnl_batch_normalization_forward_desc_init(
      &forward, dnnl_forward_training, &layout->descriptor, epsilon, flags);
  if (status == dnnl_success) {
    status = onednn.dnnl_batch_normalization_backward_desc_init(
        &gradient, dnnl_backward, &layout->descriptor, &layout->descriptor, epsilon, flags);
  }
  return status == dnnl_success ? gradient_of(&gradient, &forward, out) : onednn_status_of(status);
}
