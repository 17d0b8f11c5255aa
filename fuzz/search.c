/*
 * search.c - what people type into a search box.  Whatever it is, it is an expression the engine reads; and a text that
 * stands in a document is found there.  The first line is what is typed, all of the input the document.
 */
#include "fuzz/fuzz.h"
#include "features/network/unit_index.h"
#include "features/territory/pinyin.h"
#include "platform/db/bigram.h"
#include "platform/db/bigram_query.h"

static sqlite3_stmt *prepare(sqlite3 *sqlite, const char *sql, struct str text)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(sqlite, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_bind_text(statement, 1, text.data, (int)text.len, SQLITE_STATIC) != SQLITE_OK)
        BUG("%s: %s", sql, sqlite3_errmsg(sqlite));
    return statement;
}

static void check_find(sqlite3 *sqlite, struct str document, struct str expression)
{
    sqlite3_stmt *add = prepare(sqlite, "INSERT INTO t VALUES (?1)", document);
    sqlite3_stmt *find = prepare(sqlite, "SELECT 1 FROM t WHERE t MATCH ?1", expression);
    if (sqlite3_step(add) != SQLITE_DONE)
        BUG("not indexed: %s", sqlite3_errmsg(sqlite));
    int rc = sqlite3_step(find);
    if (rc != SQLITE_ROW)
        BUG("%.*s: %s", STR_ARG(expression), rc == SQLITE_DONE ? "not found" : sqlite3_errmsg(sqlite));
    sqlite3_finalize(add);
    sqlite3_finalize(find);
}

/* 'term' 'term' or 'term' & 'term':*, for PostgreSQL: what is between two quotes is a word, and nothing ends it early. */
static void check_quoted(struct str text)
{
    struct str before, term;
    while (str_cut(text, '\'', &before, &text)) {
        bool is_closed = str_cut(text, '\'', &term, &text);
        if (!is_closed || term.len == 0 || str_find(term, STR("\\")) >= 0 || str_find(term, STR(" ")) >= 0)
            BUG("no word: %.*s", STR_ARG(term));
    }
}

void fuzz_one(struct str input, struct arena *arena)
{
    struct str typed, rest;
    struct division district = { INT64_C(440606000000) };
    sqlite3 *sqlite;
    if (str_find(input, (struct str){ "", 1 }) >= 0)
        return; /* nothing that is decoded holds a NUL */
    (void)str_cut(input, '\n', &typed, &rest);
    (void)pinyin_initials(arena, typed);
    if (!unit_index_fits(arena, typed, input, (struct str){ 0 }) && str_find(bigram_fold(arena, typed), STR(" ")) < 0 &&
        str_trim(typed).len == typed.len)
        BUG("a name does not fit itself");
    check_quoted(bigram_tsvector(arena, input));
    struct str expression = unit_index_query(arena, typed, district);
    check_quoted(bigram_tsquery(arena, expression));
    if (expression.len == 0)
        return;
    struct str document = str_format(arena, "%.*s %.*s", STR_ARG(input),
                                     STR_ARG(unit_index_words(arena, STR("厂"), (struct str){ 0 }, district)));
    if (sqlite3_open(":memory:", &sqlite) != SQLITE_OK || bigram_register(sqlite) != SQLITE_OK ||
        sqlite3_exec(sqlite, "CREATE VIRTUAL TABLE t USING fts5(words, tokenize='bigram')", NULL, NULL, NULL) != SQLITE_OK)
        BUG("no engine");
    check_find(sqlite, document, expression);
    sqlite3_close(sqlite);
}
