// The face of SQLite that the Batch module sees: a database file that tables are written into. No type of SQLite appears in it.
//
// The library is loaded when a database is first asked for, so that nothing else needs it. Calls give 0, or 1 with a message.
#ifndef CSQLITE_H
#define CSQLITE_H

#include <stddef.h>
#include <stdint.h>

/// A sentence or half of one, always ended by a zero byte.
typedef struct csqlite_message {
  char text[256];
} csqlite_message;

typedef struct csqlite_database csqlite_database;
typedef struct csqlite_statement csqlite_statement;

/// Opens a new or empty file.
int32_t csqlite_create(const char *path, csqlite_database **out, csqlite_message *message);

/// Closes the database; accepts NULL. Statements must have been destroyed before.
int32_t csqlite_destroy(csqlite_database *database, csqlite_message *message);

/// Does what a text of SQL says.
int32_t csqlite_execute(csqlite_database *database, const char *text, csqlite_message *message);

/// Makes a statement ready, to be run many times.
int32_t csqlite_statement_create(
  csqlite_database *database, const char *text, csqlite_statement **out, csqlite_message *message);

/// Accepts NULL.
void csqlite_statement_destroy(csqlite_statement *statement);

/// Sets the place of a value, from 1; places that were not set are NULL. Texts are copied.
int32_t csqlite_bind_integer(csqlite_statement *statement, int32_t place, int64_t value);
int32_t csqlite_bind_real(csqlite_statement *statement, int32_t place, double value);
int32_t csqlite_bind_text(csqlite_statement *statement, int32_t place, const char *text, size_t length);

/// Runs the statement and clears its values for the next time.
int32_t csqlite_statement_run(csqlite_statement *statement, csqlite_message *message);

#endif
