#include <hiredis/hiredis.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#define LIBRARY_FILE "libhiredis.so." TEXT(HIREDIS_SONAME)
#define FUNCTIONS(X) \
  X(redisConnectWithTimeout) \
  X(redisSetTimeout) \
  X(redisCommandArgv) \
  X(redisAppendCommandArgv) \
  X(redisGetReply) \
  X(redisFree) \
  X(freeReplyObject)
#include "loading.h"

LIBRARY_TABLE

/// Words of the longest command here.
enum { most_words = 12 };

/// A command as it is put together: words with their lengths.
typedef struct command {
  const char *words[most_words];
  size_t lengths[most_words];
  int count;
} command;

static void add(command *command, const void *word, size_t length) {
  if (command->count == most_words) return;
  command->words[command->count] = word;
  command->lengths[command->count] = length;
  command->count += 1;
}

static void say(command *command, const char *word) { add(command, word, strlen(word)); }

/// What the context's own error means.
static brokers_status explain(redisContext *context, brokers_status otherwise, brokers_message *message) {
  const brokers_status status = context->err == REDIS_ERR_PROTOCOL ? BROKERS_GARBAGE : otherwise;
  return fail(status, message, "%s", context->errstr);
}

static brokers_status run(redisContext *context, const command *command, redisReply **out, brokers_message *message) {
  *out = library.redisCommandArgv(
    context, command->count, (const char **)command->words, command->lengths);
  return *out == NULL ? explain(context, BROKERS_LOST, message) : BROKERS_OK;
}

/// Runs a command whose answer tells only whether it went well.
static brokers_status expect(redisContext *context, const command *command, brokers_message *message) {
  redisReply *reply;
  brokers_status status = run(context, command, &reply, message);
  if (status != BROKERS_OK) return status;
  if (reply->type == REDIS_REPLY_ERROR) status = fail(BROKERS_REFUSED, message, "%s", reply->str);
  library.freeReplyObject(reply);
  return status;
}

static void destroy(void *context) {
  if (context != NULL) library.redisFree(context);
}

static brokers_status enter(redisContext *context, const brokers_settings *settings, brokers_message *message) {
  if (settings->password != NULL) {
    command command = {0};
    say(&command, "AUTH");
    if (settings->user != NULL) say(&command, settings->user);
    say(&command, settings->password);
    const brokers_status status = expect(context, &command, message);
    if (status != BROKERS_OK) return status;
  }
  command command = {0};
  say(&command, "PING");
  return expect(context, &command, message);
}

static brokers_status create(const brokers_settings *settings, void **out, brokers_message *message) {
  brokers_status status = prepare(message);
  if (status != BROKERS_OK) return status;
  if (settings->is_encrypted) {
    return fail(BROKERS_REFUSED, message, "this version of hiredis knows no TLS; take redis:// through a tunnel such as stunnel");
  }
  const struct timeval limit = {settings->patience / 1000, settings->patience % 1000 * 1000};
  redisContext *context = library.redisConnectWithTimeout(settings->host, settings->port, limit);
  if (context == NULL) return fail(BROKERS_LOST, message, "out of memory");
  if (context->err != 0) status = explain(context, BROKERS_UNREACHABLE, message);
  if (status == BROKERS_OK && library.redisSetTimeout(context, limit) != REDIS_OK) status = explain(context, BROKERS_LOST, message);
  if (status == BROKERS_OK) status = enter(context, settings, message);
  // A connection that is lost before the first answer never was one.
  if (status == BROKERS_LOST) status = fail(BROKERS_UNREACHABLE, message, "it does not answer in time");
  if (status != BROKERS_OK) {
    destroy(context);
    return status;
  }
  *out = context;
  return BROKERS_OK;
}

/// The command that adds an item to its stream, or sets a state. `number` is the place of a number's text.
static command make(const brokers_item *item, const char *entry, char number[24]) {
  command command = {0};
  if (item->is_state) {
    say(&command, "SET");
    say(&command, item->topic);
    add(&command, item->payload, item->length);
    if (item->lifetime > 0) {
      snprintf(number, 24, "%lld", (long long)item->lifetime);
      say(&command, "PX");
      say(&command, number);
    }
    return command;
  }
  say(&command, "XADD");
  say(&command, item->topic);
  if (item->most_entries > 0) {
    snprintf(number, 24, "%lld", (long long)item->most_entries);
    say(&command, "MAXLEN");
    say(&command, "~");
    say(&command, number);
  }
  say(&command, entry);
  say(&command, "key");
  say(&command, item->key);
  say(&command, "record");
  add(&command, item->payload, item->length);
  return command;
}

/// An entry that is not behind the stream's last one was added before, or belongs to a run before another that has added since; then it comes
/// under an id of the server's, with its key.
static brokers_status settle(redisContext *context, const brokers_item *item, brokers_message *message) {
  command search = {0};
  say(&search, "XRANGE");
  say(&search, item->topic);
  say(&search, item->entry);
  say(&search, item->entry);
  redisReply *reply;
  const brokers_status status = run(context, &search, &reply, message);
  if (status != BROKERS_OK) return status;
  const int is_there = reply->type == REDIS_REPLY_ARRAY && reply->elements > 0;
  library.freeReplyObject(reply);
  if (is_there) return BROKERS_OK;
  char number[24];
  const command command = make(item, "*", number);
  return expect(context, &command, message);
}

static brokers_status take(redisContext *context, const brokers_item *item, int *is_old, brokers_message *message) {
  redisReply *reply = NULL;
  if (library.redisGetReply(context, (void **)&reply) != REDIS_OK) return explain(context, BROKERS_LOST, message);
  brokers_status status = BROKERS_OK;
  *is_old = 0;
  if (reply->type == REDIS_REPLY_ERROR) {
    *is_old = !item->is_state && strstr(reply->str, "equal or smaller") != NULL;
    // A server that still reads its data says LOADING, a full one OOM: both may pass.
    if (!*is_old) status = fail(BROKERS_REFUSED, message, "%s", reply->str);
  }
  library.freeReplyObject(reply);
  return status;
}

static brokers_status send(void *client, const brokers_item *items, size_t count, brokers_message *message) {
  redisContext *context = client;
  for (size_t index = 0; index < count; index++) {
    char number[24];
    const command command = make(&items[index], items[index].entry, number);
    if (library.redisAppendCommandArgv(context, command.count, (const char **)command.words, command.lengths) != REDIS_OK) {
      return explain(context, BROKERS_LOST, message);
    }
  }
  char *old = calloc(count + 1, 1);
  if (old == NULL) return fail(BROKERS_LOST, message, "out of memory");
  brokers_status status = BROKERS_OK;
  for (size_t index = 0; index < count && status == BROKERS_OK; index++) {
    int is_old;
    status = take(context, &items[index], &is_old, message);
    old[index] = (char)is_old;
  }
  for (size_t index = 0; index < count && status == BROKERS_OK; index++) {
    if (old[index]) status = settle(context, &items[index], message);
  }
  free(old);
  return status;
}

static brokers_status tend(void *client, brokers_message *message) {
  command command = {0};
  say(&command, "PING");
  return expect(client, &command, message);
}

static const brokers_kind kind = {create, send, tend, destroy};

const brokers_kind *brokers_redis(void) { return &kind; }
