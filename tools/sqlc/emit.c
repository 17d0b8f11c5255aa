/*
 * emit.c - C out of checked queries: for each its structs and prototype, and a few short functions.
 *
 * Most of a function depends on its kind alone and stands here as text in which '$' is the query's name.
 */
#include "sqlc.h"

struct form {
    const char *types;      /* of its own, beside args and row */
    const char *parameters; /* between args and err */
    const char *body;       /* after the first cursor_next() */
};

/* To add a kind: one row here, one in queries.c, and where it fits in check.c. */
#define READ_FIRST                \
    "    bool has_row = false;\n" \
    "    bool ok = cursor_next(&cursor, &has_row, err);\n"

static const struct form forms[KIND_COUNT] = {
    [KIND_ONE] = {
        .types = "",
        .parameters = "struct arena *arena, struct $ *ret_row, ",
        .body = READ_FIRST
                "    struct $ row = { 0 };\n"
                "    if (ok && !has_row)\n"
                "        ok = error_fail(err, ERROR_NOT_FOUND, \"$\");\n"
                "    if (ok)\n"
                "        $_read(&cursor, arena, &row);\n"
                "    while (ok && has_row) /* what is written is checked at the end */\n"
                "        ok = cursor_next(&cursor, &has_row, err);\n"
                "    cursor_close(&cursor);\n"
                "    if (ok)\n"
                "        *ret_row = row;\n",
    },
    [KIND_MAYBE] = {
        .types = "",
        .parameters = "struct arena *arena, struct $ *ret_row, bool *ret_found, ",
        .body = READ_FIRST
                "    if (ok && has_row)\n"
                "        $_read(&cursor, arena, ret_row);\n"
                "    if (ok)\n"
                "        *ret_found = has_row;\n"
                "    cursor_close(&cursor);\n",
    },
    [KIND_MANY] = {
        .types = "struct $_rows {\n"
                 "    struct $ *at;\n"
                 "    ptrdiff_t n;\n"
                 "};\n\n",
        .parameters = "struct arena *arena, struct $_rows *ret_rows, ",
        .body = READ_FIRST
                "    struct $_rows rows = { 0 };\n"
                "    ptrdiff_t room = 0;\n"
                "    while (ok && has_row) {\n"
                "        if (rows.n == room) {\n"
                "            ptrdiff_t size = (ptrdiff_t)sizeof *rows.at;\n"
                "            ptrdiff_t more = room > 0 ? room * 2 : 16;\n"
                "            rows.at = arena_grow(arena, rows.at, room * size, more * size);\n"
                "            room = more;\n"
                "        }\n"
                "        $_read(&cursor, arena, &rows.at[rows.n++]);\n"
                "        ok = cursor_next(&cursor, &has_row, err);\n"
                "    }\n"
                "    cursor_close(&cursor);\n"
                "    if (ok)\n"
                "        *ret_rows = rows;\n",
    },
    [KIND_EACH] = {
        .types = "/* Gets one row after the other; the texts in it live until it returns. false ends the query. */\n"
                 "typedef bool $_each(void *self, const struct $ *row, struct error *err);\n\n",
        .parameters = "struct arena *arena, $_each *each, void *self, ",
        .body = READ_FIRST
                "    struct arena_mark mark = arena_mark(arena);\n"
                "    while (ok && has_row) {\n"
                "        struct $ row;\n"
                "        $_read(&cursor, arena, &row);\n"
                "        ok = each(self, &row, err);\n"
                "        arena_rewind(arena, mark);\n"
                "        if (ok)\n"
                "            ok = cursor_next(&cursor, &has_row, err);\n"
                "    }\n"
                "    cursor_close(&cursor);\n",
    },
    [KIND_EXEC] = {
        .types = "",
        .parameters = "int64_t *ret_changed, ",
        .body = "    bool has_row = false;\n"
                "    bool ok = ret_changed ? cursor_next(&cursor, &has_row, err) : cursor_post(&cursor, err);\n"
                "    if (ok && ret_changed)\n"
                "        *ret_changed = cursor_changed(&cursor);\n"
                "    cursor_close(&cursor);\n",
    },
    [KIND_CHANGE] = {
        .types = "",
        .parameters = "",
        .body = "    bool ok = cursor_change(&cursor, err);\n"
                "    cursor_close(&cursor);\n",
    },
};

/* Text with the query's name for '$'. */
static void put_form(struct buf *buf, const struct query *query, const char *text)
{
    for (; *text; text++) {
        if (*text == '$')
            buf_put(buf, query->name);
        else
            buf_char(buf, *text);
    }
}

void emit_literal(struct buf *buf, struct str sql)
{
    bool is_first = true;
    while (sql.len > 0) {
        struct str line = next_line(&sql);
        while (line.len > 0 && (line.data[line.len - 1] == ' ' || line.data[line.len - 1] == '\t'))
            line.len--;
        if (line.len == 0)
            continue;
        buf_put(buf, is_first ? STR("    \"") : STR("\\n\"\n    \""));
        for (ptrdiff_t i = 0; i < line.len; i++) {
            if (line.data[i] == '"' || line.data[i] == '\\')
                buf_char(buf, '\\');
            buf_char(buf, line.data[i]);
        }
        is_first = false;
    }
    buf_put(buf, is_first ? STR("    \"\"") : STR("\""));
}

static bool has_args(const struct query *query)
{
    return query->param_count > 0 || query->clause_count > 0;
}

/* Cut at commas into lines of about 100 columns, as clang-format does. */
static void put_signature(struct arena *arena, struct buf *buf, const struct query *query)
{
    struct buf whole = buf_make(arena, TEXT_MAX);
    put_form(&whole, query, query->is_writing ? "bool $(struct txn *txn, " : "bool $(struct db *db, ");
    put_form(&whole, query, has_args(query) ? "const struct $_args *args, " : "");
    put_form(&whole, query, forms[query->kind].parameters);
    put_form(&whole, query, "struct error *err)");
    struct str rest = buf_str(&whole), piece;
    int indent = (int)query->name.len + 6;
    ptrdiff_t column = 0;
    while (str_cut(rest, ',', &piece, &rest) || piece.len > 0) {
        if (column > 0 && column + piece.len > 98) {
            buf_format(buf, ",\n%*s", indent, "");
            piece = str_trim(piece);
            column = indent;
        } else if (column > 0) {
            buf_char(buf, ',');
        }
        buf_put(buf, piece);
        column += piece.len + 1;
    }
}

static void put_comment(struct buf *buf, struct str comment)
{
    bool is_long = str_find(str_trim(comment), STR("\n")) >= 0;
    if (comment.len == 0)
        return;
    buf_put(buf, is_long ? STR("/*\n") : STR("/*"));
    while (comment.len > 0) {
        struct str line = next_line(&comment);
        line = str_slice(line, 2, line.len);
        buf_format(buf, is_long ? " *%.*s\n" : "%.*s", STR_ARG(line));
    }
    buf_put(buf, STR(" */\n"));
}

static void put_member(struct arena *arena, struct buf *buf, struct str name, struct type type, bool is_nullable)
{
    if (is_nullable)
        buf_format(buf, "    bool has_%.*s;\n", STR_ARG(name));
    buf_format(buf, "    %.*s %.*s;\n", STR_ARG(type_c(arena, type)), STR_ARG(name));
}

/* Whether a clause is to be there, as C. */
static void put_by(struct buf *buf, struct str clause)
{
    if (str_equal(clause, IN_DISTRICT))
        buf_put(buf, STR("division_district(args->from) == division_district(args->to)"));
    else
        buf_format(buf, "args->by_%.*s", STR_ARG(clause));
}

static void emit_header(struct arena *arena, struct buf *buf, const struct query *query)
{
    if (has_args(query))
        put_form(buf, query, "struct $_args {\n");
    for (int i = 0; i < query->clause_count; i++) {
        if (!str_equal(query->clauses[i], IN_DISTRICT))
            buf_format(buf, "    bool by_%.*s;\n", STR_ARG(query->clauses[i]));
    }
    for (int i = 0; i < query->param_count; i++)
        if (!str_equal(query->params[i].name, IN_DISTRICT))
            put_member(arena, buf, query->params[i].name, query->params[i].type, query->params[i].is_nullable);
    put_form(buf, query, has_args(query) ? "};\n\n" : "");
    if (query->field_count > 0)
        put_form(buf, query, "struct $ {\n");
    for (int i = 0; i < query->field_count; i++)
        put_member(arena, buf, query->fields[i].name, query->fields[i].type, query->fields[i].is_nullable);
    put_form(buf, query, query->field_count > 0 ? "};\n\n" : "");
    put_form(buf, query, forms[query->kind].types);
    put_comment(buf, query->comment);
    put_signature(arena, buf, query);
    buf_put(buf, STR(" MUST_USE;\n\n"));
}

/* What struct query says of one variant. */
static void emit_text(struct buf *buf, const struct query *query, unsigned mask)
{
    put_form(buf, query, "{\n    .name = \"$\",\n    .sqlite =\n");
    emit_literal(buf, query->variants[ENGINE_SQLITE][mask]);
    buf_put(buf, STR(",\n    .postgres =\n"));
    emit_literal(buf, query->variants[ENGINE_POSTGRES][mask]);
    buf_put(buf, STR(",\n    .params = \""));
    for (int i = 0; i < query->param_count; i++)
        buf_char(buf, query->params[i].type.house->code);
    buf_put(buf, STR("\",\n"));
    buf_put(buf, query->is_cached ? STR("    .is_cached = true,\n") : STR(""));
    buf_put(buf, query->kind == KIND_EACH ? STR("    .is_long = true,\n") : STR(""));
    buf_put(buf, query->is_rollup ? STR("    .is_rollup = true,\n") : STR(""));
    buf_put(buf, query->is_writing ? STR("    .is_writing = true,\n") : STR(""));
    buf_char(buf, '}');
}

static void emit_texts(struct output *output, const struct query *query)
{
    struct buf *buf = &output->source;
    bool is_choice = query->clause_count > 0;
    put_form(buf, query, is_choice ? "static const struct query $_queries[] = {" : "static const struct query $_query = ");
    for (unsigned mask = 0; mask < 1U << query->clause_count; mask++) {
        emit_text(buf, query, mask);
        put_form(buf, query, is_choice ? ", " : "");
        put_form(&output->list, query, is_choice ? "    &$_queries" : "    &$_query");
        if (is_choice)
            buf_format(&output->list, "[%u]", mask);
        buf_put(&output->list, STR(",\n"));
    }
    buf_put(buf, is_choice ? STR("};\n\n") : STR(";\n\n"));
}

/* Sets one parameter, two steps to the right where it stands under a condition. */
static void emit_param(struct buf *buf, const struct param *param, int number, const char *indent)
{
    const struct house_type *house = param->type.house;
    if (str_equal(param->name, IN_DISTRICT)) {
        buf_format(buf, "%scursor_bind_int(cursor, %d, division_district(args->from));\n", indent, number);
        return;
    }
    const char *how = house->carrier == CARRY_TEXT ? "text" : house->carrier == CARRY_BLOB ? "blob" : "int";
    if (param->is_nullable)
        buf_format(buf, "%sif (!args->has_%.*s)\n%s    cursor_bind_null(cursor, %d);\n%selse\n    ", indent,
                   STR_ARG(param->name), indent, number, indent);
    buf_format(buf, "%scursor_bind_%s(cursor, %d, args->%.*s%s);\n", indent, how, number, STR_ARG(param->name),
               house->member);
}

/* A parameter of optional clauses is set where one of them is in the text. */
static void emit_bind(struct buf *buf, const struct query *query)
{
    if (query->param_count == 0)
        return;
    put_form(buf, query, "static void $_bind(struct cursor *cursor, const struct $_args *args)\n{\n");
    for (int i = 0; i < query->param_count; i++) {
        const struct param *param = &query->params[i];
        const char *before = "    if (";
        for (int k = 0; k < query->clause_count; k++) {
            if (param->clauses >> k & 1) {
                buf_put(buf, str_of(before));
                put_by(buf, query->clauses[k]);
                before = " || ";
            }
        }
        buf_put(buf, param->clauses ? STR(") {\n") : STR(""));
        emit_param(buf, param, i + 1, param->clauses ? "        " : "    ");
        buf_put(buf, param->clauses ? STR("    }\n") : STR(""));
    }
    buf_put(buf, STR("}\n\n"));
}

static void emit_field(struct arena *arena, struct buf *buf, const struct query *query, int i)
{
    const struct field *field = &query->fields[i];
    const struct house_type *house = field->type.house;
    struct str c = type_c(arena, field->type);
    if (field->is_nullable)
        buf_format(buf, "    row->has_%.*s = !cursor_is_null(cursor, %d);\n    if (row->has_%.*s)\n    ",
                   STR_ARG(field->name), i, STR_ARG(field->name));
    else if (!field->is_never_null)
        buf_format(buf, "    if (cursor_is_null(cursor, %d))\n        BUG(\"query %.*s: column %.*s is NULL\");\n", i,
                   STR_ARG(query->name), STR_ARG(field->name));
    buf_format(buf, "    row->%.*s%s = ", STR_ARG(field->name), house->member);
    switch (house->carrier) {
    case CARRY_INT: buf_format(buf, "cursor_int(cursor, %d);\n", i); break;
    case CARRY_INT32: buf_format(buf, "(int32_t)cursor_int(cursor, %d);\n", i); break;
    case CARRY_ENUM: buf_format(buf, "(%.*s)cursor_int(cursor, %d);\n", STR_ARG(c), i); break;
    case CARRY_BOOL: buf_format(buf, "cursor_int(cursor, %d) != 0;\n", i); break;
    case CARRY_TEXT:
    case CARRY_BLOB: buf_format(buf, "cursor_text(cursor, %d, arena);\n", i); break;
    }
}

static void emit_read(struct arena *arena, struct buf *buf, const struct query *query)
{
    bool has_text = false;
    if (query->field_count == 0)
        return;
    put_form(buf, query, "static void $_read(const struct cursor *cursor, struct arena *arena, struct $ *row)\n{\n");
    for (int i = 0; i < query->field_count; i++)
        has_text = has_text || query->fields[i].type.house->carrier >= CARRY_TEXT;
    put_form(buf, query, has_text ? "" : "    (void)arena;\n");
    put_form(buf, query, "    *row = (struct $){ 0 };\n");
    for (int i = 0; i < query->field_count; i++)
        emit_field(arena, buf, query, i);
    buf_put(buf, STR("}\n\n"));
}

static void emit_function(struct arena *arena, struct buf *buf, const struct query *query)
{
    put_signature(arena, buf, query);
    buf_put(buf, STR("\n{\n    struct cursor cursor = { 0 };\n"));
    for (int i = 0; i < query->clause_count; i++) {
        buf_put(buf, i == 0 ? STR("    unsigned variant = (") : STR(" |\n                       ("));
        put_by(buf, query->clauses[i]);
        buf_format(buf, " ? 1U << %d : 0)", i);
    }
    put_form(buf, query, query->clause_count > 0 ? ";\n" : "");
    put_form(buf, query, query->is_writing ? "\n    if (!cursor_open(txn->db, " : "\n    if (!cursor_open(db, ");
    put_form(buf, query, query->clause_count > 0 ? "&$_queries[variant]" : "&$_query");
    buf_put(buf, STR(", &cursor, err))\n        return false;\n"));
    put_form(buf, query, query->param_count > 0 ? "    $_bind(&cursor, args);\n" : "");
    put_form(buf, query, forms[query->kind].body);
    buf_put(buf, STR("    return ok;\n}\n\n"));
}

void emit_query(struct arena *arena, struct output *output, const struct query *query)
{
    emit_header(arena, &output->header, query);
    emit_texts(output, query);
    emit_bind(&output->source, query);
    emit_read(arena, &output->source, query);
    emit_function(arena, &output->source, query);
}
