/*
 * text.h - a sentence for a person, not yet in any language.
 *
 * msgc turns every key of messages/zh.txt and en.txt into a function t_key(args) that returns a struct text; it becomes
 * words only where it is written, in the reader's language.  So a refusal, a job's log line or a button can be
 * carried as data.  Strings in the arguments are borrowed.
 *
 * A form holds {0} .. {3} for the arguments and {0?one:many}, which is the first word where argument 0 is 1, else the
 * second; '{{' is a brace.
 */
#pragma once
#include "base/buf.h"
#include "base/time.h"

enum lang { LANG_ZH, LANG_EN, LANG_COUNT };

enum text_arg_kind { TEXT_ARG_NONE, TEXT_ARG_INT, TEXT_ARG_STR, TEXT_ARG_DATE };

struct text_arg {
    enum text_arg_kind kind;
    union {
        int64_t n;
        struct str s;
        struct date date;
    };
};

enum { TEXT_ARGS_MAX = 4 };

struct text_key {
    const char *name; /* "blank_spot_closed": what tests and JSON say */
    struct str forms[LANG_COUNT];
    enum text_arg_kind args[TEXT_ARGS_MAX]; /* what the forms take, in this order */
};

struct text {
    const struct text_key *key; /* NULL: no text */
    struct text_arg args[TEXT_ARGS_MAX];
};

static inline struct text_arg text_arg_int(int64_t n)
{
    return (struct text_arg){ .kind = TEXT_ARG_INT, .n = n };
}

static inline struct text_arg text_arg_str(struct str s)
{
    return (struct text_arg){ .kind = TEXT_ARG_STR, .s = s };
}

static inline struct text_arg text_arg_date(struct date date)
{
    return (struct text_arg){ .kind = TEXT_ARG_DATE, .date = date };
}

void text_put(struct buf *out, enum lang lang, struct text text); /* plain, unescaped */
struct str text_in(struct arena *arena, enum lang lang, struct text text);
void text_put_int(struct buf *out, int64_t n); /* 1,312 */
