/*
 * queries.c - queries.sql as text: names, kinds, directives, optional lines and parameters.  Nothing here knows SQL.
 */
#include "sqlc.h"

static const char *const kind_words[KIND_COUNT] = {
    [KIND_ONE] = ":one",   [KIND_MAYBE] = ":maybe", [KIND_MANY] = ":many",
    [KIND_EACH] = ":each", [KIND_EXEC] = ":exec",   [KIND_CHANGE] = ":change",
};

const char *kind_word(enum kind kind)
{
    return kind_words[kind];
}

static struct str after(struct str line, struct str head)
{
    return str_slice(line, head.len, line.len);
}

/* The line at the reader, without going on. */
static struct str peek_line(const struct reader *reader)
{
    struct str rest = str_slice(reader->source.text, reader->at, reader->source.text.len);
    return next_line(&rest);
}

static void step_line(struct reader *reader)
{
    reader->at += peek_line(reader).len + 1;
    if (reader->at > reader->source.text.len)
        reader->at = reader->source.text.len;
    reader->line++;
}

static bool is_at_end(const struct reader *reader)
{
    return reader->at == reader->source.text.len;
}

/* The bit of the clause the line after this one belongs to; 0: of none. */
static unsigned clause_bit(const struct query *query, struct str line)
{
    line = str_trim(line);
    if (!str_starts(line, STR("--?")))
        return 0;
    struct str name = str_trim(after(line, STR("--?")));
    for (int i = 0; i < query->clause_count; i++) {
        if (str_equal(query->clauses[i], name))
            return 1U << i;
    }
    return 0;
}

enum engine engine_of_line(struct str line)
{
    static const char *const names[ENGINE_COUNT] = { [ENGINE_SQLITE] = "sqlite", [ENGINE_POSTGRES] = "postgres" };
    enum engine engine = ENGINE_SQLITE;
    line = str_trim(line);
    struct str name = str_starts(line, STR("--@")) ? str_trim(after(line, STR("--@"))) : (struct str){ 0 };
    while (engine < ENGINE_COUNT && !str_equal(name, str_of(names[engine])))
        engine++;
    return engine;
}

/* "--? NAME" or "--@ ENGINE": says when the next line of SQL is there; both may stand above it. */
static bool is_condition(struct str line)
{
    line = str_trim(line);
    return str_starts(line, STR("--?")) || str_starts(line, STR("--@"));
}

struct str query_sql(struct arena *arena, const struct query *query, unsigned mask, enum engine engine)
{
    struct buf sql = buf_make(arena, TEXT_MAX);
    struct str rest = query->body;
    unsigned needs = 0;
    enum engine only = ENGINE_COUNT;
    while (rest.len > 0) {
        struct str line = next_line(&rest);
        bool is_left_out = (needs & ~mask) != 0 || (only != ENGINE_COUNT && only != engine);
        for (ptrdiff_t i = 0; i < line.len; i++)
            buf_char(&sql, is_left_out ? ' ' : line.data[i]);
        buf_char(&sql, '\n');
        bool is_pending = is_condition(line);
        needs = clause_bit(query, line) | (is_pending ? needs : 0);
        if (!is_pending || engine_of_line(line) != ENGINE_COUNT)
            only = engine_of_line(line);
    }
    return sql_without_comments(arena, buf_str(&sql));
}

static struct param *find_param(struct query *query, struct str name)
{
    for (int i = 0; i < query->param_count; i++) {
        if (str_equal(query->params[i].name, name))
            return &query->params[i];
    }
    return NULL;
}

/* mask is 0 for what stands in every variant, then one clause after the other: so optional ones come last. */
static void collect_params(struct sqlc *sqlc, struct query *query, unsigned mask, enum engine engine)
{
    struct str sql = query_sql(sqlc->arena, query, mask, engine);
    struct token token;
    for (ptrdiff_t at = 0; at < sql.len; at += token.text.len) {
        token = sql_token(sql, at);
        int line = query->body_line + sql_line(sql, at);
        bool is_new = engine == ENGINE_SQLITE; /* else the line was looked at already, unless the other engine has it alone */
        if (is_new && token.kind == TOKEN_QUOTED && str_find(token.text, STR("\n")) >= 0)
            report(sqlc, query->path, line, "quotes that do not end on their line");
        if (token.kind != TOKEN_PARAM)
            continue;
        struct str name = after(token.text, STR(":"));
        struct param *param = find_param(query, name);
        if (param && param->clauses != 0) {
            param->clauses |= mask;
        } else if (!param && !sql_is_name(name)) {
            if (is_new)
                report(sqlc, query->path, line, "parameter :%.*s is not in small letters", STR_ARG(name));
        } else if (!param && query->param_count == PARAMS_MAX) {
            report(sqlc, query->path, line, "more than %d parameters", PARAMS_MAX);
        } else if (!param) {
            query->params[query->param_count++] = (struct param){ .name = name, .clauses = mask };
        }
    }
}

static void read_directive(struct sqlc *sqlc, struct query *query, struct str line, int number)
{
    struct str rest = after(line, STR("--"));
    struct str word = next_word(&rest);
    bool is_nullable = str_equal(word, STR("nullable:"));
    bool is_param = str_equal(word, STR("param:"));
    if (!is_nullable && !is_param) {
        if (str_ends(word, STR(":")))
            report(sqlc, query->path, number, "\"%.*s\" is no directive: param, nullable", STR_ARG(word));
        return;
    }
    for (struct str name = next_word(&rest); name.len > 0; name = next_word(&rest)) {
        struct param *param = find_param(query, name);
        if (!param)
            report(sqlc, query->path, number, "the query has no parameter :%.*s", STR_ARG(name));
        if (is_param && param && !type_parse(rest, &param->type))
            report(sqlc, query->path, number, "\"%.*s\" is no house type", STR_ARG(str_trim(rest)));
        if (is_param)
            return;
        if (param)
            param->is_nullable = true;
    }
}

static void read_clause(struct sqlc *sqlc, struct reader *reader, struct query *query, struct str line)
{
    struct str name = str_trim(after(str_trim(line), STR("--?")));
    struct str next = str_trim(peek_line(reader));
    if (next.len == 0 || (str_starts(next, STR("--")) && !is_condition(next)))
        report(sqlc, query->path, reader->line - 1, "--? wants the SQL it makes optional on the next line");
    if (!sql_is_name(name))
        report(sqlc, query->path, reader->line - 1, "--? wants a name in small letters");
    else if (clause_bit(query, line) == 0 && query->clause_count == CLAUSES_MAX)
        report(sqlc, query->path, reader->line - 1, "more than %d optional clauses", CLAUSES_MAX);
    else if (clause_bit(query, line) == 0)
        query->clauses[query->clause_count++] = name;
}

/* From the first line of SQL to the semicolon. */
static void read_body(struct sqlc *sqlc, struct reader *reader, struct query *query)
{
    ptrdiff_t from = reader->at;
    bool is_whole = false;
    query->body_line = reader->line;
    while (!is_whole && !is_at_end(reader) && !str_starts(peek_line(reader), STR("-- name:"))) {
        struct str line = peek_line(reader);
        step_line(reader);
        if (str_starts(str_trim(line), STR("--?")))
            read_clause(sqlc, reader, query, line);
        else if (is_condition(line) && engine_of_line(line) == ENGINE_COUNT)
            report(sqlc, query->path, reader->line - 1, "--@ wants an engine: sqlite, postgres");
        query->body = str_slice(reader->source.text, from, reader->at);
        is_whole = sqlite3_complete(str_z(sqlc->arena, query->body)) != 0;
    }
    if (!is_whole)
        report(sqlc, query->path, query->line, "query %.*s has no ';' at its end", STR_ARG(query->name));
}

/* -- name: appeal_queue :many index */
static void read_head(struct sqlc *sqlc, struct query *query, struct str line)
{
    struct str rest = after(line, STR("-- name:"));
    query->name = next_word(&rest);
    struct str kind = next_word(&rest);
    if (!sql_is_name(query->name))
        report(sqlc, query->path, query->line, "a query wants a name in small letters");
    for (const struct query *other = query->earlier; other; other = other->earlier) {
        if (str_equal(other->name, query->name))
            report(sqlc, query->path, query->line, "query %.*s is there already, in line %d", STR_ARG(query->name),
                   other->line);
    }
    while (query->kind < KIND_COUNT && !str_equal(kind, str_of(kind_words[query->kind])))
        query->kind++;
    if (query->kind == KIND_COUNT)
        report(sqlc, query->path, query->line, "\"%.*s\" is no kind of query", STR_ARG(kind));
    for (struct str word = next_word(&rest); word.len > 0; word = next_word(&rest)) {
        if (str_equal(word, STR("index")))
            query->wants_index = true;
        else if (str_equal(word, STR("cached")))
            query->is_cached = true;
        else if (str_equal(word, STR("rollup")))
            query->is_rollup = true;
        else
            report(sqlc, query->path, query->line, "\"%.*s\" is not known here", STR_ARG(word));
    }
}

static struct query *read_query(struct sqlc *sqlc, struct reader *reader, struct str comment)
{
    struct query *query = arena_new(sqlc->arena, struct query, 1);
    *query = (struct query){ .earlier = reader->latest, .path = reader->source.path, .line = reader->line,
                             .comment = comment };
    reader->latest = query;
    read_head(sqlc, query, peek_line(reader));
    step_line(reader);

    struct reader directives = *reader; /* read when the parameters are known */
    for (struct str line = peek_line(reader); !is_at_end(reader); line = peek_line(reader)) {
        bool is_comment = str_starts(line, STR("--")) && !is_condition(line);
        if (str_starts(line, STR("-- name:")) || (!is_comment && str_trim(line).len > 0))
            break;
        step_line(reader);
    }
    read_body(sqlc, reader, query);
    for (enum engine engine = 0; engine < ENGINE_COUNT; engine++)
        collect_params(sqlc, query, 0, engine);
    for (int i = 0; i < query->clause_count; i++) {
        for (enum engine engine = 0; engine < ENGINE_COUNT; engine++)
            collect_params(sqlc, query, 1U << i, engine);
    }
    for (; directives.line < query->body_line; step_line(&directives)) {
        if (str_starts(peek_line(&directives), STR("--")))
            read_directive(sqlc, query, peek_line(&directives), directives.line);
    }
    return query;
}

struct query *query_read(struct sqlc *sqlc, struct reader *reader)
{
    ptrdiff_t comment = reader->at; /* where the comment above the next query begins */
    while (!is_at_end(reader)) {
        struct str line = peek_line(reader);
        if (str_starts(line, STR("-- name:")))
            return read_query(sqlc, reader, str_slice(reader->source.text, comment, reader->at));
        bool is_comment = str_starts(line, STR("--"));
        if (!is_comment && str_trim(line).len > 0)
            report(sqlc, reader->source.path, reader->line, "SQL outside a query: -- name: NAME :KIND comes first");
        step_line(reader);
        if (!is_comment)
            comment = reader->at;
    }
    return NULL;
}
