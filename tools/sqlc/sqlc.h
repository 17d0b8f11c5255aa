/*
 * sqlc.h - compiles one feature's schema.sql and queries.sql into typed C (README.md has the format).
 *
 * The work is SQLite's: the schema is loaded twice into memory, once as written, so that a column's declared type
 * reads back as a house type, and once as emitted, where the queries as emitted are prepared and their plans read.
 * Texts live in one arena until the process ends.  Every mistake is reported and counted; nothing is written then.
 */
#pragma once
#include "base/buf.h"

#include <sqlite3.h>

enum { PARAMS_MAX = 64, FIELDS_MAX = 64, CLAUSES_MAX = 7, TEXT_MAX = 1 << 24 };

struct sqlc {
    struct arena *arena;
    sqlite3 *house;  /* the schema as written */
    sqlite3 *strict; /* the schema as emitted */
    struct buf tables; /* struct table of each, as C */
    int errors;
};

struct source {
    const char *path;
    struct str text;
};

/* main.c */
void report(struct sqlc *sqlc, const char *path, int line, const char *format, ...) PRINTF_LIKE(4, 5);

/* sql.c: words of SQL and house types */
enum token_kind { TOKEN_BLANK, TOKEN_COMMENT, TOKEN_QUOTED, TOKEN_WORD, TOKEN_PARAM, TOKEN_MARK };

struct token {
    enum token_kind kind;
    struct str text;
};

struct token sql_token(struct str sql, ptrdiff_t at); /* what begins at a place before the end */
struct str sql_without_comments(struct arena *arena, struct str sql); /* blanks for them: every place stays */
int sql_line(struct str sql, ptrdiff_t at); /* lines before a place */
bool sql_is_name(struct str s); /* good as a C name: small letters, digits and '_' */
struct str next_word(struct str *rest); /* cuts off a word between blanks; empty at the end */
struct str next_line(struct str *rest); /* cuts off a line, without its line feed */

enum carrier { CARRY_INT, CARRY_INT32, CARRY_ENUM, CARRY_BOOL, CARRY_TEXT, CARRY_BLOB };

struct house_type {
    const char *word;           /* "ID" */
    bool is_named;              /* a second word follows: ID blank_spot */
    const char *c_head, *c_tail; /* around that word: struct blank_spot_id */
    const char *member;         /* ".n": where the number is */
    enum carrier carrier;       /* how it comes out of a cursor */
    const char *postgres;       /* type of the column there; in SQLite: INTEGER, TEXT or BLOB */
    char code;                  /* of a parameter: struct query in platform/db/query.h */
};

enum engine { ENGINE_SQLITE, ENGINE_POSTGRES, ENGINE_COUNT };

struct type {
    const struct house_type *house;
    struct str name; /* the second word */
};

const struct house_type *house_type_find(struct str word);
bool type_parse(struct str text, struct type *ret_type);
bool type_equal(struct type a, struct type b);
struct str type_c(struct arena *arena, struct type type);

/* schema.c */
sqlite3 *schema_memory(void); /* an empty database */
/* Loads both databases. Gives the DDL for each engine and the #include lines the types need. */
bool schema_load(struct sqlc *sqlc, struct source source, struct str ret_ddl[ENGINE_COUNT], struct str *ret_includes);

/* queries.c: cuts the file into queries and reads what stands in their comments */
enum kind { KIND_ONE, KIND_MAYBE, KIND_MANY, KIND_EACH, KIND_EXEC, KIND_CHANGE, KIND_COUNT };

struct param {
    struct str name;
    struct type type; /* without a house type: not known yet */
    bool is_nullable;
    unsigned clauses; /* bits of the optional clauses it stands in; 0: in every variant */
};

struct field {
    struct str name;
    struct type type;
    bool is_nullable;
    bool is_never_null; /* the engine itself keeps NULL out: the reader need not look */
};

struct query {
    struct query *earlier;
    const char *path;
    int line, body_line; /* of "-- name:" and of the first line of SQL */
    struct str name, comment, body;
    enum kind kind;
    bool wants_index, is_cached, is_rollup, is_writing;
    struct param params[PARAMS_MAX]; /* in the order of their numbers; those of optional clauses last */
    struct str clauses[CLAUSES_MAX];
    struct field fields[FIELDS_MAX];
    int param_count, clause_count, field_count;
    struct str *variants[ENGINE_COUNT]; /* the SQL to run, by bit mask of the clauses in it */
};

struct reader {
    struct source source;
    ptrdiff_t at;
    int line; /* the next one's number */
    struct query *latest;
};

/*
 * The clause and the parameter of this name set themselves: it is there when the range :from .. :to lies in one district, and
 * has its number, so that an installation that is spread by district asks one server.
 */
#define IN_DISTRICT STR("in_district")

const char *kind_word(enum kind kind);
struct query *query_read(struct sqlc *sqlc, struct reader *reader); /* NULL at the end */
/* "--@ sqlite" or "--@ postgres"; ENGINE_COUNT: another line. */
enum engine engine_of_line(struct str line);
/* One variant for one engine, with its :names; every line stays where it is. */
struct str query_sql(struct arena *arena, const struct query *query, unsigned mask, enum engine engine);

/* check.c: asks SQLite what a query means; fills fields, variants and the types of params */
void query_check(struct sqlc *sqlc, struct query *query);

/* emit.c */
struct output {
    struct buf header, source;
    struct buf list; /* of the address of every variant */
    bool has_money;
};

void emit_query(struct arena *arena, struct output *output, const struct query *query);
/* SQL as C literals, a line on each line. */
void emit_literal(struct buf *buf, struct str sql);
