#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

#include "functions.h"

onednn_table onednn;

#define TEXT_OF(value) #value
#define TEXT(value) TEXT_OF(value)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int is_ready = 0;

static onednn_status load(onednn_message *message) {
  // The version that the headers describe; the handle is never closed, for the table points into it.
  void *library = dlopen("libdnnl.so." TEXT(DNNL_VERSION_MAJOR), RTLD_LAZY | RTLD_LOCAL);
  if (library == NULL) {
    snprintf(message->text, sizeof message->text, "%s", dlerror());
    return ONEDNN_MISSING_LIBRARY;
  }
  // POSIX lets a data pointer of dlsym be stored as a function's.
#define FIND(name) \
  *(void **)&onednn.name = dlsym(library, #name); \
  if (onednn.name == NULL) { \
    snprintf(message->text, sizeof message->text, "libdnnl lacks %s", #name); \
    return ONEDNN_MISSING_LIBRARY; \
  }
  ONEDNN_FUNCTIONS(FIND)
#undef FIND
  // Found among the libraries that libdnnl brings along; absent where it was built with other threads.
#define FIND_OPTIONAL(name) *(void **)&onednn.name = dlsym(library, #name);
  FIND_OPTIONAL(omp_set_num_threads)
  FIND_OPTIONAL(omp_get_max_threads)
  FIND_OPTIONAL(omp_get_num_threads)
  FIND_OPTIONAL(omp_get_thread_num)
  FIND_OPTIONAL(GOMP_parallel)
#undef FIND_OPTIONAL
  if (onednn.dnnl_engine_create(&onednn.engine, dnnl_cpu, 0) != dnnl_success ||
      onednn.dnnl_stream_create(&onednn.stream, onednn.engine, dnnl_stream_default_flags) != dnnl_success) {
    snprintf(message->text, sizeof message->text, "oneDNN has no engine for this processor");
    return ONEDNN_FAILED;
  }
  return ONEDNN_OK;
}

onednn_status onednn_prepare(onednn_message *version, onednn_message *message) {
  message->text[0] = 0;
  pthread_mutex_lock(&lock);
  const onednn_status status = is_ready ? ONEDNN_OK : load(message);
  if (status == ONEDNN_OK) is_ready = 1;
  pthread_mutex_unlock(&lock);
  if (status != ONEDNN_OK) return status;
  const dnnl_version_t *found = onednn.dnnl_version();
  snprintf(version->text, sizeof version->text, "%d.%d.%d", found->major, found->minor, found->patch);
  return ONEDNN_OK;
}

void onednn_threads_set(int32_t count) {
  if (onednn.omp_set_num_threads != NULL) onednn.omp_set_num_threads(count);
}

int32_t onednn_threads_exchange(int32_t count) {
  const int32_t before = onednn.omp_get_max_threads == NULL ? 1 : onednn.omp_get_max_threads();
  onednn_threads_set(count);
  return before;
}

int32_t onednn_has_bf16(void) {
  const dnnl_cpu_isa_t instructions = onednn.dnnl_get_effective_cpu_isa();
  return instructions == dnnl_cpu_isa_avx512_core_bf16 || instructions == dnnl_cpu_isa_avx512_core_amx;
}

int32_t onednn_has_byte_products(void) {
  const dnnl_cpu_isa_t instructions = onednn.dnnl_get_effective_cpu_isa();
  return instructions == dnnl_cpu_isa_avx2_vnni || instructions == dnnl_cpu_isa_avx512_core_vnni || onednn_has_bf16();
}

const char *onednn_instructions(void) {
  switch (onednn.dnnl_get_effective_cpu_isa()) {
    case dnnl_cpu_isa_sse41: return "sse41";
    case dnnl_cpu_isa_avx: return "avx";
    case dnnl_cpu_isa_avx2: return "avx2";
    case dnnl_cpu_isa_avx2_vnni: return "avx2_vnni";
    case dnnl_cpu_isa_avx512_core: return "avx512_core";
    case dnnl_cpu_isa_avx512_core_vnni: return "avx512_core_vnni";
    case dnnl_cpu_isa_avx512_core_bf16: return "avx512_core_bf16";
    case dnnl_cpu_isa_avx512_core_amx: return "avx512_core_amx";
    default: return "another";
  }
}
