#include <dlfcn.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "include/CSQLite.h"

struct csqlite_database {
  sqlite3 *handle;
};

struct csqlite_statement {
  sqlite3_stmt *handle;
  sqlite3 *database;
};

/// Every function in use.
#define FUNCTIONS(X) \
  X(sqlite3_open_v2) \
  X(sqlite3_close) \
  X(sqlite3_errmsg) \
  X(sqlite3_exec) \
  X(sqlite3_prepare_v2) \
  X(sqlite3_finalize) \
  X(sqlite3_bind_int64) \
  X(sqlite3_bind_double) \
  X(sqlite3_bind_text64) \
  X(sqlite3_step) \
  X(sqlite3_reset) \
  X(sqlite3_clear_bindings)

#define MEMBER(name) __typeof__(name) *name;
static struct {
  FUNCTIONS(MEMBER)
} library;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int is_ready = 0;

static int32_t load(csqlite_message *message) {
  // The name that the library has had since 2004; the handle is never closed, for the table points into it.
  void *handle = dlopen("libsqlite3.so.0", RTLD_LAZY | RTLD_LOCAL);
  if (handle == NULL) {
    snprintf(message->text, sizeof message->text, "%s", dlerror());
    return 1;
  }
  // POSIX lets a data pointer of dlsym be stored as a function's.
#define FIND(name) \
  *(void **)&library.name = dlsym(handle, #name); \
  if (library.name == NULL) { \
    snprintf(message->text, sizeof message->text, "libsqlite3 lacks %s", #name); \
    return 1; \
  }
  FUNCTIONS(FIND)
#undef FIND
  is_ready = 1;
  return 0;
}

static int32_t prepare(csqlite_message *message) {
  message->text[0] = 0;
  pthread_mutex_lock(&lock);
  const int32_t status = is_ready ? 0 : load(message);
  pthread_mutex_unlock(&lock);
  return status;
}

static int32_t fail(sqlite3 *handle, csqlite_message *message) {
  snprintf(message->text, sizeof message->text, "%s", handle == NULL ? "out of memory" : library.sqlite3_errmsg(handle));
  return 1;
}

int32_t csqlite_create(const char *path, csqlite_database **out, csqlite_message *message) {
  if (prepare(message) != 0) return 1;
  csqlite_database *database = calloc(1, sizeof *database);
  if (database == NULL) return fail(NULL, message);
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (library.sqlite3_open_v2(path, &database->handle, flags, NULL) != SQLITE_OK) {
    const int32_t status = fail(database->handle, message);
    // A handle can be there after a failure too, and NULL is accepted.
    library.sqlite3_close(database->handle);
    free(database);
    return status;
  }
  *out = database;
  return 0;
}

int32_t csqlite_destroy(csqlite_database *database, csqlite_message *message) {
  if (database == NULL) return 0;
  const int32_t status = library.sqlite3_close(database->handle) == SQLITE_OK ? 0 : fail(database->handle, message);
  free(database);
  return status;
}

int32_t csqlite_execute(csqlite_database *database, const char *text, csqlite_message *message) {
  return library.sqlite3_exec(database->handle, text, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail(database->handle, message);
}

int32_t csqlite_statement_create(
  csqlite_database *database, const char *text, csqlite_statement **out, csqlite_message *message) {
  csqlite_statement *statement = calloc(1, sizeof *statement);
  if (statement == NULL) return fail(NULL, message);
  statement->database = database->handle;
  if (library.sqlite3_prepare_v2(database->handle, text, -1, &statement->handle, NULL) != SQLITE_OK) {
    free(statement);
    return fail(database->handle, message);
  }
  *out = statement;
  return 0;
}

void csqlite_statement_destroy(csqlite_statement *statement) {
  if (statement == NULL) return;
  library.sqlite3_finalize(statement->handle);
  free(statement);
}

int32_t csqlite_bind_integer(csqlite_statement *statement, int32_t place, int64_t value) {
  return library.sqlite3_bind_int64(statement->handle, place, value) != SQLITE_OK;
}

int32_t csqlite_bind_real(csqlite_statement *statement, int32_t place, double value) {
  return library.sqlite3_bind_double(statement->handle, place, value) != SQLITE_OK;
}

int32_t csqlite_bind_text(csqlite_statement *statement, int32_t place, const char *text, size_t length) {
  // An empty text may come without an address, which would be NULL.
  return library.sqlite3_bind_text64(statement->handle, place, text == NULL ? "" : text, length, SQLITE_TRANSIENT, SQLITE_UTF8) != SQLITE_OK;
}

int32_t csqlite_statement_run(csqlite_statement *statement, csqlite_message *message) {
  const int status = library.sqlite3_step(statement->handle);
  const int32_t result = status == SQLITE_DONE || status == SQLITE_ROW ? 0 : fail(statement->database, message);
  library.sqlite3_reset(statement->handle);
  library.sqlite3_clear_bindings(statement->handle);
  return result;
}
