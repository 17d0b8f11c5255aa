/*
 * bigram_query.h - what a person types in a search box, as an expression for a table made with tokenize='bigram'.
 */
#pragma once
#include "base/str.h"

enum { BIGRAM_QUERY_MAX = 4000 }; /* bytes of an expression */

/*
 * All of the text's words must be there: 北滘镇 bjz becomes "北滘" AND "滘镇" AND "bjz" *.  Pairs are exact; one character
 * alone and a word of Latin letters or digits match what begins with them.  It finds a little too much (pairs in
 * another order), so compare what was found with the text, both folded.  Nothing of the text but letters and digits
 * gets into the expression.  Empty: nothing to look for, or too much.
 */
struct str bigram_query(struct arena *arena, struct str text);
/* The same expression for PostgreSQL, a tsquery: '北滘' & '滘镇' & 'bjz':* */
struct str bigram_tsquery(struct arena *arena, struct str expression);
/* A document's words for PostgreSQL, a tsvector: what the tokenizer makes of it for SQLite. */
struct str bigram_tsvector(struct arena *arena, struct str document);
/* As the index compares: full-width forms to ASCII, capitals to small letters. */
struct str bigram_fold(struct arena *arena, struct str text);
