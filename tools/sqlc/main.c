/*
 * main.c - sqlc --name FEATURE --schema S --queries Q --header OUT.h --source OUT.c --include-as PATH
 */
#include "sqlc.h"

#include <errno.h>
#include <stdarg.h>

enum option { OPTION_NAME, OPTION_SCHEMA, OPTION_QUERIES, OPTION_HEADER, OPTION_SOURCE, OPTION_INCLUDE, OPTION_COUNT };

static const char *const option_words[OPTION_COUNT] = {
    [OPTION_NAME] = "--name",     [OPTION_SCHEMA] = "--schema", [OPTION_QUERIES] = "--queries",
    [OPTION_HEADER] = "--header", [OPTION_SOURCE] = "--source", [OPTION_INCLUDE] = "--include-as",
};

void report(struct sqlc *sqlc, const char *path, int line, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "%s:%d: error: ", path, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    sqlc->errors++;
}

static bool read_options(int argc, char **argv, const char *values[OPTION_COUNT])
{
    for (int i = 1; i + 1 < argc; i += 2) {
        for (int k = 0; k < OPTION_COUNT; k++) {
            if (str_equal(str_of(argv[i]), str_of(option_words[k])))
                values[k] = argv[i + 1];
        }
    }
    for (int k = 0; k < OPTION_COUNT; k++) {
        if (!values[k])
            return false;
    }
    return argc == 1 + 2 * OPTION_COUNT;
}

static struct source read_source(struct sqlc *sqlc, const char *path)
{
    struct source source = { .path = path };
    struct buf buf = buf_make(sqlc->arena, TEXT_MAX);
    FILE *file = fopen(path, "rb");
    if (!file) {
        report(sqlc, path, 1, "%s", strerror(errno));
        return source;
    }
    for (int c = getc(file); c != EOF; c = getc(file))
        buf_char(&buf, (char)c);
    if (ferror(file) || buf.overflowed)
        report(sqlc, path, 1, "not to be read, or too long");
    (void)fclose(file);
    source.text = buf_str(&buf);
    return source;
}

static void write_file(struct sqlc *sqlc, const char *path, struct str head, struct str body)
{
    FILE *file = fopen(path, "wb");
    bool ok = file && fprintf(file, "%.*s%.*s", STR_ARG(head), STR_ARG(str_trim(body))) >= 0 &&
              fputc('\n', file) != EOF;
    if (file)
        ok = fclose(file) == 0 && ok;
    if (!ok)
        report(sqlc, path, 1, "%s", strerror(errno));
}

/* The feature's struct schema, after the queries it lists. */
static void emit_schema(struct buf *buf, const char *name, const struct output *output, struct str tables,
                        const struct str ddl[ENGINE_COUNT])
{
    bool has_queries = output->list.len > 0;
    if (tables.len > 0)
        buf_format(buf, "static const struct table all_tables[] = {\n%.*s};\n\n", STR_ARG(tables));
    if (has_queries)
        buf_format(buf, "static const struct query *const all_queries[] = {\n%.*s};\n\n",
                   STR_ARG(buf_str(&output->list)));
    buf_format(buf, "const struct schema %s_schema = {\n    .feature = \"%s\",\n    .sqlite =\n", name, name);
    emit_literal(buf, ddl[ENGINE_SQLITE]);
    buf_put(buf, STR(",\n    .postgres =\n"));
    emit_literal(buf, ddl[ENGINE_POSTGRES]);
    buf_put(buf, has_queries ? STR(",\n    .queries = all_queries,\n    .query_count = COUNT_OF(all_queries)") : STR(""));
    buf_put(buf, tables.len > 0 ? STR(",\n    .tables = all_tables,\n    .table_count = COUNT_OF(all_tables)") : STR(""));
    buf_put(buf, STR(",\n};\n"));
}

static void write_output(struct sqlc *sqlc, const char *const values[OPTION_COUNT], struct output *output,
                         const struct str ddl[ENGINE_COUNT], struct str includes)
{
    const char *name = values[OPTION_NAME];
    struct str made_by = str_format(sqlc->arena, "/* Made by tools/sqlc from %s's schema.sql and queries.sql. */\n",
                                    name);
    struct buf header = buf_make(sqlc->arena, TEXT_MAX);
    struct buf source = buf_make(sqlc->arena, TEXT_MAX);
    buf_put(&header, made_by);
    buf_put(&header, STR("#pragma once\n"));
    buf_put(&header, output->has_money ? STR("#include \"base/money.h\"\n") : STR(""));
    buf_put(&header, STR("#include \"platform/access/scope.h\"\n#include \"platform/db/query.h\"\n"));
    buf_put(&header, includes);
    buf_format(&header, "\nextern const struct schema %s_schema;\n\n", name);
    buf_put(&source, made_by);
    buf_format(&source, "#include \"%s\"\n\n", values[OPTION_INCLUDE]);
    emit_schema(&output->source, name, output, buf_str(&sqlc->tables), ddl);
    write_file(sqlc, values[OPTION_HEADER], buf_str(&header), buf_str(&output->header));
    write_file(sqlc, values[OPTION_SOURCE], buf_str(&source), buf_str(&output->source));
}

static void compile(struct sqlc *sqlc, const char *const values[OPTION_COUNT])
{
    struct source schema = read_source(sqlc, values[OPTION_SCHEMA]);
    struct reader reader = { .source = read_source(sqlc, values[OPTION_QUERIES]), .line = 1 };
    struct output output = { .header = buf_make(sqlc->arena, TEXT_MAX),
                             .source = buf_make(sqlc->arena, TEXT_MAX),
                             .list = buf_make(sqlc->arena, TEXT_MAX) };
    struct str ddl[ENGINE_COUNT], includes;
    if (sqlc->errors > 0 || !schema_load(sqlc, schema, ddl, &includes))
        return;
    for (;;) {
        int errors = sqlc->errors;
        struct query *query = query_read(sqlc, &reader);
        if (!query)
            break;
        if (sqlc->errors == errors)
            query_check(sqlc, query);
        if (sqlc->errors == 0)
            emit_query(sqlc->arena, &output, query);
    }
    if (sqlc->errors == 0)
        write_output(sqlc, values, &output, ddl, includes);
}

int main(int argc, char **argv)
{
    const char *values[OPTION_COUNT] = { 0 };
    if (!read_options(argc, argv, values)) {
        fputs("usage: sqlc --name FEATURE --schema S --queries Q --header OUT.h --source OUT.c --include-as PATH\n",
              stderr);
        return 2;
    }
    struct arena arena = { 0 };
    struct sqlc sqlc = { .arena = &arena, .house = schema_memory(), .strict = schema_memory(),
                         .tables = buf_make(&arena, TEXT_MAX) };
    compile(&sqlc, values);
    sqlite3_close(sqlc.house);
    sqlite3_close(sqlc.strict);
    arena_release(&arena);
    return sqlc.errors > 0 ? 1 : 0;
}
