#include <errno.h>
#include <mosquitto.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LIBRARY_FILE "libmosquitto.so.1"
#define FUNCTIONS(X) \
  X(mosquitto_lib_init) \
  X(mosquitto_new) \
  X(mosquitto_destroy) \
  X(mosquitto_username_pw_set) \
  X(mosquitto_tls_set) \
  X(mosquitto_will_set) \
  X(mosquitto_max_inflight_messages_set) \
  X(mosquitto_connect_callback_set) \
  X(mosquitto_publish_callback_set) \
  X(mosquitto_connect) \
  X(mosquitto_disconnect) \
  X(mosquitto_publish) \
  X(mosquitto_loop) \
  X(mosquitto_connack_string) \
  X(mosquitto_strerror)
#include "loading.h"

LIBRARY_TABLE

/// At least once: the broker confirms each message.
static const int at_least_once = 1;
/// Seconds without a word after which the broker says the will, half as much again by the standard.
static const int keepalive = 10;
/// Milliseconds that one look at the socket may wait for an answer.
static const int glance = 50;

typedef struct client {
  struct mosquitto *handle;
  int32_t patience;
  /// The broker's answer to the connection: -1 until it comes, 0 for a welcome.
  int answer;
  /// Messages that the broker has not confirmed.
  size_t open;
} client;

static void connected(struct mosquitto *handle, void *context, int answer) {
  (void)handle;
  ((client *)context)->answer = answer;
}

static void confirmed(struct mosquitto *handle, void *context, int number) {
  (void)handle;
  (void)number;
  client *client = context;
  if (client->open > 0) client->open -= 1;
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/// What an error of the library means; `otherwise` where it tells no more than that the connection is gone.
static brokers_status explain(int code, brokers_status otherwise, brokers_message *message) {
  const char *reason = code == MOSQ_ERR_ERRNO ? strerror(errno) : library.mosquitto_strerror(code);
  switch (code) {
    case MOSQ_ERR_PROTOCOL:
    case MOSQ_ERR_MALFORMED_PACKET:
    case MOSQ_ERR_MALFORMED_UTF8: return fail(BROKERS_GARBAGE, message, "%s", reason);
    case MOSQ_ERR_TLS:
    case MOSQ_ERR_TLS_HANDSHAKE:
    case MOSQ_ERR_AUTH:
    case MOSQ_ERR_ACL_DENIED:
    case MOSQ_ERR_PAYLOAD_SIZE:
    case MOSQ_ERR_OVERSIZE_PACKET: return fail(BROKERS_REFUSED, message, "%s", reason);
    default: return fail(otherwise, message, "%s", reason);
  }
}

static void destroy(void *context) {
  client *client = context;
  if (client == NULL) return;
  // Queues the farewell, without which the broker says the will; one look sends it.
  if (client->answer == 0 && library.mosquitto_disconnect(client->handle) == MOSQ_ERR_SUCCESS) {
    library.mosquitto_loop(client->handle, glance, 1);
  }
  library.mosquitto_destroy(client->handle);
  free(client);
}

static brokers_status introduce(client *client, const brokers_settings *settings, brokers_message *message) {
  int code = MOSQ_ERR_SUCCESS;
  if (settings->user != NULL || settings->password != NULL) {
    // MQTT 3.1.1 has no password without a user.
    const char *user = settings->user == NULL ? "" : settings->user;
    code = library.mosquitto_username_pw_set(client->handle, user, settings->password);
  }
  if (code == MOSQ_ERR_SUCCESS && settings->is_encrypted) {
    const char *folder = settings->authorities == NULL ? "/etc/ssl/certs" : NULL;
    code = library.mosquitto_tls_set(client->handle, settings->authorities, folder, NULL, NULL, NULL);
  }
  const brokers_item *will = &settings->will;
  if (code == MOSQ_ERR_SUCCESS && will->topic != NULL) {
    code = library.mosquitto_will_set(client->handle, will->topic, (int)will->length, will->payload, at_least_once, true);
  }
  if (code != MOSQ_ERR_SUCCESS) return explain(code, BROKERS_REFUSED, message);
  // Of the protocol's own limit: waiting for confirmations is the sender's business.
  library.mosquitto_max_inflight_messages_set(client->handle, 65535);
  library.mosquitto_connect_callback_set(client->handle, connected);
  library.mosquitto_publish_callback_set(client->handle, confirmed);
  return BROKERS_OK;
}

static brokers_status enter(client *client, const brokers_settings *settings, brokers_message *message) {
  const int code = library.mosquitto_connect(client->handle, settings->host, settings->port, keepalive);
  if (code == MOSQ_ERR_EAI) return fail(BROKERS_UNREACHABLE, message, "there is no such host");
  if (code != MOSQ_ERR_SUCCESS) return explain(code, BROKERS_UNREACHABLE, message);
  const int64_t end = now() + settings->patience;
  while (client->answer < 0) {
    if (now() > end) return fail(BROKERS_GARBAGE, message, "it does not answer as a broker of MQTT does");
    const int looked = library.mosquitto_loop(client->handle, glance, 1);
    if (client->answer >= 0) break;
    // A broker says why it ends a connection; what says nothing or anything else is none.
    if (looked != MOSQ_ERR_SUCCESS) return explain(looked, BROKERS_GARBAGE, message);
  }
  return client->answer == 0 ? BROKERS_OK
                             : fail(BROKERS_REFUSED, message, "%s", library.mosquitto_connack_string(client->answer));
}

static brokers_status create(const brokers_settings *settings, void **out, brokers_message *message) {
  brokers_status status = prepare(message);
  if (status != BROKERS_OK) return status;
  pthread_mutex_lock(&lock);
  library.mosquitto_lib_init();
  pthread_mutex_unlock(&lock);
  client *made = calloc(1, sizeof *made);
  if (made == NULL) return fail(BROKERS_LOST, message, "out of memory");
  made->answer = -1;
  made->patience = settings->patience;
  made->handle = library.mosquitto_new(settings->name, true, made);
  if (made->handle == NULL) {
    free(made);
    return fail(BROKERS_LOST, message, "%s", strerror(errno));
  }
  status = introduce(made, settings, message);
  if (status == BROKERS_OK) status = enter(made, settings, message);
  if (status != BROKERS_OK) {
    destroy(made);
    return status;
  }
  *out = made;
  return BROKERS_OK;
}

static brokers_status send(void *context, const brokers_item *items, size_t count, brokers_message *message) {
  client *client = context;
  for (size_t index = 0; index < count; index++) {
    const brokers_item *item = &items[index];
    const int code = library.mosquitto_publish(
      client->handle, NULL, item->topic, (int)item->length, item->payload, at_least_once, item->is_state);
    if (code != MOSQ_ERR_SUCCESS) return explain(code, BROKERS_LOST, message);
    client->open += 1;
  }
  const int64_t end = now() + client->patience;
  while (client->open > 0) {
    if (now() > end) return fail(BROKERS_LOST, message, "it has not confirmed what it was sent");
    const int code = library.mosquitto_loop(client->handle, glance, 1);
    if (code != MOSQ_ERR_SUCCESS) return explain(code, BROKERS_LOST, message);
  }
  return BROKERS_OK;
}

static brokers_status tend(void *context, brokers_message *message) {
  client *client = context;
  const int code = library.mosquitto_loop(client->handle, 0, 1);
  return code == MOSQ_ERR_SUCCESS ? BROKERS_OK : explain(code, BROKERS_LOST, message);
}

static const brokers_kind kind = {create, send, tend, destroy};

const brokers_kind *brokers_mqtt(void) { return &kind; }
