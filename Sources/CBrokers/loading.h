// A library's functions as a table of pointers that is filled when the library is first needed.
#ifndef CBROKERS_LOADING_H
#define CBROKERS_LOADING_H

#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

#include "include/CBrokers.h"

#define TEXT_OF(value) #value
#define TEXT(value) TEXT_OF(value)

/// A member of the table, typed by the header's declaration.
#define LIBRARY_MEMBER(name) __typeof__(name) *name;

// POSIX lets a data pointer of dlsym be stored as a function's. The handle is never closed, for the table points into it.
#define LIBRARY_FIND(name) \
  *(void **)&library.name = dlsym(handle, #name); \
  if (library.name == NULL) { \
    snprintf(message->text, sizeof message->text, "%s lacks %s", LIBRARY_FILE, #name); \
    return BROKERS_MISSING_LIBRARY; \
  }

/// Declares `library`, the table of FUNCTIONS, and `prepare`, which fills it from LIBRARY_FILE.
#define LIBRARY_TABLE \
  static struct { \
    FUNCTIONS(LIBRARY_MEMBER) \
  } library; \
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; \
  static int is_ready = 0; \
  static brokers_status load(brokers_message *message) { \
    void *handle = dlopen(LIBRARY_FILE, RTLD_LAZY | RTLD_LOCAL); \
    if (handle == NULL) { \
      snprintf(message->text, sizeof message->text, "%s", dlerror()); \
      return BROKERS_MISSING_LIBRARY; \
    } \
    FUNCTIONS(LIBRARY_FIND) \
    is_ready = 1; \
    return BROKERS_OK; \
  } \
  static brokers_status prepare(brokers_message *message) { \
    message->text[0] = 0; \
    pthread_mutex_lock(&lock); \
    const brokers_status status = is_ready ? BROKERS_OK : load(message); \
    pthread_mutex_unlock(&lock); \
    return status; \
  }

/// Fills in a message and gives a status.
__attribute__((format(printf, 3, 4))) static inline brokers_status fail(
  brokers_status status, brokers_message *message, const char *form, ...) {
  va_list arguments;
  va_start(arguments, form);
  vsnprintf(message->text, sizeof message->text, form, arguments);
  va_end(arguments);
  return status;
}

#endif
