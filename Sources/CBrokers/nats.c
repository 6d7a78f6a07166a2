#include <nats/nats.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define LIBRARY_FILE "libnats.so." TEXT(NATS_VERSION_MAJOR) "." TEXT(NATS_VERSION_MINOR)
#define FUNCTIONS(X) \
  X(natsOptions_Create) \
  X(natsOptions_Destroy) \
  X(natsOptions_SetURL) \
  X(natsOptions_SetUserInfo) \
  X(natsOptions_SetToken) \
  X(natsOptions_SetName) \
  X(natsOptions_SetTimeout) \
  X(natsOptions_SetAllowReconnect) \
  X(natsOptions_SetSecure) \
  X(natsOptions_SetExpectedHostname) \
  X(natsOptions_LoadCATrustedCertificates) \
  X(natsConnection_Connect) \
  X(natsConnection_Destroy) \
  X(natsConnection_Status) \
  X(natsConnection_GetLastError) \
  X(natsConnection_FlushTimeout) \
  X(natsConnection_PublishMsg) \
  X(natsConnection_JetStream) \
  X(natsMsg_Create) \
  X(natsMsg_Destroy) \
  X(natsMsgHeader_Set) \
  X(jsOptions_Init) \
  X(jsPubOptions_Init) \
  X(jsCtx_Destroy) \
  X(js_PublishMsgAsync) \
  X(js_PublishAsyncComplete) \
  X(natsStatus_GetText) \
  X(nats_GetLastError)
#include "loading.h"

LIBRARY_TABLE

typedef struct client {
  natsConnection *connection;
  jsCtx *stream;
  int32_t patience;
  /// Whether a stream of JetStream has taken messages, -1: none has been asked yet; 0: there is none for them.
  int has_stream;
} client;

/// Counted by the library's own thread: messages of the present batch that no stream has taken, and those among them that none was there for.
/// They belong to no client, for that thread may come back to one that is gone; what it counts too much is only sent once more.
static atomic_int failed;
static atomic_int unanswered;

static void not_stored(jsCtx *stream, jsPubAckErr *error, void *context) {
  (void)stream;
  (void)context;
  if (error->Err == NATS_NO_RESPONDERS) atomic_fetch_add(&unanswered, 1);
  atomic_fetch_add(&failed, 1);
}

/// What an error of the library means; `otherwise` where it tells no more than that the connection is gone.
static brokers_status explain(natsStatus code, brokers_status otherwise, brokers_message *message) {
  // The sentence of the thread's last error, which says more than the code.
  const char *said = library.nats_GetLastError(NULL);
  const char *reason = said != NULL && said[0] != 0 ? said : library.natsStatus_GetText(code);
  switch (code) {
    case NATS_PROTOCOL_ERROR:
    case NATS_LINE_TOO_LONG: return fail(BROKERS_GARBAGE, message, "%s", reason);
    case NATS_CONNECTION_AUTH_FAILED:
    case NATS_NOT_PERMITTED:
    case NATS_SECURE_CONNECTION_WANTED:
    case NATS_SECURE_CONNECTION_REQUIRED:
    case NATS_SSL_ERROR:
    case NATS_MAX_PAYLOAD: return fail(BROKERS_REFUSED, message, "%s", reason);
    default: return fail(otherwise, message, "%s", reason);
  }
}

static natsStatus describe(natsOptions *options, const brokers_settings *settings) {
  char address[512];
  // An address of version 6 stands in brackets.
  const int is_bare = strchr(settings->host, ':') == NULL;
  const int length = snprintf(
    address, sizeof address, is_bare ? "nats://%s:%d" : "nats://[%s]:%d", settings->host, settings->port);
  if (length < 0 || (size_t)length >= sizeof address) return NATS_ADDRESS_MISSING;
  natsStatus code = library.natsOptions_SetURL(options, address);
  if (code == NATS_OK) code = library.natsOptions_SetName(options, settings->name);
  if (code == NATS_OK) code = library.natsOptions_SetTimeout(options, settings->patience);
  // Whoever calls makes another client and sends again what was not confirmed.
  if (code == NATS_OK) code = library.natsOptions_SetAllowReconnect(options, false);
  if (code == NATS_OK && settings->user != NULL) {
    code = library.natsOptions_SetUserInfo(options, settings->user, settings->password == NULL ? "" : settings->password);
  } else if (code == NATS_OK && settings->password != NULL) {
    code = library.natsOptions_SetToken(options, settings->password);
  }
  if (code == NATS_OK && settings->is_encrypted) code = library.natsOptions_SetSecure(options, true);
  if (code == NATS_OK && settings->is_encrypted) code = library.natsOptions_SetExpectedHostname(options, settings->host);
  if (code == NATS_OK && settings->is_encrypted && settings->authorities != NULL) {
    code = library.natsOptions_LoadCATrustedCertificates(options, settings->authorities);
  }
  return code;
}

static void destroy(void *context) {
  client *client = context;
  if (client == NULL) return;
  library.jsCtx_Destroy(client->stream);
  library.natsConnection_Destroy(client->connection);
  free(client);
}

static natsStatus enter(client *client, const brokers_settings *settings) {
  natsOptions *options = NULL;
  natsStatus code = library.natsOptions_Create(&options);
  if (code == NATS_OK) code = describe(options, settings);
  if (code == NATS_OK) code = library.natsConnection_Connect(&client->connection, options);
  library.natsOptions_Destroy(options);
  if (code != NATS_OK) return code;
  jsOptions stream;
  code = library.jsOptions_Init(&stream);
  stream.PublishAsync.ErrHandler = not_stored;
  return code == NATS_OK ? library.natsConnection_JetStream(&client->stream, client->connection, &stream) : code;
}

static brokers_status create(const brokers_settings *settings, void **out, brokers_message *message) {
  const brokers_status status = prepare(message);
  if (status != BROKERS_OK) return status;
  client *made = calloc(1, sizeof *made);
  if (made == NULL) return fail(BROKERS_LOST, message, "out of memory");
  made->patience = settings->patience;
  made->has_stream = -1;
  const natsStatus code = enter(made, settings);
  if (code != NATS_OK) {
    const brokers_status result = explain(code, BROKERS_UNREACHABLE, message);
    destroy(made);
    return result;
  }
  *out = made;
  return BROKERS_OK;
}

static natsStatus make(natsMsg **out, const brokers_item *item) {
  natsStatus code = library.natsMsg_Create(out, item->topic, NULL, item->payload, (int)item->length);
  if (code == NATS_OK) code = library.natsMsgHeader_Set(*out, "Nats-Msg-Id", item->key);
  return code;
}

/// Sends items that nothing need keep; the answer to a ping behind them tells that the server has them.
static brokers_status tell(client *client, const brokers_item *items, size_t count, brokers_message *message) {
  natsStatus code = NATS_OK;
  for (size_t index = 0; index < count && code == NATS_OK; index++) {
    natsMsg *made = NULL;
    code = make(&made, &items[index]);
    if (code == NATS_OK) code = library.natsConnection_PublishMsg(client->connection, made);
    library.natsMsg_Destroy(made);
  }
  if (code == NATS_OK) code = library.natsConnection_FlushTimeout(client->connection, client->patience);
  return code == NATS_OK ? BROKERS_OK : explain(code, BROKERS_LOST, message);
}

/// Sends items to the stream that listens to their subjects, and waits until it has stored each.
static brokers_status store(client *client, const brokers_item *items, size_t count, brokers_message *message) {
  atomic_store(&failed, 0);
  atomic_store(&unanswered, 0);
  jsPubOptions options;
  natsStatus code = library.jsPubOptions_Init(&options);
  options.MaxWait = client->patience;
  for (size_t index = 0; index < count && code == NATS_OK; index++) {
    natsMsg *made = NULL;
    code = make(&made, &items[index]);
    // The library keeps the message that it takes, and leaves it where it fails.
    if (code == NATS_OK) code = library.js_PublishMsgAsync(client->stream, &made, NULL);
    library.natsMsg_Destroy(made);
  }
  if (code == NATS_OK) code = library.js_PublishAsyncComplete(client->stream, &options);
  if (code != NATS_OK) return explain(code, BROKERS_LOST, message);
  return BROKERS_OK;
}

static brokers_status send(void *context, const brokers_item *items, size_t count, brokers_message *message) {
  client *client = context;
  // A state is worth nothing once it is old, so no stream is asked to keep it.
  if (client->has_stream == 0 || (count > 0 && items[0].is_state)) return tell(client, items, count, message);
  const brokers_status status = store(client, items, count, message);
  if (status != BROKERS_OK) return status;
  const int missing = atomic_load(&failed);
  if (missing == 0) {
    client->has_stream = 1;
    return BROKERS_OK;
  }
  // Where no stream has ever answered the server has none for these subjects, and only those who listen now are told.
  if (client->has_stream < 0 && atomic_load(&unanswered) == missing) {
    client->has_stream = 0;
    return tell(client, items, count, message);
  }
  return fail(BROKERS_LOST, message, "its stream has not stored %d of %zu messages", missing, count);
}

static brokers_status tend(void *context, brokers_message *message) {
  client *client = context;
  if (library.natsConnection_Status(client->connection) == NATS_CONN_STATUS_CONNECTED) return BROKERS_OK;
  const char *reason = NULL;
  library.natsConnection_GetLastError(client->connection, &reason);
  return fail(BROKERS_LOST, message, "%s", reason != NULL && reason[0] != 0 ? reason : "the connection was closed");
}

static const brokers_kind kind = {create, send, tend, destroy};

const brokers_kind *brokers_nats(void) { return &kind; }
