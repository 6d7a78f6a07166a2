#include <stdlib.h>

#include "functions.h"

static onednn_status layout_of(const dnnl_memory_desc_t *descriptor, onednn_layout **out) {
  onednn_layout *layout = malloc(sizeof *layout);
  if (layout == NULL) return ONEDNN_FAILED;
  layout->descriptor = *descriptor;
  *out = layout;
  return ONEDNN_OK;
}

dnnl_data_type_t onednn_data_type_of(onednn_type type) {
  switch (type) {
    case ONEDNN_F32: return dnnl_f32;
    case ONEDNN_BF16: return dnnl_bf16;
    case ONEDNN_U8: return dnnl_u8;
    case ONEDNN_S8: return dnnl_s8;
  }
  return dnnl_data_type_undef;
}

onednn_type onednn_layout_type(const onednn_layout *layout) {
  switch (layout->descriptor.data_type) {
    case dnnl_bf16: return ONEDNN_BF16;
    case dnnl_u8: return ONEDNN_U8;
    case dnnl_s8: return ONEDNN_S8;
    default: return ONEDNN_F32;
  }
}

static size_t bytes_of(dnnl_data_type_t type) {
  return type == dnnl_f32 ? sizeof(float) : type == dnnl_bf16 ? sizeof(uint16_t) : 1;
}

onednn_status onednn_layout_typed(const onednn_layout *layout, onednn_type type, onednn_layout **out) {
  *out = NULL;
  dnnl_memory_desc_t descriptor = layout->descriptor;
  // What the library keeps beside the numbers, such as sums of weights, is of the one type only.
  if (descriptor.format_kind != dnnl_blocked || descriptor.extra.flags != dnnl_memory_extra_flag_none) return ONEDNN_UNSUPPORTED;
  descriptor.data_type = onednn_data_type_of(type);
  return layout_of(&descriptor, out);
}

onednn_status onednn_layout_create(
    onednn_type type, int32_t rank, const int64_t *sizes, const int64_t *strides, onednn_layout **out) {
  *out = NULL;
  if (rank < 1 || rank > ONEDNN_RANK) return ONEDNN_UNSUPPORTED;
  dnnl_dims_t steps;
  int64_t step = 1;
  for (int32_t axis = rank - 1; axis >= 0; axis--) {
    steps[axis] = strides != NULL ? strides[axis] : step;
    step *= sizes[axis];
  }
  dnnl_memory_desc_t descriptor;
  const dnnl_status_t status = onednn.dnnl_memory_desc_init_by_strides(&descriptor, rank, sizes, onednn_data_type_of(type), steps);
  return status == dnnl_success ? layout_of(&descriptor, out) : onednn_status_of(status);
}

void onednn_layout_destroy(onednn_layout *layout) { free(layout); }

size_t onednn_layout_bytes(const onednn_layout *layout) { return onednn.dnnl_memory_desc_get_size(&layout->descriptor); }

int32_t onednn_layout_equal(const onednn_layout *a, const onednn_layout *b) {
  return onednn.dnnl_memory_desc_equal(&a->descriptor, &b->descriptor);
}

int32_t onednn_layout_rank(const onednn_layout *layout) { return layout->descriptor.ndims; }

void onednn_layout_sizes(const onednn_layout *layout, int64_t *out) {
  for (int32_t axis = 0; axis < layout->descriptor.ndims; axis++) out[axis] = layout->descriptor.dims[axis];
}

int64_t onednn_layout_block(const onednn_layout *layout) {
  const dnnl_blocking_desc_t *blocks = &layout->descriptor.format_desc.blocking;
  if (layout->descriptor.format_kind != dnnl_blocked) return 0;
  if (blocks->inner_nblks == 0) return 1;
  return blocks->inner_nblks == 1 && blocks->inner_idxs[0] == 1 ? blocks->inner_blks[0] : 0;
}

/// One number for each channel of a normalization's source.
static onednn_status channel_layout(const onednn_step *step, onednn_layout **out) {
  const dnnl_memory_desc_t *source = onednn.dnnl_primitive_desc_query_md(step->description, dnnl_query_src_md, 0);
  return source == NULL ? ONEDNN_FAILED : onednn_layout_create(ONEDNN_F32, 1, &source->dims[1], NULL, out);
}

onednn_status onednn_step_layout(const onednn_step *step, onednn_role role, int32_t index, onednn_layout **out) {
  *out = NULL;
  dnnl_query_t query;
  switch (role) {
    case ONEDNN_SOURCE: query = dnnl_query_src_md; break;
    case ONEDNN_SOURCE_GRADIENT: query = dnnl_query_diff_src_md; index = 0; break;
    case ONEDNN_WEIGHTS_GRADIENT: query = dnnl_query_diff_weights_md; index = 0; break;
    case ONEDNN_BIAS_GRADIENT: query = dnnl_query_diff_weights_md; index = 1; break;
    case ONEDNN_TARGET_GRADIENT: query = dnnl_query_diff_dst_md; index = 0; break;
    case ONEDNN_WORKSPACE: query = dnnl_query_workspace_md; index = 0; break;
    case ONEDNN_SCALE: case ONEDNN_SHIFT: case ONEDNN_SCALE_GRADIENT: case ONEDNN_SHIFT_GRADIENT: case ONEDNN_MEAN:
    case ONEDNN_VARIANCE: return channel_layout(step, out);
    case ONEDNN_WEIGHTS: query = dnnl_query_weights_md; index = 0; break;
    case ONEDNN_BIAS: query = dnnl_query_weights_md; index = 1; break;
    // A joined operation's second tensor lies as the target does.
    case ONEDNN_TARGET: case ONEDNN_POST_SOURCE: query = dnnl_query_dst_md; index = 0; break;
    default: return ONEDNN_FAILED;
  }
  const dnnl_memory_desc_t *descriptor = onednn.dnnl_primitive_desc_query_md(step->description, query, index);
  return descriptor == NULL ? ONEDNN_FAILED : layout_of(descriptor, out);
}

dnnl_memory_desc_t onednn_any_layout(dnnl_data_type_t type, int32_t rank, const int64_t *sizes) {
  dnnl_memory_desc_t descriptor;
  onednn.dnnl_memory_desc_init_by_tag(&descriptor, rank, sizes, type, dnnl_format_tag_any);
  return descriptor;
}

int64_t onednn_block(void) {
  // The numbers of the sets are lists of bits: a greater one need not hold the smaller one.
  return (onednn.dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core ? 16 : 8;
}

dnnl_memory_desc_t onednn_blocked_layout(dnnl_data_type_t type, int32_t rank, const int64_t *sizes) {
  const int is_wide = onednn_block() == 16;
  const dnnl_format_tag_t tag = rank == 3 ? (is_wide ? dnnl_aBc16b : dnnl_aBc8b)
      : rank == 4 ? (is_wide ? dnnl_aBcd16b : dnnl_aBcd8b)
      : (is_wide ? dnnl_aBcde16b : dnnl_aBcde8b);
  dnnl_memory_desc_t descriptor;
  onednn.dnnl_memory_desc_init_by_tag(&descriptor, rank, sizes, type, tag);
  return descriptor;
}

onednn_status onednn_layout_blocked(onednn_type type, int32_t rank, const int64_t *sizes, onednn_layout **out) {
  *out = NULL;
  if (rank < 3 || rank > 5) return ONEDNN_UNSUPPORTED;
  const dnnl_memory_desc_t descriptor = onednn_blocked_layout(onednn_data_type_of(type), rank, sizes);
  return layout_of(&descriptor, out);
}

void onednn_layout_strides(const onednn_layout *layout, int64_t *out) {
  const dnnl_blocking_desc_t *blocks = &layout->descriptor.format_desc.blocking;
  for (int32_t axis = 0; axis < layout->descriptor.ndims; axis++) out[axis] = blocks->strides[axis];
}

int32_t onednn_layout_same(const onednn_layout *a, const onednn_layout *b) {
  const dnnl_memory_desc_t *first = &a->descriptor, *second = &b->descriptor;
  if (onednn_layout_equal(a, b)) return 1;
  if (first->data_type != second->data_type || first->ndims != second->ndims || first->offset0 != second->offset0) return 0;
  if (onednn_layout_block(a) == 0 || onednn_layout_block(b) == 0) return 0;
  for (int32_t axis = 0; axis < first->ndims; axis++) {
    if (first->dims[axis] != second->dims[axis] || first->padded_dims[axis] != first->dims[axis]) return 0;
    if (second->padded_dims[axis] != second->dims[axis]) return 0;
  }
  const int64_t *here = first->format_desc.blocking.strides, *there = second->format_desc.blocking.strides;
  const int64_t blocks[2] = {onednn_layout_block(a), onednn_layout_block(b)};
  for (int32_t axis = 0; axis < first->ndims; axis++) {
    if (first->dims[axis] == 1) continue;
    if (axis != 1 || blocks[0] == blocks[1]) {
      // With a single block the axis of blocks has one place.
      if (here[axis] != there[axis] && !(axis == 1 && blocks[0] == first->dims[1])) return 0;
    } else if (blocks[0] == 1 ? here[1] != 1 || blocks[1] != first->dims[1] : there[1] != 1 || blocks[0] != first->dims[1]) {
      return 0;
    }
  }
  return 1;
}

onednn_status onednn_layout_part(
    const onednn_layout *whole, int32_t axis, int64_t start, int64_t count, size_t *offset, onednn_layout **out) {
  *out = NULL;
  dnnl_memory_desc_t part = whole->descriptor;
  const dnnl_blocking_desc_t *blocks = &part.format_desc.blocking;
  const int64_t block = axis == 1 ? onednn_layout_block(whole) : blocks->inner_nblks == 0 ? 1 : 0;
  if (part.format_kind != dnnl_blocked || block == 0 || start % block != 0 || count % block != 0) return ONEDNN_UNSUPPORTED;
  part.dims[axis] = part.padded_dims[axis] = count;
  *offset = (size_t)(start / block * blocks->strides[axis]) * bytes_of(part.data_type);
  return layout_of(&part, out);
}

onednn_status onednn_layout_run(
    const onednn_layout *whole, int32_t axis, int64_t start, int64_t count, size_t *offset, onednn_layout **out) {
  *out = NULL;
  dnnl_memory_desc_t part = whole->descriptor;
  dnnl_blocking_desc_t *blocks = &part.format_desc.blocking;
  const int64_t block = axis == 1 ? onednn_layout_block(whole) : blocks->inner_nblks == 0 ? 1 : 0;
  if (part.format_kind != dnnl_blocked || block == 0 || start % block != 0 || count % block != 0) return ONEDNN_UNSUPPORTED;
  // The part is one piece where every axis that moves further than this one has a single place.
  int64_t inner = block;
  for (int32_t other = 0; other < part.ndims; other++) {
    if (other == axis) continue;
    if (part.dims[other] != 1 && blocks->strides[other] > blocks->strides[axis]) return ONEDNN_UNSUPPORTED;
    if (blocks->strides[other] <= blocks->strides[axis]) inner *= part.dims[other];
  }
  // Without gaps, so that the part's size is what its own layout says.
  if (inner < blocks->strides[axis]) return ONEDNN_UNSUPPORTED;
  part.dims[axis] = part.padded_dims[axis] = count;
  for (int32_t other = 0; other < part.ndims; other++) {
    if (other != axis && blocks->strides[other] > blocks->strides[axis]) {
      blocks->strides[other] = count / block * blocks->strides[axis];
    }
  }
  *offset = (size_t)(start / block * blocks->strides[axis]) * bytes_of(part.data_type);
  return layout_of(&part, out);
}
