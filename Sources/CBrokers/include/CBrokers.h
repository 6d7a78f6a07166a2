// The face of the clients of message brokers that the Publishing module sees: MQTT by libmosquitto, NATS by libnats, Redis by hiredis. No type
// of theirs appears in it.
//
// Each library is loaded when a broker of its kind is first asked for, so that nothing else needs it; building needs the headers only. A client
// belongs to one thread at a time. Texts end with a zero byte.
#ifndef CBROKERS_H
#define CBROKERS_H

#include <stddef.h>
#include <stdint.h>

typedef enum brokers_status {
  BROKERS_OK = 0,
  /// The library is not installed, or not in the version of the headers.
  BROKERS_MISSING_LIBRARY = 1,
  /// Nobody answers at the address, in time or at all.
  BROKERS_UNREACHABLE = 2,
  /// The broker does not let this client in, or does not take what it sends.
  BROKERS_REFUSED = 3,
  /// What answers does not speak the protocol.
  BROKERS_GARBAGE = 4,
  /// The connection was there and is lost.
  BROKERS_LOST = 5,
} brokers_status;

/// A sentence or half of one.
typedef struct brokers_message {
  char text[256];
} brokers_message;

/// Something to be told to a broker.
typedef struct brokers_item {
  /// An MQTT topic, a NATS subject or a Redis key.
  const char *topic;
  /// The same for every repeat, and for nothing else.
  const char *key;
  /// The id of an entry of a Redis stream, `MILLISECONDS-NUMBER`.
  const char *entry;
  const void *payload;
  size_t length;
  /// Whether it replaces what was said on its topic before, and is what a reader that comes later is told first.
  int32_t is_state;
  /// Milliseconds after which a state is forgotten where the broker can do so; 0: never.
  int64_t lifetime;
  /// The most entries that its Redis stream keeps, about; 0: all.
  int64_t most_entries;
} brokers_item;

typedef struct brokers_settings {
  const char *host;
  int32_t port;
  /// NULL where there is none.
  const char *user;
  const char *password;
  int32_t is_encrypted;
  /// A file of certificates that are trusted; NULL: those of the system.
  const char *authorities;
  /// The client's name, of its own.
  const char *name;
  /// What the broker is to say should the client go without a word; only MQTT can.
  brokers_item will;
  /// The longest wait for an answer, milliseconds.
  int32_t patience;
} brokers_settings;

/// A kind of client. All functions but `destroy` give a status, and a message where it is not BROKERS_OK; a client of which one has failed
/// is only destroyed.
typedef struct brokers_kind {
  /// Connects and waits until the broker has let the client in.
  brokers_status (*create)(const brokers_settings *settings, void **out, brokers_message *message);
  /// Sends items in their order and waits until the broker has each of them.
  brokers_status (*send)(void *client, const brokers_item *items, size_t count, brokers_message *message);
  /// Keeps the connection alive and notices its end; returns at once. To be called every few seconds.
  brokers_status (*tend)(void *client, brokers_message *message);
  /// Takes leave of the broker; accepts NULL.
  void (*destroy)(void *client);
} brokers_kind;

const brokers_kind *brokers_mqtt(void);
const brokers_kind *brokers_nats(void);
const brokers_kind *brokers_redis(void);

#endif
