/*
 * copy.c - shuniu copy: a whole installation from one place to another, whatever the engines.
 *
 * Everything is put in within one transaction, so the new place has all or nothing: before it ends, both places are read side
 * by side, cell by cell.  Tables for searching are made anew by the features they belong to.
 */
#include "platform/audit/audit.h"
#include "platform/db/ids.h"
#include "platform/db/query.h"
#include "shuniu/commands.h"
#include "shuniu/features.h"

#include "features/network/network.h"

#include <string.h>
#include <time.h>

struct copying {
    struct db *from;
    struct txn *txn;
    struct arena arena; /* of one row */
    int64_t rows;
};

/* --- putting in -------------------------------------------------------------------------------------------------- */

static void bind_column(const struct cursor *source, struct cursor *target, int column, char code, struct arena *arena)
{
    if (cursor_is_null(source, column))
        cursor_bind_null(target, column + 1);
    else if (code == 'i')
        cursor_bind_int(target, column + 1, cursor_int(source, column));
    else if (code == 'b')
        cursor_bind_blob(target, column + 1, cursor_text(source, column, arena));
    else
        cursor_bind_text(target, column + 1, cursor_text(source, column, arena));
}

static bool put_row(struct copying *copying, const struct table *table, const struct cursor *source, struct error *err)
{
    struct cursor target;
    arena_reset(&copying->arena);
    if (!cursor_open(copying->txn->db, &table->add, &target, err))
        return false;
    for (int i = 0; table->add.params[i]; i++)
        bind_column(source, &target, i, table->add.params[i], &copying->arena);
    bool ok = cursor_post(&target, err);
    cursor_close(&target);
    copying->rows++;
    return ok;
}

static bool is_empty(struct db *db, const struct table *table, struct error *err)
{
    struct cursor cursor;
    bool has_row = true;
    if (!cursor_open(db, &table->read, &cursor, err))
        return false;
    bool ok = cursor_next(&cursor, &has_row, err);
    cursor_close(&cursor);
    return ok && (!has_row || error_fail(err, ERROR_CONFLICT, "the new place has rows in '%s' already", table->name));
}

static bool copy_table(struct copying *copying, const struct table *table, struct error *err)
{
    struct cursor source;
    bool has_row = false;
    int64_t before = copying->rows;
    if (!is_empty(copying->txn->db, table, err) || !cursor_open(copying->from, &table->read, &source, err))
        return false;
    bool ok = cursor_next(&source, &has_row, err);
    while (ok && has_row)
        ok = put_row(copying, table, &source, err) && cursor_next(&source, &has_row, err);
    cursor_close(&source);
    if (ok && copying->rows > before)
        fprintf(stderr, "  %-24s %12lld rows\n", table->name, (long long)(copying->rows - before));
    return ok;
}

static bool put_all(struct copying *copying, struct error *err)
{
    const struct schema *schemas[SHUNIU_SCHEMAS_MAX];
    int n = shuniu_schemas(schemas);
    for (int i = 0; i < n; i++) {
        for (ptrdiff_t t = 0; t < schemas[i]->table_count; t++)
            if (!copy_table(copying, &schemas[i]->tables[t], err))
                return false;
    }
    return true;
}

static bool reindex_all(struct txn *txn, struct error *err)
{
    struct feature_list features = shuniu_features();
    for (int i = 0; i < features.n; i++) {
        if (features.at[i]->reindex && !features.at[i]->reindex(txn, err))
            return false;
    }
    return true;
}

/* --- comparing --------------------------------------------------------------------------------------------------- */

static bool is_same_cell(const struct cursor *a, const struct cursor *b, int column, char code, struct arena *arena)
{
    bool is_null = cursor_is_null(a, column);
    if (is_null || cursor_is_null(b, column))
        return is_null && cursor_is_null(b, column);
    if (code == 'i')
        return cursor_int(a, column) == cursor_int(b, column);
    return str_equal(cursor_text(a, column, arena), cursor_text(b, column, arena));
}

static bool compare_rows(struct copying *copying, const struct table *table, struct cursor *a, struct cursor *b,
                         struct error *err)
{
    for (int64_t row = 1;; row++) {
        bool has_a, has_b;
        if (!cursor_next(a, &has_a, err) || !cursor_next(b, &has_b, err))
            return false;
        if (!has_a && !has_b)
            return true;
        bool is_same = has_a == has_b;
        arena_reset(&copying->arena);
        for (int i = 0; is_same && table->add.params[i]; i++)
            is_same = is_same_cell(a, b, i, table->add.params[i], &copying->arena);
        if (!is_same)
            return error_fail(err, ERROR_IO, "'%s' differs in row %lld", table->name, (long long)row);
    }
}

static bool compare_table(struct copying *copying, const struct table *table, struct error *err)
{
    struct cursor a = { 0 }, b = { 0 };
    bool ok = cursor_open(copying->from, &table->read, &a, err) && cursor_open(copying->txn->db, &table->read, &b, err) &&
              compare_rows(copying, table, &a, &b, err);
    cursor_close(&a);
    cursor_close(&b);
    return ok;
}

static bool compare_all(struct copying *copying, struct error *err)
{
    const struct schema *schemas[SHUNIU_SCHEMAS_MAX];
    int n = shuniu_schemas(schemas);
    for (int i = 0; i < n; i++) {
        for (ptrdiff_t t = 0; t < schemas[i]->table_count; t++)
            if (!compare_table(copying, &schemas[i]->tables[t], err))
                return false;
    }
    return true;
}

/* What must hold of any installation holds of the new one. */
static bool check_new(struct db *db, struct arena *arena, struct error *err)
{
    struct audit_report audit;
    struct recount recount;
    if (!audit_verify(db, arena, &audit, err) || !network_recount(db, arena, &recount, err))
        return false;
    if (audit.bad_chains != 0)
        return error_fail(err, ERROR_INPUT, "the audit chain of %lld does not fit at %lld", (long long)audit.bad_district,
                          (long long)audit.bad_seq);
    return recount.different == 0 ||
           error_fail(err, ERROR_INPUT, "%lld tallies differ from the full count", (long long)recount.different);
}

/* In one change, so that what does not compare is not there either. */
static bool copy_all(void *self, struct txn *txn, struct error *err)
{
    struct copying *copying = self;
    copying->txn = txn;
    txn_waive_audit(txn); /* the chains are copied as they are */
    if (!put_all(copying, err) || !reindex_all(txn, err))
        return false;
    fprintf(stderr, "comparing\n");
    return compare_all(copying, err) && check_new(txn->db, &copying->arena, err);
}

/* --- the command ------------------------------------------------------------------------------------------------- */

/* What is made in the new place comes after all that was copied. */
static bool move(struct copying *copying, struct database *target, struct error *err)
{
    struct ids ids = { 0 };
    struct db *writer;
    if (!db_last_id(copying->from, &ids.last, err) || !database_writer(target, &writer, err))
        return false;
    bool ok = txn_run(writer, &ids, instant_now(), copy_all, copying, err);
    db_release(writer);
    return ok;
}

/* --- from a place that rests -------------------------------------------------------------------------------------- */

static const struct query others = {
    .name = "others",
    .postgres = "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'shuniu' AND pid <> pg_backend_pid()",
    .params = "",
};

/* Connections of this program to the same data, by the name it gives itself; our own first one may be about to end. */
static bool count_others(struct db *db, int64_t *ret, struct error *err)
{
    enum { TRIES = 20 };
    const struct timespec moment = { .tv_nsec = 50 * 1000 * 1000 };
    for (int i = 0; i < TRIES; i++) {
        struct cursor cursor = { 0 };
        bool has_row = false;
        bool ok = cursor_open(db, &others, &cursor, err) && cursor_next(&cursor, &has_row, err);
        *ret = ok && has_row ? cursor_int(&cursor, 0) : 0;
        cursor_close(&cursor);
        if (!ok || *ret == 0)
            return ok;
        (void)nanosleep(&moment, NULL);
    }
    return true;
}

/* What a server changes while it is copied, or after, would stay behind. */
static bool check_server_rests(struct db *db, struct error *err)
{
    int64_t count = 0;
    if (!count_others(db, &count, err))
        return false;
    return count == 0 ||
           error_fail(err, ERROR_BUSY, "%lld other connections use it: stop the server first", (long long)count);
}

/* Before it is opened here. */
static bool check_file_rests(const struct options *source, struct error *err)
{
    char path[PLACE_BYTES];
    return data_place(source, path, err) &&
           (!database_is_in_use(path) || error_fail(err, ERROR_BUSY, "%s is in use: stop the server first", path));
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static bool copy_between(const struct options *source, struct database *from, struct database *to, int64_t *ret_rows,
                         struct error *err)
{
    struct copying copying = { 0 };
    if (!database_reader(from, &copying.from, err))
        return false;
    bool ok = (!source->db || check_server_rests(copying.from, err)) && db_snapshot_begin(copying.from, err);
    if (ok) {
        ok = move(&copying, to, err);
        db_snapshot_end(copying.from);
    }
    db_release(copying.from);
    arena_release(&copying.arena);
    *ret_rows = copying.rows;
    return ok;
}

/* A folder, or postgres://... */
static struct options options_of(const char *place)
{
    bool is_file = database_is_file(place);
    return (struct options){ .data = is_file ? place : NULL, .db = !is_file ? place : NULL };
}

int command_copy(const struct options *options)
{
    struct error err;
    struct database *from, *to;
    int64_t rows;
    if (!options->from || !options->to || options->word_count != 0) {
        fputs("usage: shuniu copy --from PLACE --to PLACE (each a data folder or postgres://...; stop the server first)\n", stderr);
        return 2;
    }
    struct options source = options_of(options->from), target = options_of(options->to);
    if (!source.db && !check_file_rests(&source, &err))
        return say_fault("not copied", &err);
    if (!open_data(&source, &from, &err))
        return say_fault("cannot open what is to be copied", &err);
    if (!make_data(&target, &to, &err)) {
        database_close(from);
        return say_fault("cannot open the new place", &err);
    }
    bool ok = copy_between(&source, from, to, &rows, &err);
    database_close(from);
    database_close(to);
    if (!ok)
        return say_fault("not copied", &err);
    printf("%lld rows copied; each was read again and is the same; audit chains and tallies hold\n", (long long)rows);
    puts("Not copied: the key file, and " ANCHORS_FILE ", which fits the new place too. Take them along by hand; if both\n"
         "places are to live on, rotate and retire keys in each of them with a key file of its own.");
    return 0;
}
