/* store_sqlite.c - the store in one SQLite file (WAL); nobody else includes sqlite3.h.
 *
 * Entries lie in one table without row ids, ordered by what is asked for (kind, ecosystem, value):
 * a look-up is one descent, and everything it answers with lies on the page where it ends. A second
 * index by source and member serves imports only. Tried and dropped: a table per kind (a look-up
 * then needs as many statements), and texts of sources and campaigns in tables of their own (a
 * fifth of the size, three times the look-up). */
#include "intel/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

enum {
    SCHEMA_VERSION = 1,
    APPLICATION_ID = 0x52545249, /* "RTRI" in the header of the file, for file(1) */
    BUSY_MS = 3000,
    CACHE_KIB = 48 * 1024,
};

static const char schema[] =
    "CREATE TABLE source(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, format TEXT NOT NULL,"
    " digest BLOB, imported INTEGER NOT NULL DEFAULT 0, newest INTEGER NOT NULL DEFAULT 0,"
    " turn INTEGER NOT NULL DEFAULT 0, packages INTEGER NOT NULL DEFAULT 0,"
    " indicators INTEGER NOT NULL DEFAULT 0, withdrawn INTEGER NOT NULL DEFAULT 0,"
    " members INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE member(source INTEGER NOT NULL, key INTEGER NOT NULL, seen INTEGER NOT NULL,"
    " PRIMARY KEY(source, key)) WITHOUT ROWID;"
    "CREATE TABLE entry(kind INTEGER NOT NULL, ecosystem TEXT NOT NULL, value TEXT NOT NULL,"
    " source INTEGER NOT NULL, member INTEGER NOT NULL, number INTEGER NOT NULL,"
    " role INTEGER NOT NULL, confidence INTEGER NOT NULL, tlp INTEGER NOT NULL,"
    " modified INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_until INTEGER NOT NULL,"
    " withdrawn INTEGER NOT NULL, versions TEXT NOT NULL, id TEXT NOT NULL,"
    " campaign TEXT NOT NULL, summary TEXT NOT NULL, reference TEXT NOT NULL,"
    " PRIMARY KEY(kind, ecosystem, value, source, member, number)) WITHOUT ROWID;"
    "CREATE INDEX entry_member ON entry(source, member);"
    "PRAGMA user_version=1; PRAGMA application_id=0x52545249;";

#define COLUMNS                                                                                    \
    "e.kind, e.ecosystem, e.value, e.role, e.confidence, e.tlp, e.modified, e.valid_from,"         \
    " e.valid_until, e.withdrawn, e.versions, e.id, e.campaign, e.summary, e.reference, s.name"

typedef enum { FIND, EACH, MEMBER_SEEN, ENTRY_PUT, STATEMENTS } Statement;
static const char *const texts[STATEMENTS] = {
    [FIND] = "SELECT " COLUMNS " FROM entry e JOIN source s ON s.id = e.source"
             " WHERE e.kind = ?1 AND e.ecosystem = ?2 AND e.value = ?3"
             " ORDER BY e.source, e.member, e.number",
    [EACH] = "SELECT " COLUMNS " FROM entry e JOIN source s ON s.id = e.source"
             " ORDER BY e.kind, e.ecosystem, e.value, e.source, e.member, e.number",
    [MEMBER_SEEN] = "INSERT INTO member VALUES(?1, ?2, ?3)"
                    " ON CONFLICT DO UPDATE SET seen = excluded.seen",
    [ENTRY_PUT] = "INSERT OR REPLACE INTO entry VALUES"
                  "(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18)",
};

struct RtStore {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    char shown[160];              /* the path, for messages */
    int64_t source, turn, member; /* of the import that runs; 0: none does */
    int64_t number;               /* of the next entry of `member` */
};

/* A statement for one use. */
static void finish_statement(sqlite3_stmt **statement) { sqlite3_finalize(*statement); }
#define STATEMENT __attribute__((cleanup(finish_statement))) sqlite3_stmt

static RtErr failed(const RtStore *store, int code)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return rt_fail(RT_ERR_IO, "another process is writing to %s; try again when it is done",
                       store->shown);
    case SQLITE_FULL:
        return rt_fail(RT_ERR_IO, "no room for %s on its disk; nothing was changed", store->shown);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return rt_fail(RT_ERR_FORMAT, "%s is damaged or no store; ratter intel verify tells more",
                       store->shown);
    case SQLITE_IOERR:
        return rt_fail(RT_ERR_IO, "cannot read or write %s; nothing was changed", store->shown);
    case SQLITE_READONLY:
        return rt_fail(RT_ERR_IO, "%s may not be written", store->shown);
    case SQLITE_CANTOPEN:
        return rt_fail(RT_ERR_IO, "cannot open %s", store->shown);
    default:
        return rt_fail(RT_ERR_IO, "%s: %s", store->shown,
                       store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(code));
    }
}

static RtErr run(const RtStore *store, const char *text)
{
    int code = sqlite3_exec(store->db, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? RT_FINE : failed(store, code);
}

static RtErr prepare(const RtStore *store, const char *text, sqlite3_stmt **ret_statement)
{
    int code = sqlite3_prepare_v3(store->db, text, -1, 0, ret_statement, NULL);
    return code == SQLITE_OK ? RT_FINE : failed(store, code);
}

/* The statement, prepared once and kept. */
static RtErr kept(RtStore *store, Statement which, sqlite3_stmt **ret_statement)
{
    if (store->statements[which] == NULL) {
        int code = sqlite3_prepare_v3(store->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT,
                                      &store->statements[which], NULL);
        if (code != SQLITE_OK)
            return failed(store, code);
    }
    *ret_statement = store->statements[which];
    return RT_FINE;
}

static RtErr ask_number(const RtStore *store, const char *text, int64_t *ret_number)
{
    STATEMENT *statement = NULL;
    RT_TRY(prepare(store, text, &statement));
    int code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return failed(store, code);
    *ret_number = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    return RT_FINE;
}

static void bind_text(sqlite3_stmt *statement, int at, RtStr text)
{
    /* The caller's bytes outlive the step that follows; an empty view must not become NULL. */
    sqlite3_bind_text64(statement, at, text.len ? (const char *)text.at : "", text.len,
                        SQLITE_STATIC, SQLITE_UTF8);
}

static RtStr column_text(sqlite3_stmt *statement, int at)
{
    const uint8_t *text = sqlite3_column_text(statement, at);
    int len = sqlite3_column_bytes(statement, at);
    return text && len > 0 ? (RtStr){ text, (size_t)len } : (RtStr){ 0 };
}

/* ---- opening ------------------------------------------------------------------------------- */

static RtErr check_schema(const RtStore *store, RtStoreMode mode)
{
    int64_t version = 0, id = 0, tables = 0;
    RT_TRY(ask_number(store, "PRAGMA user_version", &version));
    RT_TRY(ask_number(store, "PRAGMA application_id", &id));
    RT_TRY(ask_number(store, "SELECT count(*) FROM sqlite_schema", &tables));
    if (version == SCHEMA_VERSION && id == APPLICATION_ID)
        return RT_FINE;
    if (id == APPLICATION_ID && version > SCHEMA_VERSION)
        return rt_fail(RT_ERR_FORMAT, "%s was made by a newer ratter", store->shown);
    bool is_new = version == 0 && id == 0 && tables == 0;
    if (!is_new)
        return rt_fail(RT_ERR_FORMAT, "%s is no store of ratter", store->shown);
    if (mode == RT_STORE_READ)
        return rt_fail(RT_ERR_ABSENT, "%s is empty", store->shown);
    RT_TRY(run(store, "BEGIN IMMEDIATE"));
    RT_TRY(ask_number(store, "PRAGMA user_version", &version));
    if (version == 0) /* else another process was quicker */
        RT_TRY(run(store, schema));
    return run(store, "COMMIT");
}

static RtErr set_up(const RtStore *store, RtStoreMode mode)
{
    char cache[64];
    snprintf(cache, sizeof cache, "PRAGMA cache_size=-%d", CACHE_KIB);
    sqlite3_busy_timeout(store->db, BUSY_MS);
    sqlite3_extended_result_codes(store->db, 1);
    /* The file may be anybody's work: nothing in its schema may call functions. */
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    RT_TRY(run(store, "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY"));
    RT_TRY(run(store, cache));
    if (mode == RT_STORE_WRITE)
        RT_TRY(run(store, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"));
    return check_schema(store, mode);
}

/* "file:" address of the path that promises that nobody writes: for stores on media where the
 * side files of WAL cannot be made. */
static char *immutable_address(const char *path)
{
    size_t len = strlen(path), at = 0;
    char *address = malloc(len * 3 + 32);
    if (address == NULL)
        return NULL;
    at += (size_t)snprintf(address, 8, "file:");
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = (uint8_t)path[i];
        bool plain = byte > ' ' && byte < 127 && byte != '%' && byte != '?' && byte != '#';
        at += (size_t)snprintf(address + at, 4, plain ? "%c" : "%%%02x", byte);
    }
    snprintf(address + at, 16, "?immutable=1");
    return address;
}

static RtErr open_file(RtStore *store, const char *path, RtStoreMode mode)
{
    int flags =
        mode == RT_STORE_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    int code = sqlite3_open_v2(path, &store->db, flags, NULL);
    if (code != SQLITE_OK)
        return failed(store, code);
    RtErr err = set_up(store, mode);
    if (mode != RT_STORE_READ || err.code != RT_ERR_IO ||
        (sqlite3_errcode(store->db) & 0xff) != SQLITE_CANTOPEN)
        return err;
    char *address = immutable_address(path);
    sqlite3_close(store->db);
    store->db = NULL;
    code = address == NULL ? SQLITE_NOMEM
                           : sqlite3_open_v2(address, &store->db, flags | SQLITE_OPEN_URI, NULL);
    free(address);
    return code == SQLITE_OK ? set_up(store, mode) : failed(store, code);
}

RtErr rt_store_open(RtStr path, RtStoreMode mode, RtStore **ret_store)
{
    RtStore *store = calloc(1, sizeof *store);
    char *plain = malloc(path.len + 1);
    RtErr err = RT_FINE;
    if (store == NULL || plain == NULL) {
        err = rt_fail(RT_ERR_IO, "out of memory");
    } else {
        memcpy(plain, path.at ? path.at : (const uint8_t *)"", path.len);
        plain[path.len] = 0;
        snprintf(store->shown, sizeof store->shown, "%s",
                 mode == RT_STORE_MEMORY ? "memory" : plain);
        if (mode == RT_STORE_MEMORY)
            err = open_file(store, ":memory:", RT_STORE_WRITE);
        else if (mode == RT_STORE_READ && access(plain, F_OK) != 0)
            err = rt_fail(RT_ERR_ABSENT, "there is no store at %s", store->shown);
        else
            err = open_file(store, plain, mode);
    }
    free(plain);
    if (err.code != RT_OK)
        rt_store_close(store);
    else
        *ret_store = store;
    return err;
}

void rt_store_close(RtStore *store)
{
    if (store == NULL)
        return;
    for (size_t i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->db); /* rolls back what was not committed */
    free(store);
}

/* ---- reading ------------------------------------------------------------------------------- */

/* Strings are SQLite's until the next step. Numbers are held to their ranges: the file may be
 * damaged in a way SQLite does not see. */
static RtIntelEntry row_entry(sqlite3_stmt *row)
{
    int kind = sqlite3_column_int(row, 0), role = sqlite3_column_int(row, 3);
    int confidence = sqlite3_column_int(row, 4), tlp = sqlite3_column_int(row, 5);
    return (RtIntelEntry){
        .kind = kind >= 0 && kind < RT_INTEL_KINDS ? (RtIntelKind)kind : RT_INTEL_MARKER,
        .ecosystem = column_text(row, 1),
        .value = column_text(row, 2),
        .role = role >= 0 && role <= RT_ROLE_NOT_SAID ? (RtIntelRole)role : RT_ROLE_NOT_SAID,
        .confidence = (uint8_t)(confidence >= 0 && confidence <= 100 ? confidence : 0),
        .tlp = (uint8_t)(tlp >= 0 && tlp <= 4 ? tlp : 4),
        .modified = sqlite3_column_int64(row, 6),
        .valid_from = sqlite3_column_int64(row, 7),
        .valid_until = sqlite3_column_int64(row, 8),
        .withdrawn = sqlite3_column_int64(row, 9),
        .versions = column_text(row, 10),
        .id = column_text(row, 11),
        .campaign = column_text(row, 12),
        .summary = column_text(row, 13),
        .reference = column_text(row, 14),
        .source = column_text(row, 15),
    };
}

static void own(RtArena *arena, RtIntelEntry *entry)
{
    RtStr *texts_of[] = { &entry->ecosystem, &entry->value,   &entry->versions,  &entry->id,
                          &entry->campaign,  &entry->summary, &entry->reference, &entry->source };
    for (size_t i = 0; i < RT_COUNT(texts_of); i++)
        *texts_of[i] = rt_str_copy(arena, *texts_of[i]);
}

RtErr rt_store_find(RtStore *store, RtArena *arena, RtIntelKind kind, RtStr ecosystem, RtStr value,
                    const RtIntelEntry **ret_entries, size_t *ret_count)
{
    sqlite3_stmt *find = NULL;
    RT_TRY(kept(store, FIND, &find));
    sqlite3_bind_int(find, 1, (int)kind);
    bind_text(find, 2, ecosystem);
    bind_text(find, 3, value);
    RtIntelEntry *entries = NULL;
    size_t count = 0, capacity = 0;
    int code;
    while ((code = sqlite3_step(find)) == SQLITE_ROW) {
        RtIntelEntry entry = row_entry(find);
        own(arena, &entry);
        RT_PUSH(arena, entries, count, capacity) = entry;
    }
    sqlite3_reset(find);
    if (code != SQLITE_DONE)
        return failed(store, code);
    *ret_entries = entries;
    *ret_count = count;
    return RT_FINE;
}

RtErr rt_store_each(RtStore *store, RtStoreVisit visit, void *context)
{
    sqlite3_stmt *each = NULL;
    RT_TRY(kept(store, EACH, &each));
    RtErr err = RT_FINE;
    int code = SQLITE_DONE;
    while (err.code == RT_OK && (code = sqlite3_step(each)) == SQLITE_ROW) {
        RtIntelEntry entry = row_entry(each);
        err = visit(context, &entry);
    }
    sqlite3_reset(each);
    if (err.code == RT_OK && code != SQLITE_DONE)
        err = failed(store, code);
    return err;
}

RtErr rt_store_sources(RtStore *store, RtArena *arena, const RtStoreSource **ret_sources,
                       size_t *ret_count)
{
    STATEMENT *row = NULL;
    RT_TRY(prepare(store,
                   "SELECT name, format, digest, imported, newest, packages, indicators, withdrawn,"
                   " members FROM source ORDER BY name",
                   &row));
    RtStoreSource *sources = NULL;
    size_t count = 0, capacity = 0;
    int code;
    while ((code = sqlite3_step(row)) == SQLITE_ROW) {
        RtStoreSource source = {
            .name = rt_str_copy(arena, column_text(row, 0)),
            .format = rt_str_copy(arena, column_text(row, 1)),
            .digest = rt_str_copy(arena, column_text(row, 2)),
            .imported = sqlite3_column_int64(row, 3),
            .newest = sqlite3_column_int64(row, 4),
            .packages = (uint64_t)sqlite3_column_int64(row, 5),
            .indicators = (uint64_t)sqlite3_column_int64(row, 6),
            .withdrawn = (uint64_t)sqlite3_column_int64(row, 7),
            .members = (uint64_t)sqlite3_column_int64(row, 8),
        };
        RT_PUSH(arena, sources, count, capacity) = source;
    }
    if (code != SQLITE_DONE)
        return failed(store, code);
    *ret_sources = sources;
    *ret_count = count;
    return RT_FINE;
}

/* ---- importing ----------------------------------------------------------------------------- */

static RtErr begin_source(RtStore *store, RtStr source)
{
    STATEMENT *put = NULL, *get = NULL;
    RT_TRY(prepare(store,
                   "INSERT INTO source(name, format, turn) VALUES(?1, '', 1)"
                   " ON CONFLICT(name) DO UPDATE SET turn = turn + 1",
                   &put));
    bind_text(put, 1, source);
    int code = sqlite3_step(put);
    if (code != SQLITE_DONE)
        return failed(store, code);
    RT_TRY(prepare(store, "SELECT id, turn FROM source WHERE name = ?1", &get));
    bind_text(get, 1, source);
    code = sqlite3_step(get);
    if (code != SQLITE_ROW)
        return failed(store, code == SQLITE_DONE ? SQLITE_CORRUPT : code);
    store->source = sqlite3_column_int64(get, 0);
    store->turn = sqlite3_column_int64(get, 1);
    store->member = store->number = 0;
    return RT_FINE;
}

RtErr rt_store_begin(RtStore *store, RtStr source)
{
    RT_TRY(run(store, "BEGIN IMMEDIATE"));
    RtErr err = begin_source(store, source);
    if (err.code != RT_OK)
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return err;
}

RtErr rt_store_keys(RtStore *store, RtArena *arena, const uint64_t **ret_keys, size_t *ret_count)
{
    STATEMENT *row = NULL;
    RT_TRY(prepare(store, "SELECT key FROM member WHERE source = ?1", &row));
    sqlite3_bind_int64(row, 1, store->source);
    uint64_t *keys = NULL;
    size_t count = 0, capacity = 0;
    int code;
    while ((code = sqlite3_step(row)) == SQLITE_ROW)
        RT_PUSH(arena, keys, count, capacity) = (uint64_t)sqlite3_column_int64(row, 0);
    if (code != SQLITE_DONE)
        return failed(store, code);
    *ret_keys = keys; /* sorted by the caller: SQLite's integers are signed */
    *ret_count = count;
    return RT_FINE;
}

static RtErr mark_member(RtStore *store, uint64_t key, bool is_new)
{
    sqlite3_stmt *seen = NULL;
    RT_TRY(kept(store, MEMBER_SEEN, &seen));
    sqlite3_bind_int64(seen, 1, store->source);
    sqlite3_bind_int64(seen, 2, (sqlite3_int64)key);
    sqlite3_bind_int64(seen, 3, store->turn * 2 + is_new);
    int code = sqlite3_step(seen);
    sqlite3_reset(seen);
    return code == SQLITE_DONE ? RT_FINE : failed(store, code);
}

RtErr rt_store_keep(RtStore *store, uint64_t key) { return mark_member(store, key, false); }
RtErr rt_store_add(RtStore *store, uint64_t key) { return mark_member(store, key, true); }

RtErr rt_store_put(RtStore *store, uint64_t key, const RtIntelEntry *entry)
{
    sqlite3_stmt *put = NULL;
    RT_TRY(kept(store, ENTRY_PUT, &put));
    if (store->member != (int64_t)key)
        store->number = 0;
    store->member = (int64_t)key;
    sqlite3_bind_int(put, 1, (int)entry->kind);
    bind_text(put, 2, entry->ecosystem);
    bind_text(put, 3, entry->value);
    const int64_t numbers[] = { store->source,   store->member,     store->number++,
                                entry->role,     entry->confidence, entry->tlp,
                                entry->modified, entry->valid_from, entry->valid_until,
                                entry->withdrawn };
    for (size_t i = 0; i < RT_COUNT(numbers); i++)
        sqlite3_bind_int64(put, (int)i + 4, numbers[i]);
    const RtStr words[] = { entry->versions, entry->id, entry->campaign, entry->summary,
                            entry->reference };
    for (size_t i = 0; i < RT_COUNT(words); i++)
        bind_text(put, (int)i + 14, words[i]);
    int code = sqlite3_step(put);
    sqlite3_reset(put);
    return code == SQLITE_DONE ? RT_FINE : failed(store, code);
}

/* Runs one statement over the source and the marks of this turn (?1, ?2 and ?3 = ?2 + 1). */
static RtErr over_turn(const RtStore *store, const char *text, uint64_t *ret_changes)
{
    STATEMENT *statement = NULL;
    RT_TRY(prepare(store, text, &statement));
    sqlite3_bind_int64(statement, 1, store->source);
    sqlite3_bind_int64(statement, 2, store->turn * 2);
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        *ret_changes = (uint64_t)sqlite3_column_int64(statement, 0);
    else if (code == SQLITE_DONE)
        *ret_changes = (uint64_t)sqlite3_changes64(store->db);
    return code == SQLITE_ROW || code == SQLITE_DONE ? RT_FINE : failed(store, code);
}

#define GONE  "(SELECT key FROM member WHERE source = ?1 AND seen < ?2)"
#define FRESH "(SELECT key FROM member WHERE source = ?1 AND seen = ?2 + 1)"

static RtErr tell_entries(const RtStore *store, const char *text, int sign, RtStoreTell tell,
                          void *context)
{
    STATEMENT *row = NULL;
    RT_TRY(prepare(store, text, &row));
    sqlite3_bind_int64(row, 1, store->source);
    sqlite3_bind_int64(row, 2, store->turn * 2);
    int code;
    while ((code = sqlite3_step(row)) == SQLITE_ROW) {
        RtIntelEntry entry = row_entry(row);
        tell(context, sign, &entry);
    }
    return code == SQLITE_DONE ? RT_FINE : failed(store, code);
}

RtErr rt_store_finish(RtStore *store, RtStoreTell tell, void *context, RtStoreChange *ret_change)
{
#define SELECT_FROM "SELECT " COLUMNS " FROM entry e JOIN source s ON s.id = e.source"
    if (tell != NULL) {
        RT_TRY(tell_entries(store,
                            SELECT_FROM " WHERE e.source = ?1 AND e.member IN " GONE
                                        " ORDER BY e.kind, e.ecosystem, e.value",
                            -1, tell, context));
        RT_TRY(tell_entries(store,
                            SELECT_FROM " WHERE e.source = ?1 AND e.member IN " FRESH
                                        " ORDER BY e.kind, e.ecosystem, e.value",
                            1, tell, context));
    }
    RtStoreChange change = { 0 };
    RT_TRY(over_turn(store, "SELECT count(*) FROM member WHERE source = ?1 AND seen = ?2 + 1",
                     &change.members_added));
    RT_TRY(over_turn(store, "SELECT count(*) FROM member WHERE source = ?1 AND seen = ?2",
                     &change.members_kept));
    RT_TRY(over_turn(store, "SELECT count(*) FROM entry WHERE source = ?1 AND member IN " FRESH,
                     &change.entries_added));
    RT_TRY(over_turn(store, "DELETE FROM entry WHERE source = ?1 AND member IN " GONE,
                     &change.entries_dropped));
    RT_TRY(over_turn(store, "DELETE FROM member WHERE source = ?1 AND seen < ?2",
                     &change.members_dropped));
    *ret_change = change;
    return RT_FINE;
}

static RtErr sum_up(const RtStore *store, RtStr format, RtStr digest, int64_t now)
{
    STATEMENT *update = NULL;
    RT_TRY(prepare(store,
                   "UPDATE source SET digest = ?2, imported = ?3, format = ?4,"
                   " members = (SELECT count(*) FROM member m WHERE m.source = ?1),"
                   " (packages, indicators, withdrawn, newest) = (SELECT"
                   " coalesce(sum(kind = 0), 0), coalesce(sum(kind <> 0), 0),"
                   " coalesce(sum(withdrawn <> 0), 0), coalesce(max(modified), 0)"
                   " FROM entry e WHERE e.source = ?1) WHERE id = ?1",
                   &update));
    sqlite3_bind_int64(update, 1, store->source);
    bind_text(update, 2, digest);
    sqlite3_bind_int64(update, 3, now);
    bind_text(update, 4, format);
    int code = sqlite3_step(update);
    return code == SQLITE_DONE ? RT_FINE : failed(store, code);
}

RtErr rt_store_touch(RtStore *store, RtStr source, int64_t now)
{
    STATEMENT *update = NULL;
    RT_TRY(prepare(store, "UPDATE source SET imported = ?2 WHERE name = ?1", &update));
    bind_text(update, 1, source);
    sqlite3_bind_int64(update, 2, now);
    int code = sqlite3_step(update);
    return code == SQLITE_DONE ? RT_FINE : failed(store, code);
}

RtErr rt_store_end(RtStore *store, bool commit, RtStr format, RtStr digest, int64_t now)
{
    RtErr err = commit ? sum_up(store, format, digest, now) : RT_FINE;
    if (commit && err.code == RT_OK)
        err = run(store, "COMMIT");
    if (!commit || err.code != RT_OK)
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    store->source = 0;
    /* A checkpoint that cannot be made now is made by a later writer: its failure is no loss. */
    if (commit && err.code == RT_OK)
        sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    return err;
}

/* ---- verifying ----------------------------------------------------------------------------- */

typedef struct {
    void (*say)(void *context, RtStr line);
    void *context;
    uint64_t faults;
} Faults;

/* Every row of `text` is a fault, told by its first column; with `is_pragma`, "ok" is none. */
static RtErr tell_faults(const RtStore *store, const char *text, bool is_pragma, Faults *faults)
{
    STATEMENT *row = NULL;
    RT_TRY(prepare(store, text, &row));
    int code;
    while ((code = sqlite3_step(row)) == SQLITE_ROW) {
        RtStr line = column_text(row, 0);
        if (is_pragma && rt_str_equal(line, RT_STR("ok")))
            continue;
        faults->faults++;
        faults->say(faults->context, line);
    }
    return code == SQLITE_DONE ? RT_FINE : failed(store, code);
}

RtErr rt_store_verify(RtStore *store, void (*say)(void *context, RtStr line), void *context,
                      uint64_t *ret_faults)
{
    static const char *const checks[] = {
        "SELECT 'an entry of no source: ' || value FROM entry"
        " WHERE source NOT IN (SELECT id FROM source) LIMIT 20",
        "SELECT 'an entry of no member: ' || value FROM entry e WHERE NOT EXISTS"
        " (SELECT 1 FROM member m WHERE m.source = e.source AND m.key = e.member) LIMIT 20",
        "SELECT 'an entry out of range: ' || value FROM entry WHERE kind NOT BETWEEN 0 AND 13"
        " OR role NOT BETWEEN 0 AND 3 OR confidence NOT BETWEEN 0 AND 100"
        " OR tlp NOT BETWEEN 0 AND 4 OR value = '' OR (kind = 0) <> (ecosystem <> '') LIMIT 20",
        "SELECT 'miscounted: ' || name FROM source s WHERE members <>"
        " (SELECT count(*) FROM member m WHERE m.source = s.id) OR packages + indicators <>"
        " (SELECT count(*) FROM entry e WHERE e.source = s.id) LIMIT 20",
    };
    static_assert(RT_INTEL_KINDS == 14 && RT_ROLE_NOT_SAID == 3, "the ranges above are these");
    Faults faults = { say, context, 0 };
    RT_TRY(tell_faults(store, "PRAGMA integrity_check(100)", true, &faults));
    for (size_t i = 0; i < RT_COUNT(checks) && faults.faults == 0; i++)
        RT_TRY(tell_faults(store, checks[i], false, &faults));
    *ret_faults = faults.faults;
    return RT_FINE;
}
