/*
 * check.c - what a query means, as SQLite sees it.
 *
 * Each variant is prepared twice: with its :names on the schema as written, which tells the columns, their declared
 * types and (through SQLite's authorizer) the columns it reads and writes; with numbers for names on the schema as
 * emitted, which tells the plan.
 */
#include "sqlc.h"

#include "platform/limits.h"

#include <strings.h>

/* A column the query reads, or a table it writes. */
struct touch {
    struct touch *earlier;
    struct str table, column;
    bool is_written;
};

struct checking {
    struct sqlc *sqlc;
    struct query *query;
    struct touch *touches;
};

static int note_touch(void *self, int action, const char *table, const char *column, const char *database,
                      const char *trigger)
{
    struct checking *checking = self;
    bool is_written = action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE;
    (void)database;
    if ((action == SQLITE_READ || is_written) && !(is_written && trigger)) {
        struct touch *touch = arena_new(checking->sqlc->arena, struct touch, 1);
        touch->earlier = checking->touches;
        touch->table = str_copy(checking->sqlc->arena, str_of(table));
        touch->column = str_copy(checking->sqlc->arena, str_of(column));
        touch->is_written = is_written;
        checking->touches = touch;
    }
    return SQLITE_OK;
}

/* The house type of a table's column, and whether it may be NULL; false: it has none. */
static bool column_type(struct sqlc *sqlc, struct str table, struct str column, struct type *ret_type,
                        bool *ret_nullable)
{
    const char *declared = NULL;
    int is_not_null = 0, is_key = 0;
    int rc = sqlite3_table_column_metadata(sqlc->house, NULL, str_z(sqlc->arena, table), str_z(sqlc->arena, column),
                                           &declared, NULL, &is_not_null, &is_key, NULL);
    if (rc != SQLITE_OK || !type_parse(str_copy(sqlc->arena, str_of(declared)), ret_type))
        return false;
    *ret_nullable = !is_not_null && !is_key;
    return true;
}

/* Counts the different types of columns named like the parameter that are written, or that are read. */
static int type_by_name(const struct checking *checking, struct param *param, bool is_written)
{
    int count = 0;
    for (const struct touch *touch = checking->touches; touch; touch = touch->earlier) {
        struct type type;
        bool is_nullable;
        if (touch->is_written != is_written || (!is_written && !str_equal(touch->column, param->name)) ||
            !column_type(checking->sqlc, touch->table, param->name, &type, &is_nullable))
            continue;
        if (count == 0 || !type_equal(type, param->type))
            count++;
        param->type = type;
    }
    return count;
}

static bool has_division(const struct query *query, struct str name)
{
    for (int i = 0; i < query->param_count; i++) {
        const struct param *param = &query->params[i];
        if (str_equal(param->name, name))
            return param->clauses == 0 && param->type.house == house_type_find(STR("DIVISION"));
    }
    return false;
}

static void check_in_district(const struct checking *checking, struct param *param)
{
    const struct query *query = checking->query;
    param->type = (struct type){ .house = house_type_find(STR("INT")) };
    if (!has_division(query, STR("from")) || !has_division(query, STR("to")))
        report(checking->sqlc, query->path, query->line, "in_district wants the parameters :from and :to, both DIVISION");
}

static void type_params(const struct checking *checking)
{
    struct query *query = checking->query;
    for (int i = 0; i < query->param_count; i++) {
        struct param *param = &query->params[i];
        if (str_equal(param->name, IN_DISTRICT))
            check_in_district(checking, param);
        if (param->type.house)
            continue;
        int count = type_by_name(checking, param, true);
        if (count == 0)
            count = type_by_name(checking, param, false);
        if (count != 1)
            report(checking->sqlc, query->path, query->line, "parameter :%.*s %s: say -- param: %.*s TYPE",
                   STR_ARG(param->name), count == 0 ? "is named like no column of the query" : "has two types",
                   STR_ARG(param->name));
    }
}

/* "open:int?" -> open, INT, nullable */
static bool parse_alias(struct arena *arena, struct str alias, struct field *ret_field, struct str *ret_type)
{
    struct field field = { .is_nullable = str_ends(alias, STR("?")) };
    struct str text;
    if (field.is_nullable)
        alias = str_slice(alias, 0, alias.len - 1);
    (void)str_cut(alias, ':', &field.name, &text);
    struct str rest = text;
    struct str word = str_copy(arena, next_word(&rest)); /* may be in small letters here */
    struct buf type = buf_make(arena, TEXT_MAX);
    for (ptrdiff_t i = 0; i < word.len; i++)
        buf_char(&type, word.data[i] >= 'a' && word.data[i] <= 'z' ? (char)(word.data[i] - 'a' + 'A') : word.data[i]);
    buf_put(&type, rest);
    *ret_type = buf_str(&type);
    *ret_field = field;
    return sql_is_name(field.name);
}

static int count_word(struct str body, struct str word)
{
    int count = 0;
    for (ptrdiff_t at = 0; at + word.len <= body.len; at++)
        count += strncasecmp(body.data + at, word.data, (size_t)word.len) == 0;
    return count;
}

/* Can a NOT NULL column come out as NULL? The far side of an outer join, a subquery, another part of a compound. */
static bool may_pad(struct str body)
{
    return count_word(body, STR("left")) + count_word(body, STR("right")) + count_word(body, STR("full")) > 0 ||
           count_word(body, STR("select")) > 1;
}

static void describe_column(const struct checking *checking, sqlite3_stmt *statement, int i, struct field *ret_field)
{
    struct sqlc *sqlc = checking->sqlc;
    const struct query *query = checking->query;
    struct str alias = str_copy(sqlc->arena, str_of(sqlite3_column_name(statement, i)));
    struct str table = str_of(sqlite3_column_table_name(statement, i));
    struct str column = str_of(sqlite3_column_origin_name(statement, i));
    struct field field = { 0 };
    struct type declared;
    struct str text;
    bool may_be_null = false;
    bool is_named = parse_alias(sqlc->arena, alias, &field, &text);
    bool is_plain = column_type(sqlc, table, column, &declared, &may_be_null);
    if (!is_named || (!is_plain && text.len == 0))
        report(sqlc, query->path, query->line, "column %d, %.*s: wants a name and a house type, AS \"name:TYPE\"",
               i + 1, STR_ARG(alias));
    else if (text.len > 0 && !type_parse(text, &field.type))
        report(sqlc, query->path, query->line, "column %.*s: \"%.*s\" is no house type", STR_ARG(field.name),
               STR_ARG(text));
    else if (text.len > 0 && is_plain && !type_equal(field.type, declared))
        report(sqlc, query->path, query->line, "column %.*s is %s %.*s in the schema", STR_ARG(field.name),
               declared.house->word, STR_ARG(declared.name));
    if (is_plain)
        field.type = declared;
    field.is_nullable = field.is_nullable || may_be_null;
    field.is_never_null = is_plain && !field.is_nullable && !may_pad(query->body);
    *ret_field = field;
}

static bool has_kind(enum kind kind, bool is_writing, bool has_columns)
{
    if (!has_columns)
        return is_writing && (kind == KIND_EXEC || kind == KIND_CHANGE);
    if (is_writing)
        return kind == KIND_ONE || kind == KIND_MANY;
    return kind != KIND_EXEC && kind != KIND_CHANGE;
}

/* The row, and whether the kind fits; the first variant decides. */
static void describe(struct checking *checking, sqlite3_stmt *statement)
{
    struct query *query = checking->query;
    int count = sqlite3_column_count(statement);
    query->is_writing = !sqlite3_stmt_readonly(statement);
    if (!has_kind(query->kind, query->is_writing, count > 0))
        report(checking->sqlc, query->path, query->line, "%s does not fit a query that %s and gives %s",
               kind_word(query->kind), query->is_writing ? "writes" : "reads", count > 0 ? "rows" : "no rows");
    if (count > FIELDS_MAX) {
        report(checking->sqlc, query->path, query->line, "more than %d columns", FIELDS_MAX);
        return;
    }
    for (int i = 0; i < count; i++) {
        describe_column(checking, statement, i, &query->fields[i]);
        for (int k = 0; k < i; k++) {
            if (str_equal(query->fields[k].name, query->fields[i].name))
                report(checking->sqlc, query->path, query->line, "two columns are named %.*s",
                       STR_ARG(query->fields[i].name));
        }
    }
    query->field_count = count;
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement); i++) {
        if (!str_starts(str_of(sqlite3_bind_parameter_name(statement, i)), STR(":")))
            report(checking->sqlc, query->path, query->line, "parameters are written :name");
    }
}

/* Other variants give the same row. */
static void compare(struct checking *checking, sqlite3_stmt *statement)
{
    const struct query *query = checking->query;
    bool is_same = sqlite3_column_count(statement) == query->field_count;
    for (int i = 0; is_same && i < query->field_count; i++) {
        struct field field;
        describe_column(checking, statement, i, &field);
        is_same = str_equal(field.name, query->fields[i].name) && type_equal(field.type, query->fields[i].type) &&
                  field.is_nullable == query->fields[i].is_nullable;
    }
    if (!is_same)
        report(checking->sqlc, query->path, query->line, "an optional clause changes the columns");
}

/* A plan's line that reads or sorts without an index.  What the query itself makes (earlier lines) may be read so. */
static bool is_slow(struct arena *arena, struct str line, struct str earlier)
{
    struct str rest = line;
    struct str verb = next_word(&rest);
    struct str name = next_word(&rest);
    bool is_scan = str_equal(verb, STR("SCAN")) && str_find(rest, STR("USING ")) < 0 &&
                   str_find(rest, STR("VIRTUAL TABLE")) < 0 && str_find(line, STR("CONSTANT ROW")) < 0 &&
                   str_find(line, STR("VALUES CLAUSE")) < 0;
    bool is_makeshift = str_equal(verb, STR("SEARCH")) && str_find(rest, STR("AUTOMATIC")) >= 0;
    if (is_scan || is_makeshift)
        return str_find(earlier, str_format(arena, "\nMATERIALIZE %.*s\n", STR_ARG(name))) < 0 &&
               str_find(earlier, str_format(arena, "\nCO-ROUTINE %.*s\n", STR_ARG(name))) < 0;
    return str_equal(line, STR("USE TEMP B-TREE FOR ORDER BY"));
}

static void check_plan(struct sqlc *sqlc, const struct query *query, unsigned mask, sqlite3_stmt *explain)
{
    struct buf lines = buf_make(sqlc->arena, TEXT_MAX);
    struct buf with = buf_make(sqlc->arena, TEXT_MAX);
    for (int i = 0; i < query->clause_count; i++) {
        if (mask >> i & 1)
            buf_format(&with, " with %.*s", STR_ARG(query->clauses[i]));
    }
    buf_char(&lines, '\n');
    while (sqlite3_step(explain) == SQLITE_ROW) {
        struct str line = str_of((const char *)sqlite3_column_text(explain, 3));
        if (is_slow(sqlc->arena, line, buf_str(&lines)))
            report(sqlc, query->path, query->line, "no index for %.*s%.*s: %.*s", STR_ARG(query->name),
                   STR_ARG(buf_str(&with)), STR_ARG(line));
        buf_format(&lines, "%.*s\n", STR_ARG(line));
    }
}

/* Numbers for names, no semicolon: what will run. */
static struct str emitted_sql(struct arena *arena, const struct query *query, struct str sql, char mark)
{
    struct buf text = buf_make(arena, TEXT_MAX);
    struct token token;
    for (ptrdiff_t at = 0; at < sql.len; at += token.text.len) {
        token = sql_token(sql, at);
        int number = 0;
        for (int i = 0; i < query->param_count && token.kind == TOKEN_PARAM; i++) {
            if (str_equal(query->params[i].name, str_slice(token.text, 1, token.text.len)))
                number = i + 1;
        }
        if (number > 0)
            buf_format(&text, "%c%d", mark, number);
        else
            buf_put(&text, token.text);
    }
    struct str whole = str_trim(buf_str(&text));
    return str_ends(whole, STR(";")) ? str_slice(whole, 0, whole.len - 1) : whole;
}

static void check_emitted(struct sqlc *sqlc, const struct query *query, unsigned mask)
{
    struct str explain = str_format(sqlc->arena, "EXPLAIN QUERY PLAN %.*s",
                                    STR_ARG(query->variants[ENGINE_SQLITE][mask]));
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(sqlc->strict, explain.data, -1, &statement, NULL) != SQLITE_OK)
        report(sqlc, query->path, query->line, "as SQLite gets it: %s", sqlite3_errmsg(sqlc->strict));
    else if (query->wants_index)
        check_plan(sqlc, query, mask, statement);
    sqlite3_finalize(statement);
}

static void check_variant(struct checking *checking, unsigned mask)
{
    struct sqlc *sqlc = checking->sqlc;
    struct query *query = checking->query;
    struct str sql = query_sql(sqlc->arena, query, mask, ENGINE_SQLITE);
    sqlite3_stmt *statement = NULL;
    const char *tail = NULL;
    sqlite3_set_authorizer(sqlc->house, note_touch, checking);
    int rc = sqlite3_prepare_v2(sqlc->house, str_z(sqlc->arena, sql), -1, &statement, &tail);
    sqlite3_set_authorizer(sqlc->house, NULL, NULL);
    if (rc != SQLITE_OK) {
        int offset = sqlite3_error_offset(sqlc->house);
        report(sqlc, query->path, offset < 0 ? query->line : query->body_line + sql_line(sql, offset), "%s",
               sqlite3_errmsg(sqlc->house));
        return;
    }
    if (str_trim(str_of(tail)).len > 0)
        report(sqlc, query->path, query->line, "more than one statement in a query");
    else if (mask == 0)
        describe(checking, statement);
    else
        compare(checking, statement);
    sqlite3_finalize(statement);
    query->variants[ENGINE_SQLITE][mask] = emitted_sql(sqlc->arena, query, sql, '?');
    sql = query_sql(sqlc->arena, query, mask, ENGINE_POSTGRES);
    query->variants[ENGINE_POSTGRES][mask] = emitted_sql(sqlc->arena, query, sql, '$');
}

void query_check(struct sqlc *sqlc, struct query *query)
{
    struct checking checking = { .sqlc = sqlc, .query = query };
    int errors = sqlc->errors;
    for (enum engine engine = 0; engine < ENGINE_COUNT; engine++)
        query->variants[engine] = arena_new(sqlc->arena, struct str, (ptrdiff_t)1 << query->clause_count);
    for (unsigned mask = 0; mask < 1U << query->clause_count && sqlc->errors == errors; mask++)
        check_variant(&checking, mask);
    if (sqlc->errors > errors)
        return;
    bool is_read_whole = !query->is_writing && query->kind != KIND_EACH && query->clause_count == 0;
    if (query->is_cached && (!is_read_whole || query->param_count > LIMIT_CACHED_PARAMS))
        report(sqlc, query->path, query->line,
               "what is cached reads, all its rows at once, without optional lines, by at most %d parameters",
               LIMIT_CACHED_PARAMS);
    type_params(&checking);
    for (unsigned mask = 0; mask < 1U << query->clause_count && sqlc->errors == errors; mask++)
        check_emitted(sqlc, query, mask);
}
