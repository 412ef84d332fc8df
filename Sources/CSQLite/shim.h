#include <sqlite3.h>

/* What Swift cannot import: macros that cast, and functions with a variable number of arguments. */

static inline void csqlite_result_static_text(sqlite3_context *context, const void *text, int byteCount) {
    sqlite3_result_text(context, (const char *)text, byteCount, SQLITE_STATIC);
}

static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const void *text, int byteCount) {
    return sqlite3_bind_text(statement, index, (const char *)text, byteCount, SQLITE_TRANSIENT);
}

static inline int csqlite_set_option(sqlite3 *database, int option, int value) {
    return sqlite3_db_config(database, option, value, (int *)0);
}

/* To be called before anything else of SQLite. Its counts of memory are of no use to us, and cost a lock for each piece of memory. */
static inline int csqlite_count_no_memory(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
