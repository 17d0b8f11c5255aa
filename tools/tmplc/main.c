/*
 * tmplc - compiles the HTML templates of one feature into one C header and one C source; see README.md.
 */
#include "tmplc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/utf8.h"

enum { TEMPLATE_MAX = 1024 * 1024 };

struct options {
    const char *name, *header, *source, *include_as, *texts;
    char **pages;
    int n_pages;
};

void source_error(struct source *src, int line, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "%s:%d: error: ", src->path, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    src->errors++;
}

static bool read_options(int argc, char **argv, struct options *opt)
{
    const struct {
        const char *name;
        const char **value;
    } known[] = {
        { "--name", &opt->name },             { "--header", &opt->header }, { "--source", &opt->source },
        { "--include-as", &opt->include_as }, { "--texts", &opt->texts },
    };
    int at = 1;
    for (; at + 1 < argc && strncmp(argv[at], "--", 2) == 0; at += 2) {
        ptrdiff_t i = 0;
        while (i < COUNT_OF(known) && strcmp(argv[at], known[i].name) != 0)
            i++;
        if (i == COUNT_OF(known))
            return false;
        *known[i].value = argv[at + 1];
    }
    opt->pages = argv + at;
    opt->n_pages = argc - at;
    return opt->name && opt->header && opt->source && opt->include_as && opt->n_pages > 0;
}

static bool read_file(struct arena *arena, const char *path, struct str *ret_text)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    char *data = arena_new(arena, char, TEMPLATE_MAX + 1);
    size_t len = fread(data, 1, TEMPLATE_MAX + 1, file);
    bool is_read = !ferror(file) && len <= TEMPLATE_MAX;
    (void)fclose(file);
    if (is_read)
        *ret_text = (struct str){ data, (ptrdiff_t)len };
    return is_read;
}

static bool write_file(const char *path, const struct buf *text)
{
    FILE *file = fopen(path, "wb");
    size_t len = (size_t)text->len;
    bool is_written = file && !text->overflowed && fwrite(text->data, 1, len, file) == len;
    if (file && fclose(file) != 0)
        is_written = false;
    if (!is_written)
        fprintf(stderr, "tmplc: cannot write %s\n", path);
    return is_written;
}

/* Returns the number of errors. */
static int compile_page(struct arena *arena, const char *path, struct output *out)
{
    struct source src = { .path = path, .line = 1 };
    if (!read_file(arena, path, &src.text))
        source_error(&src, 1, "cannot be read, or is larger than %d bytes", TEMPLATE_MAX);
    else if (!utf8_is_valid(src.text) || utf8_has_control(src.text) || str_find(src.text, STR("\r")) >= 0)
        source_error(&src, 1, "not plain UTF-8 with line feeds");
    else
        template_compile(&src, out);
    return src.errors;
}

static bool write_header(struct arena *arena, const struct options *opt, const struct output *out)
{
    struct buf text = buf_make(arena, OUTPUT_MAX);
    buf_format(&text, "/* Made by tools/tmplc from the pages of %s. */\n#pragma once\n", opt->name);
    buf_put(&text, buf_str(&out->includes));
    buf_put(&text, STR("\nstruct html;\n\n"));
    buf_put(&text, buf_str(&out->prototypes));
    text.overflowed |= out->includes.overflowed || out->prototypes.overflowed;
    return write_file(opt->header, &text);
}

static bool write_source(struct arena *arena, const struct options *opt, const struct output *out)
{
    struct buf text = buf_make(arena, OUTPUT_MAX);
    buf_format(&text, "/* Made by tools/tmplc from the pages of %s. */\n", opt->name);
    buf_format(&text, "#include \"%s\"\n\n", opt->include_as);
    if (out->uses_texts)
        buf_format(&text, "#include \"%s\"\n", opt->texts);
    buf_put(&text, STR("#include \"platform/web/html.h\"\n\n"
                       "/* A page need not use all it is given. */\n"
                       "#pragma GCC diagnostic ignored \"-Wunused-parameter\"\n"));
    buf_put(&text, buf_str(&out->code));
    text.overflowed |= out->code.overflowed || out->literal.overflowed;
    return write_file(opt->source, &text);
}

int main(int argc, char **argv)
{
    struct options opt = { 0 };
    if (!read_options(argc, argv, &opt)) {
        fputs("usage: tmplc --name FEATURE --header OUT.h --source OUT.c --include-as gen/FEATURE_pages.h\n"
              "             [--texts gen/FEATURE_texts.h] PAGE.html...\n", stderr);
        return 2;
    }
    struct arena arena = { 0 };
    struct output out = emit_start(&arena);
    int errors = 0;
    for (int i = 0; i < opt.n_pages; i++)
        errors += compile_page(&arena, opt.pages[i], &out);
    if (out.uses_texts && !opt.texts) {
        fputs("tmplc: a {t} form wants --texts\n", stderr);
        errors++;
    }
    bool is_done = errors == 0 && write_header(&arena, &opt, &out) && write_source(&arena, &opt, &out);
    arena_release(&arena);
    return is_done ? 0 : 1;
}
