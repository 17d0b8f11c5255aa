/*
 * msgc.c - turns a room's messages/zh.txt and en.txt into typed C functions; README.md has the format.
 *
 * Both files become lists of entries, and zh.txt declares the arguments.  Every text is then turned into a form,
 * where {name} is {0} .. {3} (platform/i18n/text.h).  An error is printed and counted, and reading goes on: one
 * run shows all of them, and then nothing is written.
 */
#include "base/utf8.h"
#include "platform/i18n/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 4 * 1024 * 1024, OUTPUT_MAX = 16 * 1024 * 1024 };

/* To add a type: one row here, one kind in text.h. */
static const struct type {
    struct str name;
    enum text_arg_kind kind;
    const char *c_kind;
    const char *c_type;
    const char *make;
} types[] = {
    { STR_INIT("int"), TEXT_ARG_INT, "TEXT_ARG_INT", "int64_t", "text_arg_int" },
    { STR_INIT("str"), TEXT_ARG_STR, "TEXT_ARG_STR", "struct str", "text_arg_str" },
    { STR_INIT("date"), TEXT_ARG_DATE, "TEXT_ARG_DATE", "struct date", "text_arg_date" },
};

struct param {
    struct str name;
    const struct type *type;
};

struct entry {
    int line;
    bool is_same;    /* '# same' stands above: the text may look untranslated */
    bool has_params; /* a list of arguments is written */
    bool is_broken;  /* reported; it counts as there, but is not looked at further */
    struct str key, text, form;
    struct param params[TEXT_ARGS_MAX];
    int param_count;
};

struct messages {
    struct arena *arena;
    const char *path;
    struct entry *entries;
    int count, errors;
    bool is_chinese;
};

PRINTF_LIKE(3, 4)
static bool fail(struct messages *in, int line, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "%s:%d: error: ", in->path, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    in->errors++;
    return false;
}

/* [a-z][a-z0-9_]* */
static bool is_name(struct str s)
{
    for (ptrdiff_t i = 0; i < s.len; i++) {
        char c = s.data[i];
        bool is_letter = c >= 'a' && c <= 'z';
        if (!is_letter && (i == 0 || (c != '_' && (c < '0' || c > '9'))))
            return false;
    }
    return s.len > 0;
}

/* Ideographs, their punctuation, kana, hangul and full-width forms: nothing an English text holds. */
static bool has_cjk(struct str s)
{
    for (ptrdiff_t at = 0; at < s.len;) {
        int32_t c = utf8_next(s, &at);
        if ((c >= 0x2E80 && c <= 0xD7AF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE4F) ||
            (c >= 0xFF00 && c <= 0xFFEF) || (c >= 0x20000 && c <= 0x3FFFF))
            return true;
    }
    return false;
}

static struct entry *entry_find(const struct messages *in, struct str key)
{
    for (int i = 0; i < in->count; i++)
        if (str_equal(in->entries[i].key, key))
            return &in->entries[i];
    return NULL;
}

static int param_find(const struct entry *entry, struct str name)
{
    for (int i = 0; i < entry->param_count; i++)
        if (str_equal(entry->params[i].name, name))
            return i;
    return -1;
}

/* Reading */

/* "name:type" */
static bool param_read(struct messages *in, struct entry *entry, struct str declaration)
{
    struct str name, type;
    bool has_type = str_cut(declaration, ':', &name, &type);
    struct param param = { .name = str_trim(name) };
    type = str_trim(type);
    if (!has_type || !is_name(param.name))
        return fail(in, entry->line, "bad argument '%.*s', expected name:type", STR_ARG(str_trim(declaration)));
    for (ptrdiff_t i = 0; i < COUNT_OF(types); i++)
        if (str_equal(types[i].name, type))
            param.type = &types[i];
    if (!param.type)
        return fail(in, entry->line, "bad type '%.*s', expected int, str or date", STR_ARG(type));
    if (param_find(entry, param.name) >= 0)
        return fail(in, entry->line, "argument '%.*s' is declared twice", STR_ARG(param.name));
    if (entry->param_count == TEXT_ARGS_MAX)
        return fail(in, entry->line, "more than %d arguments", (int)TEXT_ARGS_MAX);
    entry->params[entry->param_count++] = param;
    return true;
}

/* list is what follows the '(' of a key. */
static bool params_read(struct messages *in, struct entry *entry, struct str list)
{
    struct str declaration;
    if (!str_ends(list, STR(")")))
        return fail(in, entry->line, "expected ')' before '='");
    list.len--;
    bool has_more = str_trim(list).len > 0;
    while (has_more) {
        has_more = str_cut(list, ',', &declaration, &list);
        if (!param_read(in, entry, declaration))
            return false;
    }
    return true;
}

/* Fills entry from its line, and says whether it has a key of its own. */
static bool entry_read(struct messages *in, struct str line, struct entry *entry)
{
    struct str head, list;
    if (!utf8_is_valid(line))
        return fail(in, entry->line, "invalid UTF-8");
    if (!str_cut(line, '=', &head, &entry->text))
        return fail(in, entry->line, "expected key = text");
    entry->text = str_trim(entry->text);
    entry->has_params = str_cut(str_trim(head), '(', &entry->key, &list);
    entry->key = str_trim(entry->key);
    if (!is_name(entry->key))
        return fail(in, entry->line, "bad key '%.*s', expected a-z, then a-z, 0-9, _", STR_ARG(entry->key));
    const struct entry *first = entry_find(in, entry->key);
    if (first)
        return fail(in, entry->line, "duplicate key '%.*s', see line %d", STR_ARG(entry->key), first->line);
    if (entry->has_params && !params_read(in, entry, list))
        entry->is_broken = true;
    else if (entry->text.len == 0)
        entry->is_broken = !fail(in, entry->line, "empty text of '%.*s'", STR_ARG(entry->key));
    return true;
}

/* The next line, with those that continue it; *line counts them.  A comment is not continued. */
static struct str line_next(struct arena *arena, struct str *rest, int *line)
{
    struct str all, more;
    (void)str_cut(*rest, '\n', &all, rest);
    all = str_trim(all);
    ++*line;
    while (!str_starts(all, STR("#")) && str_ends(all, STR("\\"))) {
        (void)str_cut(*rest, '\n', &more, rest);
        more = str_trim(more);
        all = str_format(arena, "%.*s%.*s", (int)all.len - 1, all.data, STR_ARG(more));
        ++*line;
    }
    return all;
}

static void messages_read(struct messages *in, struct str rest)
{
    static const struct str byte_order_mark = STR_INIT("\xEF\xBB\xBF");
    bool is_same = false;
    int cap = 1;
    for (ptrdiff_t i = 0; i < rest.len; i++)
        cap += rest.data[i] == '\n';
    in->entries = arena_new(in->arena, struct entry, cap);
    if (str_starts(rest, byte_order_mark))
        rest = str_slice(rest, byte_order_mark.len, rest.len);
    for (int line = 0; rest.len > 0;) {
        struct entry entry = { .line = line + 1, .is_same = is_same };
        struct str text = line_next(in->arena, &rest, &line);
        is_same = str_equal(text, STR("# same"));
        if (text.len > 0 && text.data[0] != '#' && entry_read(in, text, &entry))
            in->entries[in->count++] = entry;
    }
}

/* Checking */

/* One text on its way to its form. */
struct forming {
    struct messages *in;
    int line;
    const struct entry *declared; /* in zh.txt: its arguments count */
    bool used[TEXT_ARGS_MAX];
    struct buf form;
};

/* Writes {0} or {0?one:many} for mark, which stands between two braces. */
static bool mark_make(struct forming *f, struct str mark)
{
    struct str name, words;
    bool is_plural = str_cut(mark, '?', &name, &words);
    int index = param_find(f->declared, name);
    if (str_find(mark, STR("{")) >= 0)
        return fail(f->in, f->line, "unbalanced brace: a second '{' before '}'");
    if (index < 0)
        return fail(f->in, f->line, "unknown argument {%.*s}", STR_ARG(name));
    if (is_plural && f->declared->params[index].type->kind != TEXT_ARG_INT)
        return fail(f->in, f->line, "plural of '%.*s', which is no int", STR_ARG(name));
    if (is_plural && str_find(words, STR(":")) < 0)
        return fail(f->in, f->line, "bad plural {%.*s}, expected {n?one:many}", STR_ARG(mark));
    f->used[index] = true;
    buf_format(&f->form, "{%d%s%.*s}", index, is_plural ? "?" : "", STR_ARG(words));
    return true;
}

static bool form_make(struct forming *f, struct str rest)
{
    int literals_open = 0; /* a '}' closes one of them and is plain text then */
    while (rest.len > 0) {
        struct str mark;
        ptrdiff_t taken = str_starts(rest, STR("{{")) ? 2 : 1;
        if (taken == 1 && rest.data[0] == '{') {
            if (!str_cut(str_slice(rest, 1, rest.len), '}', &mark, &rest))
                return fail(f->in, f->line, "unbalanced brace: '{' without '}'");
            if (!mark_make(f, mark))
                return false;
            continue;
        }
        if (rest.data[0] == '}' && literals_open-- == 0)
            return fail(f->in, f->line, "unbalanced brace: '}' without '{'");
        literals_open += taken == 2;
        buf_put(&f->form, str_slice(rest, 0, taken));
        rest = str_slice(rest, taken, rest.len);
    }
    for (int i = 0; i < f->declared->param_count; i++)
        if (!f->used[i])
            return fail(f->in, f->line, "argument '%.*s' is not used", STR_ARG(f->declared->params[i].name));
    return true;
}

static bool has_same_params(const struct entry *a, const struct entry *b)
{
    bool is_same = a->param_count == b->param_count;
    for (int i = 0; is_same && i < a->param_count; i++)
        is_same = str_equal(a->params[i].name, b->params[i].name) && a->params[i].type == b->params[i].type;
    return is_same;
}

static void entry_check(struct messages *in, struct entry *entry, const struct entry *declared)
{
    bool looks_foreign = in->is_chinese ? utf8_count(entry->text) == entry->text.len : has_cjk(entry->text);
    struct forming forming = { .in = in, .line = entry->line, .declared = declared };
    if (entry->is_broken || declared->is_broken)
        return;
    if (entry->has_params && !has_same_params(entry, declared))
        fail(in, entry->line, "other arguments than in the Chinese text");
    if (looks_foreign && !entry->is_same)
        fail(in, entry->line, "'%.*s' looks untranslated; if that is meant, write '# same' above",
             STR_ARG(entry->key));
    forming.form = buf_make(in->arena, OUTPUT_MAX);
    if (form_make(&forming, entry->text))
        entry->form = buf_str(&forming.form);
}

static void messages_check(struct messages *in, const struct messages *other)
{
    for (int i = 0; i < in->count; i++) {
        struct entry *entry = &in->entries[i];
        const struct entry *partner = entry_find(other, entry->key);
        if (!partner)
            fail(in, entry->line, "'%.*s' is missing in %s", STR_ARG(entry->key), other->path);
        if (partner || in->is_chinese)
            entry_check(in, entry, in->is_chinese ? entry : partner);
    }
}

/* Writing */

static void put_literal(struct buf *out, struct str s)
{
    buf_char(out, '"');
    for (ptrdiff_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.data[i];
        bool is_trigraph = c == '?' && i > 0 && s.data[i - 1] == '?';
        if (c < ' ')
            buf_format(out, "\\%03o", c);
        else
            buf_format(out, c == '"' || c == '\\' || is_trigraph ? "\\%c" : "%c", c);
    }
    buf_char(out, '"');
}

static void put_function(struct buf *out, const struct entry *entry)
{
    buf_format(out, "\nstatic inline struct text t_%.*s(", STR_ARG(entry->key));
    for (int i = 0; i < entry->param_count; i++)
        buf_format(out, "%s%s %.*s", i > 0 ? ", " : "", entry->params[i].type->c_type,
                   STR_ARG(entry->params[i].name));
    buf_format(out, "%s)\n{\n    return (struct text){ .key = &text_key_%.*s",
               entry->param_count == 0 ? "void" : "", STR_ARG(entry->key));
    for (int i = 0; i < entry->param_count; i++)
        buf_format(out, ", .args[%d] = %s(%.*s)", i, entry->params[i].type->make,
                   STR_ARG(entry->params[i].name));
    buf_put(out, STR(" };\n}\n"));
}

static struct str header_make(struct arena *arena, const char *name, const struct messages *zh)
{
    struct buf out = buf_make(arena, OUTPUT_MAX);
    buf_format(&out, "/* Made by tools/msgc from %s's messages. */\n#pragma once\n", name);
    buf_put(&out, STR("#include \"platform/i18n/text.h\"\n\n"));
    for (int i = 0; i < zh->count; i++)
        buf_format(&out, "extern const struct text_key text_key_%.*s;\n", STR_ARG(zh->entries[i].key));
    buf_put(&out, STR("\n/* All of them, in the order of zh.txt, and NULL. */\n"));
    buf_format(&out, "extern const struct text_key *const %s_text_keys[];\n", name);
    buf_format(&out, "extern const int %s_text_key_count;\n", name);
    for (int i = 0; i < zh->count; i++)
        put_function(&out, &zh->entries[i]);
    return buf_str(&out);
}

static void put_key(struct buf *out, const struct entry *zh, const struct entry *en)
{
    buf_format(out, "\nconst struct text_key text_key_%.*s = {\n    \"%.*s\",\n", STR_ARG(zh->key), STR_ARG(zh->key));
    buf_put(out, STR("    { [LANG_ZH] = STR_INIT("));
    put_literal(out, zh->form);
    buf_put(out, STR("),\n      [LANG_EN] = STR_INIT("));
    put_literal(out, en->form);
    buf_put(out, STR(") },\n"));
    buf_put(out, zh->param_count > 0 ? STR("    { ") : STR("    { TEXT_ARG_NONE"));
    for (int i = 0; i < zh->param_count; i++)
        buf_format(out, "%s%s", i > 0 ? ", " : "", zh->params[i].type->c_kind);
    buf_put(out, STR(" },\n};\n"));
}

static struct str source_make(struct arena *arena, const char *name, const char *header, const struct messages *zh,
                              const struct messages *en)
{
    struct buf out = buf_make(arena, OUTPUT_MAX);
    buf_format(&out, "/* Made by tools/msgc from %s's messages. */\n#include \"%s\"\n", name, header);
    for (int i = 0; i < zh->count; i++)
        put_key(&out, &zh->entries[i], entry_find(en, zh->entries[i].key));
    buf_format(&out, "\nconst struct text_key *const %s_text_keys[] = {\n", name);
    for (int i = 0; i < zh->count; i++)
        buf_format(&out, "    &text_key_%.*s,\n", STR_ARG(zh->entries[i].key));
    buf_format(&out, "    NULL,\n};\nconst int %s_text_key_count = %d;\n", name, zh->count);
    return buf_str(&out);
}

/* Files and options */

static NORETURN void die(const char *path)
{
    fprintf(stderr, "%s: error: %s\n", path, errno != 0 ? strerror(errno) : "too large");
    exit(1);
}

static struct str file_read(struct arena *arena, const char *path)
{
    char *data = arena_new(arena, char, FILE_MAX);
    FILE *file = fopen(path, "rb");
    size_t len = file ? fread(data, 1, FILE_MAX, file) : 0;
    if (!file || ferror(file) || len == FILE_MAX)
        die(path);
    (void)fclose(file);
    return (struct str){ data, (ptrdiff_t)len };
}

static void file_write(const char *path, struct str text)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(text.data, 1, (size_t)text.len, file) != (size_t)text.len || fclose(file) != 0)
        die(path);
}

enum option { NAME, ZH, EN, HEADER, SOURCE, INCLUDE_AS, OPTION_COUNT };

static bool options_read(int argc, char **argv, const char *ret_options[OPTION_COUNT])
{
    static const char *const names[] = { "--name", "--zh", "--en", "--header", "--source", "--include-as" };
    int found = 0;
    for (int i = 1; i + 1 < argc; i += 2)
        for (int k = 0; k < OPTION_COUNT; k++)
            if (strcmp(argv[i], names[k]) == 0 && !ret_options[k]) {
                ret_options[k] = argv[i + 1];
                found++;
            }
    return found == OPTION_COUNT && argc == 1 + 2 * OPTION_COUNT && is_name(str_of(ret_options[NAME]));
}

int main(int argc, char **argv)
{
    struct arena arena = { 0 };
    const char *options[OPTION_COUNT] = { 0 };
    if (!options_read(argc, argv, options)) {
        fputs("use: msgc --name ROOM --zh TXT --en TXT --header H --source C --include-as PATH\n", stderr);
        return 2;
    }
    struct messages zh = { .arena = &arena, .path = options[ZH], .is_chinese = true };
    struct messages en = { .arena = &arena, .path = options[EN] };
    messages_read(&zh, file_read(&arena, zh.path));
    messages_read(&en, file_read(&arena, en.path));
    messages_check(&zh, &en);
    messages_check(&en, &zh);
    bool is_good = zh.errors + en.errors == 0;
    if (is_good) {
        file_write(options[HEADER], header_make(&arena, options[NAME], &zh));
        file_write(options[SOURCE], source_make(&arena, options[NAME], options[INCLUDE_AS], &zh, &en));
    }
    arena_release(&arena);
    return is_good ? 0 : 1;
}
