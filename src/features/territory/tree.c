/*
 * tree.c - the tree, read by ranges of the key (level, code, valid_from).
 *
 * A division is found by its code and the level its zeros tell; all below it at one level is one range.
 */
#include "features/territory/tree.h"

#include "base/buf.h"
#include "gen/territory_queries.h"

enum { NAMES_BYTES_MAX = 4096 };

static struct division_row row_of(enum division_level level, struct division code, struct str name)
{
    struct division parent = division_at(code, level == DIVISION_NATION ? level : level - 1);
    return (struct division_row){ .code = code, .parent = parent, .level = level, .name = name };
}

bool division_is_stand_in(const struct division_row *row)
{
    return row->level != division_level(row->code);
}

static bool look_up(struct db *db, struct division code, struct date on, struct arena *arena, struct division_on *ret,
                    struct error *err)
{
    bool found;
    struct division_on_args args = { .level = division_level(code), .code = code, .on = on };
    if (!division_on(db, &args, arena, ret, &found, err))
        return false;
    return found || error_fail(err, ERROR_NOT_FOUND, "division %012lld", (long long)code.code);
}

bool territory_find(struct db *db, struct division code, struct date on, struct arena *arena, struct division_row *ret,
                    struct error *err)
{
    struct division_on row;
    if (!look_up(db, code, on, arena, &row, err))
        return false;
    *ret = row_of(division_level(code), code, row.name);
    return true;
}

bool territory_has(struct db *db, struct division code, struct date on, struct arena *arena, bool *ret, struct error *err)
{
    struct division_row row;
    *ret = territory_find(db, code, on, arena, &row, err);
    return *ret || err->kind == ERROR_NOT_FOUND;
}

struct str territory_name(struct db *db, struct division code, struct date on, struct arena *arena)
{
    struct division_on row;
    struct error err;
    return look_up(db, code, on, arena, &row, &err) ? row.name : division_text(arena, code);
}

bool tree_since(struct db *db, struct division code, struct date on, struct arena *arena, struct date *ret,
                struct error *err)
{
    struct division_on row;
    if (!look_up(db, code, on, arena, &row, err))
        return false;
    *ret = row.valid_from;
    return true;
}

bool territory_path(struct db *db, struct division code, struct date on, struct arena *arena,
                    struct division_rows *ret, struct error *err)
{
    enum division_level level = division_level(code);
    struct division_rows path = { .at = arena_new(arena, struct division_row, (ptrdiff_t)level) };
    for (enum division_level above = DIVISION_PROVINCE; above <= level; above++) {
        struct division at = division_at(code, above);
        if (division_level(at) != above)
            continue; /* a stand-in: the level before was the same place */
        if (!territory_find(db, at, on, arena, &path.at[path.n++], err))
            return false;
    }
    *ret = path;
    return true;
}

bool tree_path_text(struct db *db, struct division code, struct date on, struct arena *arena, struct str *ret,
                    struct error *err)
{
    struct division_rows path;
    struct buf names = buf_make(arena, NAMES_BYTES_MAX);
    if (!territory_path(db, code, on, arena, &path, err))
        return false;
    for (ptrdiff_t i = 0; i + 1 < path.n; i++)
        buf_format(&names, "%s%.*s", i > 0 ? " " : "", STR_ARG(path.at[i].name));
    *ret = buf_str(&names);
    return true;
}

bool tree_range(struct db *db, enum division_level level, struct division from, struct division to, struct date on,
                int limit, struct arena *arena, struct division_rows *ret, struct error *err)
{
    struct division_range_args args = { .level = level, .from = from, .to = to, .on = on, .limit = limit };
    struct division_range_rows rows;
    if (!division_range(db, &args, arena, &rows, err))
        return false;
    struct division_rows found = { .at = arena_new(arena, struct division_row, rows.n), .n = rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++)
        found.at[i] = row_of(level, rows.at[i].code, rows.at[i].name);
    *ret = found;
    return true;
}

bool territory_inside(struct db *db, struct division code, enum division_level level, struct date on,
                      struct arena *arena, struct division_rows *ret, struct error *err)
{
    struct division_rows rows;
    struct division last = division_last(code);
    if (!tree_range(db, level, code, last, on, TERRITORY_ROWS_MAX + 1, arena, &rows, err))
        return false;
    if (rows.n > TERRITORY_ROWS_MAX)
        return error_fail(err, ERROR_LIMIT, "more than %d divisions of level %d in %012lld", TERRITORY_ROWS_MAX, level,
                          (long long)code.code);
    *ret = rows;
    return true;
}

bool territory_children(struct db *db, struct division code, struct date on, struct arena *arena,
                        struct division_rows *ret, struct error *err)
{
    struct division_rows rows = { 0 };
    for (enum division_level level = division_level(code); rows.n == 0 && level < DIVISION_VILLAGE;) {
        level++;
        if (!territory_inside(db, code, level, on, arena, &rows, err))
            return false;
        /* the division once more, first as it has the lowest code; its own children are a level further down */
        if (rows.n > 0 && division_is_stand_in(&rows.at[0]))
            rows = (struct division_rows){ rows.at + 1, rows.n - 1 };
    }
    *ret = rows;
    return true;
}

bool tree_count(struct db *db, enum division_level level, struct division inside, struct date on, int64_t *ret,
                struct error *err)
{
    struct division_count_args args = { .level = level, .from = inside, .to = division_last(inside), .on = on };
    struct arena nothing = { 0 };
    struct division_count row;
    if (!division_count(db, &args, &nothing, &row, err))
        return false;
    *ret = row.n;
    return true;
}

struct url territory_url(struct arena *arena, struct division code)
{
    return url_path(arena, "/divisions/%.*s", STR_ARG(division_text(arena, code)));
}
