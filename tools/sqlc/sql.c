/*
 * sql.c - the little of SQL's surface that has to be seen without SQLite: where words, quotes and comments are.
 */
#include "sqlc.h"

/* To add a house type: one row here, and its C type in a header that generated code includes. */
static const struct house_type house_types[] = {
    { "ID",       true,  "struct ",         "_id", ".n",    CARRY_INT, "BIGINT", 'i' },
    { "ENUM",     true,  "enum ",           "",    "",      CARRY_ENUM, "SMALLINT", 'i' },
    { "INT",      false, "int64_t",         "",    "",      CARRY_INT, "BIGINT", 'i' },
    { "INSTANT",  false, "struct instant",  "",    ".us",   CARRY_INT, "BIGINT", 'i' },
    { "DATE",     false, "struct date",     "",    ".days", CARRY_INT32, "INTEGER", 'i' },
    { "MONEY",    false, "struct money",    "",    ".fen",  CARRY_INT, "BIGINT", 'i' },
    { "DIVISION", false, "struct division", "",    ".code", CARRY_INT, "BIGINT", 'i' },
    { "LINE",     false, "struct line",     "",    ".n",    CARRY_INT32, "INTEGER", 'i' },
    { "BOOL",     false, "bool",            "",    "",      CARRY_BOOL, "SMALLINT", 'i' },
    { "TEXT",     false, "struct str",      "",    "",      CARRY_TEXT, "TEXT COLLATE \"C\"", 't' },
    { "BLOB",     false, "struct str",      "",    "",      CARRY_BLOB, "BYTEA", 'b' },
    /* of a search table, and of what is looked for in it: bigram.h */
    { "WORDS",    false, "struct str",      "",    "",      CARRY_TEXT, "TSVECTOR", 'w' },
    { "MATCH",    false, "struct str",      "",    "",      CARRY_TEXT, "TSQUERY", 'm' },
};

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static ptrdiff_t skip(struct str sql, ptrdiff_t at, bool belongs(char))
{
    while (at < sql.len && belongs(sql.data[at]))
        at++;
    return at;
}

/* The place after the next end, or the end of all. */
static ptrdiff_t skip_past(struct str sql, ptrdiff_t at, struct str end)
{
    ptrdiff_t found = str_find(str_slice(sql, at, sql.len), end);
    return found < 0 ? sql.len : at + found + end.len;
}

struct token sql_token(struct str sql, ptrdiff_t at)
{
    struct str rest = str_slice(sql, at, sql.len);
    char c = sql.data[at];
    struct token token = { TOKEN_MARK, { 0 } };
    ptrdiff_t end = at + 1;
    if (is_blank(c)) {
        token.kind = TOKEN_BLANK;
        end = skip(sql, at, is_blank);
    } else if (str_starts(rest, STR("--"))) {
        token.kind = TOKEN_COMMENT;
        end = skip_past(sql, at, STR("\n"));
    } else if (str_starts(rest, STR("/*"))) {
        token.kind = TOKEN_COMMENT;
        end = skip_past(sql, at + 2, STR("*/"));
    } else if (c == '\'' || c == '"' || c == '`') {
        token.kind = TOKEN_QUOTED; /* a doubled quote makes two tokens, which does no harm */
        end = skip_past(sql, at + 1, (struct str){ &c, 1 });
    } else if (is_word(c)) {
        token.kind = TOKEN_WORD;
        end = skip(sql, at, is_word);
    } else if (c == ':' && rest.len > 1 && is_word(rest.data[1])) {
        token.kind = TOKEN_PARAM;
        end = skip(sql, at + 1, is_word);
    }
    token.text = str_slice(sql, at, end);
    return token;
}

struct str sql_without_comments(struct arena *arena, struct str sql)
{
    char *copy = arena_new(arena, char, sql.len);
    struct token token;
    for (ptrdiff_t at = 0; at < sql.len; at += token.text.len) {
        token = sql_token(sql, at);
        for (ptrdiff_t i = 0; i < token.text.len; i++) {
            char c = token.text.data[i];
            copy[at + i] = token.kind == TOKEN_COMMENT && c != '\n' ? ' ' : c;
        }
    }
    return (struct str){ copy, sql.len };
}

int sql_line(struct str sql, ptrdiff_t at)
{
    int lines = 0;
    for (ptrdiff_t i = 0; i < at; i++)
        lines += sql.data[i] == '\n';
    return lines;
}

bool sql_is_name(struct str s)
{
    for (ptrdiff_t i = 0; i < s.len; i++) {
        char c = s.data[i];
        bool is_letter = (c >= 'a' && c <= 'z') || c == '_';
        if (!is_letter && (i == 0 || c < '0' || c > '9'))
            return false;
    }
    return s.len > 0;
}

struct str next_word(struct str *rest)
{
    ptrdiff_t from = skip(*rest, 0, is_blank);
    ptrdiff_t to = from;
    while (to < rest->len && !is_blank(rest->data[to]))
        to++;
    struct str word = str_slice(*rest, from, to);
    *rest = str_slice(*rest, to, rest->len);
    return word;
}

struct str next_line(struct str *rest)
{
    struct str whole = *rest, line;
    (void)str_cut(whole, '\n', &line, rest);
    return line;
}

const struct house_type *house_type_find(struct str word)
{
    for (ptrdiff_t i = 0; i < COUNT_OF(house_types); i++) {
        if (str_equal(word, str_of(house_types[i].word)))
            return &house_types[i];
    }
    return NULL;
}

bool type_parse(struct str text, struct type *ret_type)
{
    struct type type = { .house = house_type_find(next_word(&text)), .name = str_trim(text) };
    if (!type.house || (type.house->is_named ? !sql_is_name(type.name) : type.name.len > 0))
        return false;
    *ret_type = type;
    return true;
}

bool type_equal(struct type a, struct type b)
{
    return a.house == b.house && str_equal(a.name, b.name);
}

struct str type_c(struct arena *arena, struct type type)
{
    return str_format(arena, "%s%.*s%s", type.house->c_head, STR_ARG(type.name), type.house->c_tail);
}
