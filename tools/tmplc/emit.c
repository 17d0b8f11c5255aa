/*
 * emit.c - the C that comes out.
 *
 * Markup gathers in out->literal and becomes one html_literal() when something else is written.  Each
 * statement with an expression in it stands under a #line, so that the compiler's complaints name the
 * template.
 */
#include "tmplc.h"

enum { INDENT = 4, ONE_LINE = 70 };

struct output emit_start(struct arena *arena)
{
    return (struct output){
        .includes = buf_make(arena, OUTPUT_MAX),
        .prototypes = buf_make(arena, OUTPUT_MAX),
        .code = buf_make(arena, OUTPUT_MAX),
        .literal = buf_make(arena, OUTPUT_MAX),
    };
}

static void put_quoted(struct buf *out, struct str s)
{
    buf_char(out, '"');
    for (ptrdiff_t i = 0; i < s.len; i++) {
        char c = s.data[i];
        if (c == '\n')
            buf_put(out, STR("\\n"));
        else if (c == '\t')
            buf_put(out, STR("\\t"));
        else if (c == '"' || c == '\\' || (c == '?' && i > 0 && s.data[i - 1] == '?')) /* no trigraphs */
            buf_put(out, (struct str){ (char[]){ '\\', c }, 2 });
        else
            buf_char(out, c);
    }
    buf_char(out, '"');
}

/* One C string per line of the template. */
void emit_literal(struct output *output, int depth)
{
    struct buf *out = &output->code;
    struct str rest = buf_str(&output->literal);
    if (rest.len == 0)
        return;
    bool is_short = rest.len <= ONE_LINE && str_find(str_slice(rest, 0, rest.len - 1), STR("\n")) < 0;
    buf_format(out, "%*shtml_literal(html,", depth * INDENT, "");
    while (rest.len > 0) {
        ptrdiff_t newline = str_find(rest, STR("\n"));
        ptrdiff_t len = newline < 0 ? rest.len : newline + 1;
        if (is_short)
            buf_char(out, ' ');
        else
            buf_format(out, "\n%*s", (depth + 1) * INDENT, "");
        put_quoted(out, str_slice(rest, 0, len));
        rest = str_slice(rest, len, rest.len);
    }
    buf_format(out, ", %td);\n", output->literal.len);
    output->literal.len = 0;
}

struct buf *emit_statement(struct output *out, const struct source *src, int line, int depth)
{
    emit_literal(out, depth);
    if (line > 0) {
        buf_format(&out->code, "#line %d ", line);
        put_quoted(&out->code, str_of(src->path));
        buf_char(&out->code, '\n');
    }
    buf_format(&out->code, "%*s", depth * INDENT, "");
    return &out->code;
}
