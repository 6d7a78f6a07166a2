// The face of oneDNN's steps of training: gradients, and what differs in training. Included by COneDNN.h.
#ifndef CONEDNN_GRADIENTS_H
#define CONEDNN_GRADIENTS_H

/// The gradient of a convolution over its source, of the type of the weights and of the target's gradient; layouts are the library's choice.
/// Roles: target gradient, weights, source gradient.
onednn_status onednn_convolution_data_create(
    onednn_type type, int32_t rank, const int64_t *source, const int64_t *weights, int64_t groups, const int64_t *target, const onednn_window *window,
    onednn_step **out);
/// The gradient of a convolution over its weights and bias, in 32-bit floats; `type` is that of the source and of the target's gradient.
/// Roles: source, target gradient, weights gradient, bias gradient.
onednn_status onednn_convolution_weights_create(
    onednn_type type, int32_t rank, const int64_t *source, const int64_t *weights, int64_t groups, int32_t has_bias, const int64_t *target,
    const onednn_window *window, onednn_step **out);
/// The greatest of each window, with a workspace that tells the place. Roles: source, target, workspace.
onednn_status onednn_pooling_training_create(
    const onednn_layout *source, const int64_t *target, const onednn_window *window, onednn_step **out);
/// Roles: target gradient, workspace where `forward` has one, source gradient.
onednn_status onednn_pooling_gradient_create(
    const onednn_step *forward, const onednn_layout *source, const int64_t *target, onednn_function function,
    const onednn_window *window, onednn_step **out);
/// The slope of a function times the target's gradient. Roles: source (of the functions with `_OF_RESULT` the target takes its place),
/// target gradient, source gradient; all lie as `layout`.
onednn_status onednn_function_gradient_create(
    const onednn_layout *layout, onednn_function function, float alpha, float beta, onednn_step **out);
/// Batch normalization with statistics of the batch. Roles: source, scale, shift, target, mean, variance.
onednn_status onednn_normalization_create(const onednn_layout *layout, float epsilon, onednn_step **out);
/// Roles: source, target gradient, scale, mean, variance, source gradient, scale gradient, shift gradient.
onednn_status onednn_normalization_gradient_create(const onednn_layout *layout, float epsilon, onednn_step **out);

#endif
