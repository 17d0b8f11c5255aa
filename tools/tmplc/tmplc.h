/*
 * tmplc.h - the template compiler: a template is read once, from left to right, by three parts.
 *
 * template.c knows the forms in braces, markup.c the HTML around them (so that a value is refused where
 * escaping would not make it safe), emit.c the C that comes out.  Text views point into the sources, which
 * live as long as the run.
 */
#pragma once
#include "base/buf.h"

enum { OUTPUT_MAX = 16 * 1024 * 1024 };

struct source {
    const char *path; /* as given on the command line: compilers and editors resolve it */
    struct str text;
    ptrdiff_t at; /* next byte */
    int line;     /* of that byte, from 1 */
    int errors;
};

static inline bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* Prints "path:line: error: ..." and counts it; the reading goes on. */
void source_error(struct source *src, int line, const char *format, ...) PRINTF_LIKE(3, 4);

enum place {
    PLACE_TEXT,
    PLACE_TAG_NAME,
    PLACE_TAG, /* between attributes */
    PLACE_ATTRIBUTE,
    PLACE_VALUE,
    PLACE_COMMENT,
    PLACE_RAW,    /* inside title or textarea */
    PLACE_SCRIPT  /* inside script or style */
};

/* What the value of an address attribute (href, src ...) holds so far. */
enum address { ADDRESS_NONE, ADDRESS_EMPTY, ADDRESS_STATIC, ADDRESS_VALUE, ADDRESS_WRONG };

/* Where in the HTML the reader stands.  Copied at {if} and {for}, compared at {end}. */
struct markup {
    enum place place;
    enum address address;
    char quote;          /* of the value being read; 0 before it */
    bool is_end_tag;
    bool is_verbatim;    /* inside <pre> or <textarea>: blanks are content */
    bool is_glued;       /* an attribute ended and no blank has followed yet */
    bool has_complained; /* about this script or style element */
    bool has_src, has_alt, has_label, is_hidden; /* the tag being read */
    struct str element;  /* of the tag or raw text being read */
    struct str attribute, value;
};

enum value_kind { VALUE_REFUSED, VALUE_PLAIN, VALUE_URL };

void markup_step(struct markup *m, struct source *src); /* reads the byte at src->at, does not move */
/* A form that writes a value: says how it is written here; an error is reported. */
enum value_kind markup_value(struct markup *m, struct source *src, int line);
/* A form that writes nothing itself: a name being read ends here. */
void markup_control(struct markup *m, struct source *src, int line);
bool markup_same(const struct markup *a, const struct markup *b);
const char *markup_place_name(const struct markup *m); /* "an attribute name" */

struct output {
    struct buf includes;   /* for the header */
    struct buf prototypes; /* for the header */
    struct buf code;
    struct buf literal; /* markup read but not yet written as code */
    bool uses_texts;
};

struct output emit_start(struct arena *arena);
void emit_literal(struct output *out, int depth); /* what has gathered, as a statement */
/* The same, then the start of a statement, which the caller appends: #line (line 0: none) and indentation. */
struct buf *emit_statement(struct output *out, const struct source *src, int line, int depth);

void template_compile(struct source *src, struct output *out);
