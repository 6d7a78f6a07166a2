// The face of oneDNN that the NetworkPrograms module sees: no type of oneDNN appears in it.
//
// Handles are opaque and come in pairs of _create and _destroy; _destroy accepts NULL. Calls that can fail return a onednn_status. The
// only global state is the table of oneDNN's functions and its engine, filled once by onednn_prepare.
#ifndef CONEDNN_H
#define CONEDNN_H

#include <stddef.h>
#include <stdint.h>

typedef enum onednn_status {
  ONEDNN_OK = 0,
  /// The library is not installed, or not in the version of the headers.
  ONEDNN_MISSING_LIBRARY = 1,
  /// There is no implementation for what was asked.
  ONEDNN_UNSUPPORTED = 2,
  ONEDNN_FAILED = 3,
} onednn_status;

/// A sentence or half of one, always ended by a zero byte.
typedef struct onednn_message {
  char text[256];
} onednn_message;

enum {
  /// Axes of a tensor, at most.
  ONEDNN_RANK = 12,
  /// Tensors that one step reads, at most.
  ONEDNN_SOURCES = 32,
  /// Operations joined to the end of a convolution or product, at most.
  ONEDNN_POST = 6,
};

/// Loads the library and makes its engine; may be called again. `version` receives "2.6.3", for example.
onednn_status onednn_prepare(onednn_message *version, onednn_message *message);

/// The threads of steps that this thread creates and runs from now on.
void onednn_threads_set(int32_t count);

/// The best instruction set that the library uses here, such as "avx512_core_bf16".
const char *onednn_instructions(void);

/// Whether this processor multiplies bfloat16 numbers itself; elsewhere the library is slower with them than with 32-bit floats.
int32_t onednn_has_bf16(void);

/// Whether this processor sums products of bytes in 32 bits; elsewhere sums of pairs are cut off at 16 bits.
int32_t onednn_has_byte_products(void);

// MARK: Layouts

/// What a number is stored as.
typedef enum onednn_type { ONEDNN_F32 = 0, ONEDNN_BF16 = 1, ONEDNN_U8 = 2, ONEDNN_S8 = 3 } onednn_type;

/// How a tensor's numbers lie in memory, and their type.
typedef struct onednn_layout onednn_layout;

/// A layout by strides in elements; NULL strides: row-major without gaps.
onednn_status onednn_layout_create(
    onednn_type type, int32_t rank, const int64_t *sizes, const int64_t *strides, onednn_layout **out);
void onednn_layout_destroy(onednn_layout *layout);
/// The same places for numbers of another type.
onednn_status onednn_layout_typed(const onednn_layout *layout, onednn_type type, onednn_layout **out);
onednn_type onednn_layout_type(const onednn_layout *layout);
/// The layout of `count` places of an axis from `start` on, where they are one piece of the whole's memory, and its first byte there.
onednn_status onednn_layout_run(
    const onednn_layout *whole, int32_t axis, int64_t start, int64_t count, size_t *offset, onednn_layout **out);
/// The layout of `count` places of an axis from `start` on within the whole's memory, gaps and all, and its first byte there.
onednn_status onednn_layout_part(
    const onednn_layout *whole, int32_t axis, int64_t start, int64_t count, size_t *offset, onednn_layout **out);
size_t onednn_layout_bytes(const onednn_layout *layout);
int32_t onednn_layout_equal(const onednn_layout *a, const onednn_layout *b);
int32_t onednn_layout_rank(const onednn_layout *layout);
void onednn_layout_sizes(const onednn_layout *layout, int64_t *out);
/// Whether every number is of the same type and lies at the same place in both, though the layouts are described differently: axes of one place move nothing, and
/// a single block of channels is the same as channels that come last.
int32_t onednn_layout_same(const onednn_layout *a, const onednn_layout *b);
/// The number of neighbouring channels (axis 1) that lie together; 1 where there are no blocks, 0 for other blocks.
int64_t onednn_layout_block(const onednn_layout *layout);
/// Numbers from one place of an axis to the next, for axis 1 from one block to the next. Not for layouts whose block is 0.
void onednn_layout_strides(const onednn_layout *layout, int64_t *out);
/// Channels in blocks of onednn_block, without gaps; 3 to 5 axes.
onednn_status onednn_layout_blocked(onednn_type type, int32_t rank, const int64_t *sizes, onednn_layout **out);
/// Channels of a block that suit this processor's vectors.
int64_t onednn_block(void);

// MARK: Steps

typedef enum onednn_function {
  ONEDNN_RELU, ONEDNN_TANH, ONEDNN_ELU, ONEDNN_LOGISTIC, ONEDNN_SWISH, ONEDNN_GELU_ERF, ONEDNN_GELU_TANH, ONEDNN_HARDSWISH,
  ONEDNN_CLIP, ONEDNN_LINEAR, ONEDNN_EXP, ONEDNN_ABS, ONEDNN_SQRT, ONEDNN_LOG, ONEDNN_ADD, ONEDNN_SUBTRACT, ONEDNN_MULTIPLY,
  ONEDNN_DIVIDE, ONEDNN_MAXIMUM, ONEDNN_MINIMUM, ONEDNN_POOL_MAXIMUM, ONEDNN_POOL_AVERAGE, ONEDNN_POOL_AVERAGE_PADDED,
  /// What the target holds before, less beta, times alpha, is added.
  ONEDNN_SUM,
} onednn_function;

/// An operation joined to the end of another one: a function of one number, or one with a second tensor of the target's layout.
typedef struct onednn_post {
  onednn_function function;
  float alpha;
  float beta;
} onednn_post;

typedef struct onednn_window {
  int64_t strides[ONEDNN_RANK];
  /// 1: neighbouring cells.
  int64_t dilations[ONEDNN_RANK];
  int64_t begin[ONEDNN_RANK];
  int64_t end[ONEDNN_RANK];
  int64_t kernel[ONEDNN_RANK];
} onednn_window;

typedef enum onednn_role {
  ONEDNN_SOURCE = 0,
  ONEDNN_WEIGHTS = 1,
  ONEDNN_BIAS = 2,
  ONEDNN_TARGET = 3,
  /// The second tensor of the joined operation at the index.
  ONEDNN_POST_SOURCE = 4,
  /// Of the steps in gradients.h.
  ONEDNN_SOURCE_GRADIENT = 5,
  ONEDNN_WEIGHTS_GRADIENT = 6,
  ONEDNN_BIAS_GRADIENT = 7,
  ONEDNN_TARGET_GRADIENT = 8,
  ONEDNN_WORKSPACE = 9,
  /// Numbers by channel.
  ONEDNN_SCALE = 10,
  ONEDNN_SHIFT = 11,
  ONEDNN_SCALE_GRADIENT = 12,
  ONEDNN_SHIFT_GRADIENT = 13,
  ONEDNN_MEAN = 14,
  ONEDNN_VARIANCE = 15,
} onednn_role;

/// A primitive with the memory that it works on.
typedef struct onednn_step onednn_step;
void onednn_step_destroy(onednn_step *step);

/// How a convolution is computed.
typedef enum onednn_method {
  /// Layouts and implementation are the library's choice.
  ONEDNN_ANY,
  /// Source and target in blocks of channels; a source of at most three channels as planes.
  ONEDNN_BLOCKS,
  /// Winograd's F(4x4, 3x3), on blocks of channels; not for transposed ones.
  ONEDNN_WINOGRAD,
} onednn_method;

/// What a convolution reads and makes; a bias is 32-bit floats. Weights are of the source's type, beside bytes of either kind signed ones.
typedef struct onednn_types {
  onednn_type source;
  onednn_type target;
  /// Of bytes: the number that stands for zero, also around the picture.
  int32_t source_zero;
  /// Of bytes: what the sum of each channel out, with the bias, is multiplied by before the joined operations; NULL: by one.
  const float *scales;
} onednn_types;

/// The layouts of source, weights and target are to be asked for with onednn_step_layout. Sizes: source
/// [batch, channels, space], weights [channels out, channels in of a group, space], transposed [in, out of a group, space].
onednn_status onednn_convolution_create(
    onednn_method method, onednn_types types, int32_t is_transposed, int32_t rank, const int64_t *source, const int64_t *weights,
    int64_t groups, int32_t has_bias, const int64_t *target, const onednn_window *window, const onednn_post *posts, int32_t post_count,
    onednn_step **out);
/// The target's layout is the library's choice.
onednn_status onednn_pooling_create(
    const onednn_layout *source, const int64_t *target, onednn_function function, const onednn_window *window, onednn_step **out);
/// The nearest pixel, for whole factors. The target's layout is the library's choice.
onednn_status onednn_resampling_create(const onednn_layout *source, const int64_t *target, int32_t is_linear, onednn_step **out);
onednn_status onednn_function_create(
    const onednn_layout *layout, onednn_function function, float alpha, float beta, onednn_step **out);
onednn_status onednn_binary_create(
    const onednn_layout *left, const onednn_layout *right, const onednn_layout *target, onednn_function function, onednn_step **out);
/// With NULL as target its layout is the library's choice.
onednn_status onednn_concat_create(
    const onednn_layout *const *sources, int32_t count, int32_t axis, const onednn_layout *target, onednn_step **out);
onednn_status onednn_softmax_create(const onednn_layout *layout, int32_t axis, onednn_step **out);
/// bias may be NULL.
onednn_status onednn_product_create(
    const onednn_layout *left, const onednn_layout *right, const onednn_layout *bias, const onednn_layout *target, onednn_step **out);
/// Target: (number − zero_from) · scale + zero_to, rounded to nearest and cut off at the ends of a type of bytes.
onednn_status onednn_reorder_create(
    const onednn_layout *from, const onednn_layout *to, float scale, int32_t zero_from, int32_t zero_to, onednn_step **out);

/// The layout that a step has for a tensor.
onednn_status onednn_step_layout(const onednn_step *step, onednn_role role, int32_t index, onednn_layout **out);
/// Gives a step the memory of a tensor, which must hold onednn_layout_bytes and outlive the step's runs.
onednn_status onednn_step_bind(onednn_step *step, onednn_role role, int32_t index, void *memory);
/// Every tensor must have been bound.
onednn_status onednn_step_run(onednn_step *step);
/// The implementation's name, such as "jit:avx512_core"; valid as long as the step.
const char *onednn_step_name(const onednn_step *step);

#include "gradients.h"
#include "kernels.h"

#endif
