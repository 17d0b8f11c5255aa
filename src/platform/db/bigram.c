#include "platform/db/bigram.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "platform/db/bigram_query.h"

enum { WORD_MAX = 64 }; /* bytes of a Latin word that count; the rest of a longer one is ignored */

typedef int emit_fn(void *context, int flags, const char *token, int len, int from, int to);

static bool is_han(int32_t c)
{
    return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

/* Full-width ASCII and blanks to ASCII, capitals to small letters. */
static int32_t fold(int32_t c)
{
    if (c == 0x3000)
        c = ' ';
    if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFEE0;
    if (c >= 'A' && c <= 'Z')
        c += 'a' - 'A';
    return c;
}

static bool is_word(int32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 0xC0 && c < 0x3000);
}

/* What a run of one kind of characters has left behind while the text is read. */
struct run {
    char bytes[WORD_MAX];
    ptrdiff_t len;
    int from;
};

static int emit_word(struct run *run, int to, emit_fn *emit, void *context)
{
    int rc = run->len > 0 ? emit(context, 0, run->bytes, (int)run->len, run->from, to) : SQLITE_OK;
    run->len = 0;
    return rc;
}

static int tokenize(Fts5Tokenizer *self, void *context, int flags, const char *text, int text_len, emit_fn *emit)
{
    (void)self;
    struct str s = { text, text_len };
    struct run word = { 0 };
    ptrdiff_t han_from = -1; /* the Han character just read, not yet paired */
    bool wants_last = true;  /* alone as well: always in a document, in a query only where there was no pair */
    int rc = SQLITE_OK;
    for (ptrdiff_t at = 0; at < s.len && rc == SQLITE_OK;) {
        ptrdiff_t from = at;
        int32_t c = fold(utf8_next(s, &at));
        if (is_han(c)) {
            rc = emit_word(&word, (int)from, emit, context);
            if (rc == SQLITE_OK && han_from >= 0)
                rc = emit(context, 0, text + han_from, (int)(at - han_from), (int)han_from, (int)at);
            wants_last = han_from < 0 || !(flags & FTS5_TOKENIZE_QUERY);
            han_from = from;
            continue;
        }
        if (han_from >= 0 && wants_last)
            rc = emit(context, 0, text + han_from, (int)(from - han_from), (int)han_from, (int)from);
        han_from = -1;
        if (!is_word(c)) {
            if (rc == SQLITE_OK)
                rc = emit_word(&word, (int)from, emit, context);
        } else if (word.len + 4 <= WORD_MAX) {
            if (word.len == 0)
                word.from = (int)from;
            word.len += utf8_encode(c, word.bytes + word.len);
        }
    }
    if (rc == SQLITE_OK && han_from >= 0 && wants_last)
        rc = emit(context, 0, text + han_from, text_len - (int)han_from, (int)han_from, text_len);
    return rc == SQLITE_OK ? emit_word(&word, text_len, emit, context) : rc;
}

/* A token is Han or word characters only, so nothing in it can end the quotes around it. */
static int put_term(void *context, int flags, const char *token, int len, int from, int to)
{
    (void)flags, (void)from, (void)to;
    struct buf *out = context;
    struct str term = { token, len };
    ptrdiff_t at = 0;
    bool is_pair = is_han(utf8_next(term, &at)) && at < len;
    buf_format(out, "%s\"%.*s\"%s", out->len > 0 ? " AND " : "", STR_ARG(term), is_pair ? "" : " *");
    return SQLITE_OK;
}

struct str bigram_query(struct arena *arena, struct str text)
{
    struct buf out = buf_make(arena, BIGRAM_QUERY_MAX);
    (void)tokenize(NULL, &out, FTS5_TOKENIZE_QUERY, text.data, (int)text.len, put_term);
    return !out.overflowed ? buf_str(&out) : (struct str){ 0 };
}

struct str bigram_tsquery(struct arena *arena, struct str expression)
{
    struct buf out = buf_make(arena, BIGRAM_QUERY_MAX * 2);
    struct str before, term, rest = expression;
    while (str_cut(rest, '"', &before, &rest) && str_cut(rest, '"', &term, &rest))
        buf_format(&out, "%s'%.*s'%s", out.len > 0 ? " & " : "", STR_ARG(term),
                   str_starts(rest, STR(" *")) ? ":*" : "");
    return buf_str(&out);
}

static int put_lexeme(void *context, int flags, const char *token, int len, int from, int to)
{
    (void)flags, (void)from, (void)to;
    buf_format(context, "'%.*s' ", len, token);
    return SQLITE_OK;
}

struct str bigram_tsvector(struct arena *arena, struct str document)
{
    struct buf out = buf_make(arena, document.len * 4 + 64); /* a pair is six bytes of three, quotes and a blank */
    (void)tokenize(NULL, &out, 0, document.data, (int)document.len, put_lexeme);
    assert(!out.overflowed);
    return buf_str(&out);
}

struct str bigram_fold(struct arena *arena, struct str text)
{
    struct buf out = buf_make(arena, text.len * 3); /* a byte that is no UTF-8 becomes three */
    for (ptrdiff_t at = 0; at < text.len;) {
        char bytes[4];
        int32_t c = fold(utf8_next(text, &at));
        buf_put(&out, (struct str){ bytes, utf8_encode(c < 0 ? 0xFFFD : c, bytes) });
    }
    return buf_str(&out);
}

static int create(void *context, const char **args, int arg_count, Fts5Tokenizer **ret)
{
    (void)context, (void)args, (void)arg_count;
    static char nothing; /* no state: FTS5 only wants an address that is not NULL */
    *ret = (Fts5Tokenizer *)&nothing;
    return SQLITE_OK;
}

static void delete(Fts5Tokenizer *self)
{
    (void)self;
}

int bigram_register(sqlite3 *sqlite)
{
    static fts5_tokenizer tokenizer = { .xCreate = create, .xDelete = delete, .xTokenize = tokenize };
    fts5_api *api = NULL;
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(sqlite, "SELECT fts5(?1)", -1, &statement, NULL);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_pointer(statement, 1, (void *)&api, "fts5_api_ptr", NULL);
    (void)sqlite3_step(statement);
    rc = sqlite3_finalize(statement);
    if (rc != SQLITE_OK || !api)
        return SQLITE_ERROR;
    return api->xCreateTokenizer(api, "bigram", NULL, &tokenizer, NULL);
}
