/*
 * template.c - the forms in braces, and the blanks between them.
 *
 * The text is read once.  Everything outside a form goes through markup_step() and into the literal; a form
 * asks markup.c whether it may stand where it stands.  A block ({if}, {for}) keeps the place in the HTML
 * where it began: each of its branches has to come back to it.
 *
 * Blanks: a run with a line break becomes one line break, and none where the line had only control forms on
 * it.  The break waits (is_break_due) until something follows, so that a part ends without one.
 */
#include "tmplc.h"

#include <string.h>

enum { BLOCKS_MAX = 32 };

enum form_kind {
    FORM_VALUE, FORM_COMMENT, FORM_CALL, FORM_TEXT, FORM_IF, FORM_ELIF, FORM_ELSE, FORM_FOR, FORM_END,
    FORM_INCLUDE, FORM_PAGE, FORM_PART, FORM_UNKNOWN
};

/* To add a form: one row here, one case in take_form(). */
static const struct form_head {
    struct str head, tail;
    bool is_word;    /* a blank or the tail follows the head */
    bool is_alone;   /* nothing follows the head */
    bool is_control; /* writes nothing itself, and may stand inside a tag */
    bool is_top;     /* may stand before the first page */
} heads[] = {
    [FORM_VALUE] = { STR_INIT("{{"), STR_INIT("}}"), .is_word = false },
    [FORM_COMMENT] = { STR_INIT("{#"), STR_INIT("#}"), .is_control = true, .is_top = true },
    [FORM_CALL] = { STR_INIT("{>"), STR_INIT("}"), .is_word = false },
    [FORM_TEXT] = { STR_INIT("{t"), STR_INIT("}"), .is_word = true },
    [FORM_IF] = { STR_INIT("{if"), STR_INIT("}"), .is_word = true, .is_control = true },
    [FORM_ELIF] = { STR_INIT("{elif"), STR_INIT("}"), .is_word = true, .is_control = true },
    [FORM_ELSE] = { STR_INIT("{else"), STR_INIT("}"), .is_word = true, .is_alone = true, .is_control = true },
    [FORM_FOR] = { STR_INIT("{for"), STR_INIT("}"), .is_word = true, .is_control = true },
    [FORM_END] = { STR_INIT("{end"), STR_INIT("}"), .is_word = true, .is_alone = true, .is_control = true },
    [FORM_INCLUDE] = { STR_INIT("{include"), STR_INIT("}"), .is_word = true, .is_top = true },
    [FORM_PAGE] = { STR_INIT("{page"), STR_INIT("}"), .is_word = true, .is_top = true },
    [FORM_PART] = { STR_INIT("{part"), STR_INIT("}"), .is_word = true, .is_top = true },
};

struct form {
    enum form_kind kind;
    int line;
    struct str body; /* between head and tail, trimmed */
};

struct block {
    enum form_kind kind; /* FORM_IF, FORM_ELSE once it has come, or FORM_FOR */
    int line;
    struct markup start; /* where each branch begins and ends */
    bool ends_glued;     /* one of the branches */
};

struct template {
    struct source *src;
    struct output *out;
    struct markup markup;
    struct block blocks[BLOCKS_MAX];
    int depth; /* of blocks */
    int loops; /* counted for unique index names */
    bool is_in_page, is_fresh_line, is_break_due;
    bool has_complained; /* about what stands before the first page */
};

static bool is_name(char c, bool is_first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (!is_first && c >= '0' && c <= '9');
}

static void advance(struct source *src, ptrdiff_t to)
{
    for (; src->at < to; src->at++)
        src->line += src->text.data[src->at] == '\n';
}

static enum form_kind kind_of(struct str rest)
{
    for (enum form_kind kind = 0; kind < FORM_UNKNOWN; kind++) {
        struct str head = heads[kind].head;
        char next = rest.len > head.len ? rest.data[head.len] : ' ';
        if (str_starts(rest, head) && (!heads[kind].is_word || is_blank(next) || next == '}'))
            return kind;
    }
    return FORM_UNKNOWN;
}

/* Past the closing quote of a C string or character. */
static ptrdiff_t skip_quoted(struct str text, ptrdiff_t at)
{
    char quote = text.data[at];
    for (at++; at < text.len && text.data[at] != quote; at++)
        at += text.data[at] == '\\';
    return at + 1;
}

/* Where the tail of a form stands, or -1: not in a C string or in brackets, where alone a line may break. */
static ptrdiff_t find_tail(struct str text, ptrdiff_t at, struct str tail)
{
    int depth = 0;
    while (at < text.len) {
        char c = text.data[at];
        if (depth == 0 && str_starts(str_slice(text, at, text.len), tail))
            return at;
        if (strchr("([{", c))
            depth++;
        else if (strchr(")]}", c))
            depth--;
        if (depth < 0 || (depth == 0 && c == '\n'))
            return -1;
        at = c == '"' || c == '\'' ? skip_quoted(text, at) : at + 1;
    }
    return -1;
}

/* Reads the form at src->at and moves past it; false if it is none, which has been reported. */
static bool read_form(struct source *src, struct form *ret_form)
{
    struct str rest = str_slice(src->text, src->at, src->text.len);
    struct str first_line, more;
    (void)str_cut(rest, '\n', &first_line, &more);
    enum form_kind kind = kind_of(rest);
    const struct form_head *head = &heads[kind == FORM_UNKNOWN ? FORM_COMMENT : kind];
    ptrdiff_t inside = head->head.len;
    ptrdiff_t tail = -1;

    if (kind == FORM_UNKNOWN) {
        ptrdiff_t end = str_find(first_line, STR("}"));
        source_error(src, src->line, "unknown form (a brace is written &#123;)");
        advance(src, src->at + (end > 0 ? end + 1 : 1));
        return false;
    }
    if (kind != FORM_COMMENT)
        tail = find_tail(rest, inside, head->tail);
    else if (str_find(rest, head->tail) >= inside)
        tail = str_find(rest, head->tail);
    if (tail < 0) {
        source_error(src, src->line, "%.*s is not closed", STR_ARG(head->head));
        advance(src, src->at + first_line.len);
        return false;
    }
    struct str body = str_trim(str_slice(rest, inside, tail));
    *ret_form = (struct form){ .kind = kind, .line = src->line, .body = body };
    advance(src, src->at + tail + head->tail.len);
    return true;
}

static struct str take_name(struct str *rest)
{
    ptrdiff_t len = 0;
    while (len < rest->len && is_name(rest->data[len], len == 0))
        len++;
    struct str name = str_slice(*rest, 0, len);
    *rest = str_trim(str_slice(*rest, len, rest->len));
    return name;
}

/* "name", "name()" or "name(args)". */
static bool split_call(struct template *t, const struct form *form, struct str *ret_name,
                       struct str *ret_args)
{
    struct str rest = form->body;
    struct str name = take_name(&rest);
    bool has_args = str_starts(rest, STR("(")) && str_ends(rest, STR(")"));
    if (name.len == 0 || (rest.len > 0 && !has_args)) {
        source_error(t->src, form->line, "%.*s wants a name, or a name and (arguments)",
                     STR_ARG(heads[form->kind].head));
        return false;
    }
    *ret_name = name;
    *ret_args = has_args ? str_trim(str_slice(rest, 1, rest.len - 1)) : rest;
    return true;
}

static void put_due_break(struct template *t)
{
    if (t->is_break_due)
        buf_char(&t->out->literal, '\n');
    t->is_break_due = false;
}

static void take_blanks(struct template *t)
{
    struct source *src = t->src;
    ptrdiff_t from = src->at;
    bool is_verbatim = t->markup.is_verbatim;
    for (; src->at < src->text.len && is_blank(src->text.data[src->at]); advance(src, src->at + 1)) {
        if (t->is_in_page)
            markup_step(&t->markup, src);
    }
    struct str run = str_slice(src->text, from, src->at);
    if (!is_verbatim && str_find(run, STR("\n")) >= 0) {
        t->is_break_due |= !t->is_fresh_line;
        t->is_fresh_line = true;
    } else if (is_verbatim || !t->is_fresh_line) {
        put_due_break(t);
        buf_put(&t->out->literal, run);
    }
}

/* Takes one byte of markup; before the first page there may be none. */
static void take_literal(struct template *t)
{
    struct source *src = t->src;
    if (t->is_in_page) {
        markup_step(&t->markup, src);
        put_due_break(t);
        buf_char(&t->out->literal, src->text.data[src->at]);
        t->is_fresh_line = false;
    } else if (!t->has_complained) {
        source_error(src, src->line, "text before the first {page} or {part}");
        t->has_complained = true;
    }
    advance(src, src->at + 1);
}

static struct buf *statement(struct template *t, const struct form *form)
{
    return emit_statement(t->out, t->src, form->line, t->depth + 1);
}

static void open_block(struct template *t, const struct form *form)
{
    if (t->depth < BLOCKS_MAX)
        t->blocks[t->depth++] = (struct block){ .kind = form->kind, .line = form->line, .start = t->markup };
    else
        source_error(t->src, form->line, "more than %d blocks inside each other", BLOCKS_MAX);
}

static void take_if(struct template *t, const struct form *form)
{
    buf_format(statement(t, form), "if (%.*s) {\n", STR_ARG(form->body));
    open_block(t, form);
}

static void take_for(struct template *t, const struct form *form)
{
    struct str list = form->body;
    struct str name = take_name(&list);
    struct str in = take_name(&list);
    int n = ++t->loops;
    if (name.len == 0 || !str_equal(in, STR("in")) || list.len == 0)
        source_error(t->src, form->line, "{for} wants: {for name in list}");
    buf_format(statement(t, form), "for (ptrdiff_t i_%d = 0; i_%d < (%.*s).n; i_%d++) {\n", n, n,
               STR_ARG(list), n);
    open_block(t, form);
    /* The name may be unused: a body may be there for its number alone. */
    buf_format(statement(t, form), "const __typeof__(*(%.*s).at) *%.*s = &(%.*s).at[i_%d]; (void)%.*s;\n",
               STR_ARG(list), STR_ARG(name), STR_ARG(list), n, STR_ARG(name));
}

/*
 * A branch ends: at {elif}, {else} or {end}.  It has to stand where it began; only a blank after an
 * attribute may be missing, which is made up for after the block.
 */
static struct block *end_branch(struct template *t, const struct form *form)
{
    struct block *block = t->depth > 0 ? &t->blocks[t->depth - 1] : NULL;
    if (!block || (form->kind != FORM_END && block->kind != FORM_IF)) {
        source_error(t->src, form->line, "%.*s} without %s", STR_ARG(heads[form->kind].head),
                     form->kind == FORM_END ? "{if} or {for}" : "{if}");
        return NULL;
    }
    if (!markup_same(&t->markup, &block->start))
        source_error(t->src, form->line, "the branch of line %d begins in %s and ends in %s", block->line,
                     markup_place_name(&block->start), markup_place_name(&t->markup));
    else if (block->kind == FORM_FOR && t->markup.is_glued && !block->start.is_glued)
        source_error(t->src, form->line, "no blank between the attributes of a loop");
    emit_literal(t->out, t->depth + 1);
    block->ends_glued |= t->markup.is_glued;
    t->markup = block->start;
    t->depth--;
    return block;
}

static void take_branch(struct template *t, const struct form *form)
{
    struct block *block = end_branch(t, form);
    if (!block)
        return;
    if (form->kind == FORM_ELIF)
        buf_format(statement(t, form), "} else if (%.*s) {\n", STR_ARG(form->body));
    else
        buf_put(emit_statement(t->out, t->src, 0, t->depth + 1), STR("} else {\n"));
    block->kind = form->kind == FORM_ELIF ? FORM_IF : FORM_ELSE;
    t->depth++;
}

static void take_end(struct template *t, const struct form *form)
{
    struct block *block = end_branch(t, form);
    if (!block)
        return;
    t->markup.is_glued |= block->ends_glued;
    buf_put(emit_statement(t->out, t->src, 0, t->depth + 1), STR("}\n"));
}

static void end_page(struct template *t)
{
    if (!t->is_in_page)
        return;
    for (; t->depth > 0; t->depth--) {
        struct block *block = &t->blocks[t->depth - 1];
        source_error(t->src, block->line, "%s has no {end}", block->kind == FORM_FOR ? "{for}" : "{if}");
    }
    if (t->markup.place != PLACE_TEXT || t->markup.is_verbatim)
        source_error(t->src, t->src->line, "the page or part ends in %s", markup_place_name(&t->markup));
    emit_literal(t->out, 1);
    buf_put(&t->out->code, STR("}\n"));
    t->is_in_page = false;
}

static void take_page(struct template *t, const struct form *form)
{
    struct str name, params;
    end_page(t);
    *t = (struct template){ .src = t->src, .out = t->out, .is_in_page = true, .is_fresh_line = true };
    if (!split_call(t, form, &name, &params))
        return;
    struct str head = str_format(t->out->code.arena, "void %.*s(struct html *html%s%.*s)", STR_ARG(name),
                                 params.len > 0 ? ", " : "", STR_ARG(params));
    buf_format(&t->out->prototypes, "%.*s;\n", STR_ARG(head));
    buf_char(&t->out->code, '\n');
    buf_format(emit_statement(t->out, t->src, form->line, 0), "%.*s\n{\n", STR_ARG(head));
}

static void take_include(struct template *t, const struct form *form)
{
    struct str quoted = form->body;
    struct str line = str_format(t->out->includes.arena, "#include %.*s\n", STR_ARG(quoted));
    if (t->is_in_page)
        source_error(t->src, form->line, "{include} stands before the first {page} or {part}");
    else if (quoted.len < 3 || quoted.data[0] != '"' || !str_ends(quoted, STR("\"")))
        source_error(t->src, form->line, "{include} wants \"a/header.h\"");
    else if (str_find(buf_str(&t->out->includes), line) < 0)
        buf_put(&t->out->includes, line);
}

static void take_value(struct template *t, const struct form *form)
{
    enum value_kind kind = markup_value(&t->markup, t->src, form->line);
    if (kind != VALUE_REFUSED)
        buf_format(statement(t, form), "html_%s(html, (%.*s));\n", kind == VALUE_URL ? "url" : "value",
                   STR_ARG(form->body));
}

static void take_text(struct template *t, const struct form *form)
{
    struct str name, args;
    enum value_kind kind = markup_value(&t->markup, t->src, form->line);
    if (kind == VALUE_URL)
        source_error(t->src, form->line, "a text in an address");
    if (kind != VALUE_PLAIN || !split_call(t, form, &name, &args))
        return;
    buf_format(statement(t, form), "html_value(html, t_%.*s(%.*s));\n", STR_ARG(name), STR_ARG(args));
    t->out->uses_texts = true;
}

static void take_call(struct template *t, const struct form *form)
{
    struct str name, args;
    if (t->markup.place != PLACE_TEXT)
        source_error(t->src, form->line, "a part called in %s", markup_place_name(&t->markup));
    else if (split_call(t, form, &name, &args))
        buf_format(statement(t, form), "%.*s(html%s%.*s);\n", STR_ARG(name), args.len > 0 ? ", " : "",
                   STR_ARG(args));
}

static void take_form(struct template *t, const struct form *form)
{
    const struct form_head *head = &heads[form->kind];
    if (!t->is_in_page && !head->is_top) {
        source_error(t->src, form->line, "%.*s before the first {page} or {part}", STR_ARG(head->head));
        return;
    }
    if (form->kind != FORM_COMMENT && head->is_alone != (form->body.len == 0))
        source_error(t->src, form->line, "%.*s with%s an expression", STR_ARG(head->head),
                     head->is_alone ? "" : "out");
    if (head->is_control)
        markup_control(&t->markup, t->src, form->line);
    else if (!head->is_top)
        t->is_fresh_line = false;
    if (!head->is_top)
        put_due_break(t);

    switch (form->kind) {
    case FORM_VALUE: take_value(t, form); break;
    case FORM_TEXT: take_text(t, form); break;
    case FORM_CALL: take_call(t, form); break;
    case FORM_IF: take_if(t, form); break;
    case FORM_FOR: take_for(t, form); break;
    case FORM_ELIF:
    case FORM_ELSE: take_branch(t, form); break;
    case FORM_END: take_end(t, form); break;
    case FORM_INCLUDE: take_include(t, form); break;
    case FORM_PAGE:
    case FORM_PART: take_page(t, form); break;
    case FORM_COMMENT:
    case FORM_UNKNOWN: break;
    }
}

void template_compile(struct source *src, struct output *out)
{
    struct template t = { .src = src, .out = out, .is_fresh_line = true };
    struct form form;
    while (src->at < src->text.len) {
        char c = src->text.data[src->at];
        if (is_blank(c))
            take_blanks(&t);
        else if (c != '{')
            take_literal(&t);
        else if (read_form(src, &form))
            take_form(&t, &form);
    }
    end_page(&t);
}
