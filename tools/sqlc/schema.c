/*
 * schema.c - schema.sql into the two databases, statement by statement as SQLite cuts them.
 */
#include "sqlc.h"

#include "platform/db/bigram.h"

sqlite3 *schema_memory(void)
{
    sqlite3 *db;
    bool ok = sqlite3_open(":memory:", &db) == SQLITE_OK &&
              sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL) == SQLITE_OK &&
              sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL) == SQLITE_OK &&
              sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL) == SQLITE_OK &&
              bigram_register(db) == SQLITE_OK;
    if (!ok)
        BUG("no database in memory");
    return db;
}

/* The n-th word of a statement, from 0; words in quotes do not count. */
static struct str word_at(struct str sql, int n)
{
    struct token token;
    for (ptrdiff_t at = 0; at < sql.len; at += token.text.len) {
        token = sql_token(sql, at);
        if (token.kind == TOKEN_WORD && n-- == 0)
            return token.text;
    }
    return (struct str){ 0 };
}

/* Where a column is declared: its name after '(' or ','. */
static ptrdiff_t column_place(struct str sql, struct str name)
{
    struct token token;
    char before = 0;
    for (ptrdiff_t at = 0; at < sql.len; at += token.text.len) {
        token = sql_token(sql, at);
        if (token.kind == TOKEN_WORD && (before == '(' || before == ',') && str_equal(token.text, name))
            return at;
        if (token.kind != TOKEN_BLANK)
            before = token.text.data[0];
    }
    return 0;
}

static void check_columns(struct sqlc *sqlc, const char *path, struct str sql, int line)
{
    static const char ask[] = "SELECT name, type FROM pragma_table_xinfo(?1)";
    struct str table = word_at(sql, 2);
    sqlite3_stmt *columns;
    int count = 0;
    if (sqlite3_prepare_v2(sqlc->house, ask, -1, &columns, NULL) != SQLITE_OK)
        BUG("%s", sqlite3_errmsg(sqlc->house));
    sqlite3_bind_text(columns, 1, table.data, (int)table.len, SQLITE_STATIC);
    for (; sqlite3_step(columns) == SQLITE_ROW; count++) {
        struct str name = str_of((const char *)sqlite3_column_text(columns, 0));
        struct str declared = str_of((const char *)sqlite3_column_text(columns, 1));
        struct type type;
        if (!type_parse(declared, &type))
            report(sqlc, path, line + sql_line(sql, column_place(sql, name)),
                   "column %.*s of %.*s: \"%.*s\" is no house type", STR_ARG(name), STR_ARG(table), STR_ARG(declared));
    }
    if (count == 0)
        report(sqlc, path, line, "CREATE TABLE wants a plain name next, without quotes or IF NOT EXISTS");
    sqlite3_finalize(columns);
}

/*
 * A table with SQLite's types for the house's, and STRICT.  The id of a record is its rowid, so that it is found in one
 * step: an id is unique in an installation, whatever its district.
 */
static void put_table(struct buf *ddl, struct str sql)
{
    struct str record_key = STR("PRIMARY KEY (district, id)");
    ptrdiff_t key = str_find(sql, record_key);
    ptrdiff_t id = key < 0 ? -1 : column_place(sql, STR("id"));
    struct token token;
    bool is_name_next = false;
    for (ptrdiff_t at = 0; at < sql.len; at += token.text.len) {
        token = sql_token(sql, at);
        if (at == key) {
            token.text = record_key;
            buf_put(ddl, STR("UNIQUE (district, id)"));
            continue;
        }
        const struct house_type *house = token.kind == TOKEN_WORD ? house_type_find(token.text) : NULL;
        if (is_name_next) {
            is_name_next = token.kind != TOKEN_WORD;
        } else if (house && house->carrier < CARRY_TEXT) {
            buf_put(ddl, id >= 0 && at > id ? STR("INTEGER PRIMARY KEY") : STR("INTEGER"));
            id = at > id ? -1 : id;
            is_name_next = house->is_named;
        } else {
            buf_put(ddl, token.text);
        }
    }
    buf_put(ddl, sql.data[sql.len - 1] == ')' ? STR(" STRICT") : STR(", STRICT"));
}

/* The same for PostgreSQL: its types for the house's, and nothing that only SQLite knows. */
static void put_postgres(struct buf *ddl, struct str sql)
{
    struct token token;
    bool is_name_next = false, is_skipping = false;
    for (ptrdiff_t at = 0; at < sql.len; at += token.text.len) {
        token = sql_token(sql, at);
        const struct house_type *house = token.kind == TOKEN_WORD ? house_type_find(token.text) : NULL;
        is_skipping = is_skipping || (token.kind == TOKEN_WORD && str_equal(token.text, STR("WITHOUT")));
        if (is_name_next)
            is_name_next = token.kind != TOKEN_WORD;
        else if (house)
            buf_put(ddl, str_of(house->postgres));
        else if (!is_skipping)
            buf_put(ddl, token.text);
        is_name_next = is_name_next || (house && house->is_named);
    }
    buf_put(ddl, STR(";\n"));
}

/* The columns of a table, or of its primary key in its order. */
static struct str column_list(struct sqlc *sqlc, struct str table, bool is_key)
{
    const char *ask = is_key ? "SELECT name FROM pragma_table_xinfo(?1) WHERE pk > 0 ORDER BY pk"
                             : "SELECT name FROM pragma_table_xinfo(?1) ORDER BY cid";
    struct buf list = buf_make(sqlc->arena, TEXT_MAX);
    sqlite3_stmt *columns;
    if (sqlite3_prepare_v2(sqlc->house, ask, -1, &columns, NULL) != SQLITE_OK)
        BUG("%s", sqlite3_errmsg(sqlc->house));
    sqlite3_bind_text(columns, 1, table.data, (int)table.len, SQLITE_STATIC);
    while (sqlite3_step(columns) == SQLITE_ROW)
        buf_format(&list, "%s%s", list.len > 0 ? ", " : "", (const char *)sqlite3_column_text(columns, 0));
    sqlite3_finalize(columns);
    return buf_str(&list);
}

/* A letter for each column, as for parameters. */
static struct str column_codes(struct sqlc *sqlc, struct str table, struct str columns)
{
    struct buf codes = buf_make(sqlc->arena, TEXT_MAX);
    struct str name, rest = columns;
    while (str_cut(rest, ',', &name, &rest) || name.len > 0) {
        const char *declared = NULL;
        struct type type;
        (void)sqlite3_table_column_metadata(sqlc->house, NULL, str_z(sqlc->arena, table),
                                            str_z(sqlc->arena, str_trim(name)), &declared, NULL, NULL, NULL, NULL);
        buf_char(&codes, type_parse(str_of(declared), &type) ? type.house->code : '?');
        if (rest.len == 0)
            break;
    }
    return buf_str(&codes);
}

/* What moves a whole table: struct table in platform/db/query.h. */
static void put_moving(struct sqlc *sqlc, struct str sql, bool is_reference)
{
    struct buf *out = &sqlc->tables;
    struct str table = word_at(sql, 2);
    struct str columns = column_list(sqlc, table, false), codes = column_codes(sqlc, table, columns);
    buf_format(out, "    { .name = \"%.*s\",\n      .read = { .name = \"%.*s\", .params = \"\", .is_long = true, .is_rollup = true,\n",
               STR_ARG(table), STR_ARG(table));
    for (enum engine engine = 0; engine < ENGINE_COUNT; engine++)
        buf_format(out, "                .%s = \"SELECT %.*s FROM %.*s ORDER BY %.*s\",\n", engine == ENGINE_SQLITE ? "sqlite" : "postgres",
                   STR_ARG(columns), STR_ARG(table), STR_ARG(column_list(sqlc, table, true)));
    buf_format(out, "      },\n      .add = { .name = \"%.*s\", .params = \"%.*s\", .is_writing = true,\n", STR_ARG(table), STR_ARG(codes));
    for (enum engine engine = 0; engine < ENGINE_COUNT; engine++) {
        buf_format(out, "               .%s = \"INSERT INTO %.*s (%.*s) VALUES (", engine == ENGINE_SQLITE ? "sqlite" : "postgres",
                   STR_ARG(table), STR_ARG(columns));
        for (ptrdiff_t i = 1; i <= codes.len; i++)
            buf_format(out, "%s%c%td", i > 1 ? ", " : "", engine == ENGINE_SQLITE ? '?' : '$', i);
        buf_put(out, STR(")\",\n"));
    }
    buf_put(out, is_reference ? STR("      },\n      .is_reference = true },\n") : STR("      } },\n"));
}

/* One statement, without comments and its semicolon, prepared in the house database. */
static void load_statement(struct sqlc *sqlc, const char *path, struct str sql, int line, bool is_reference,
                           sqlite3_stmt *statement, struct buf *ddl)
{
    struct buf strict = buf_make(sqlc->arena, TEXT_MAX);
    bool is_table = str_equal(word_at(sql, 0), STR("CREATE")) && str_equal(word_at(sql, 1), STR("TABLE"));
    if (sqlite3_step(statement) != SQLITE_DONE) {
        report(sqlc, path, line, "%s", sqlite3_errmsg(sqlc->house));
        return;
    }
    int errors = sqlc->errors;
    if (is_table) {
        check_columns(sqlc, path, sql, line);
        put_table(&strict, sql);
        put_moving(sqlc, sql, is_reference);
    } else {
        buf_put(&strict, sql);
    }
    buf_put(&strict, STR(";\n"));
    const char *text = str_z(sqlc->arena, buf_str(&strict));
    if (sqlc->errors == errors && sqlite3_exec(sqlc->strict, text, NULL, NULL, NULL) != SQLITE_OK)
        report(sqlc, path, line, "as SQLite gets it: %s", sqlite3_errmsg(sqlc->strict));
    buf_put(ddl, buf_str(&strict));
}

static struct str read_includes(struct arena *arena, struct str text)
{
    struct buf includes = buf_make(arena, TEXT_MAX);
    while (text.len > 0) {
        struct str line = next_line(&text);
        if (!str_starts(line, STR("-- include:")))
            continue;
        struct str path = str_trim(str_slice(line, STR("-- include:").len, line.len));
        buf_format(&includes, "#include \"%.*s\"\n", STR_ARG(path));
    }
    return buf_str(&includes);
}

static struct str line_above(struct str text, ptrdiff_t at)
{
    ptrdiff_t end = at;
    while (end > 0 && text.data[end - 1] != '\n')
        end--;
    ptrdiff_t from = end > 0 ? end - 1 : 0;
    while (from > 0 && text.data[from - 1] != '\n')
        from--;
    return str_trim(str_slice(text, from, end));
}

/* What SQLite would not understand: up to its semicolon. */
static ptrdiff_t skip_statement(struct str sql, ptrdiff_t at)
{
    while (at < sql.len && sql.data[at] != ';')
        at += sql_token(sql, at).text.len;
    return at < sql.len ? at + 1 : at;
}

static struct str without_semicolon(struct str sql)
{
    sql = str_trim(sql);
    return str_ends(sql, STR(";")) ? str_trim(str_slice(sql, 0, sql.len - 1)) : sql;
}

bool schema_load(struct sqlc *sqlc, struct source source, struct str ret_ddl[ENGINE_COUNT], struct str *ret_includes)
{
    struct str sql = sql_without_comments(sqlc->arena, source.text);
    const char *text = str_z(sqlc->arena, sql);
    struct buf ddl = buf_make(sqlc->arena, TEXT_MAX), postgres = buf_make(sqlc->arena, TEXT_MAX);
    ptrdiff_t at = 0;
    for (;;) {
        if (at < sql.len && sql_token(sql, at).kind == TOKEN_BLANK)
            at += sql_token(sql, at).text.len;
        if (at == sql.len)
            break;
        struct str above = line_above(source.text, at);
        enum engine only = engine_of_line(above); /* or both: ENGINE_COUNT */
        bool is_reference = str_equal(above, STR("-- reference"));
        if (only == ENGINE_POSTGRES) {
            ptrdiff_t from = at;
            at = skip_statement(sql, at);
            put_postgres(&postgres, without_semicolon(str_slice(sql, from, at)));
            continue;
        }
        sqlite3_stmt *statement = NULL;
        const char *tail = NULL;
        if (sqlite3_prepare_v2(sqlc->house, text + at, -1, &statement, &tail) != SQLITE_OK) {
            int offset = sqlite3_error_offset(sqlc->house);
            report(sqlc, source.path, 1 + sql_line(sql, at + (offset > 0 ? offset : 0)), "%s",
                   sqlite3_errmsg(sqlc->house));
            break; /* where the next statement begins is not known */
        }
        ptrdiff_t end = tail - text;
        struct str one = without_semicolon(str_slice(sql, at, end));
        if (statement)
            load_statement(sqlc, source.path, one, 1 + sql_line(sql, at), is_reference, statement, &ddl);
        if (statement && only == ENGINE_COUNT)
            put_postgres(&postgres, one);
        sqlite3_finalize(statement);
        at = end;
    }
    ret_ddl[ENGINE_SQLITE] = buf_str(&ddl);
    ret_ddl[ENGINE_POSTGRES] = buf_str(&postgres);
    *ret_includes = read_includes(sqlc->arena, source.text);
    return sqlc->errors == 0;
}
