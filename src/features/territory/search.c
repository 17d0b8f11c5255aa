/*
 * search.c - finding divisions by what people type: digits of a code, characters of a name, pinyin initials.
 *
 * The full-text table gives candidates in the order of level and code (its rowid); pairs of characters are found in any
 * order, so every candidate is compared with what was typed.
 */
#include "features/territory/tree.h"

#include "base/parse.h"
#include "features/territory/pinyin.h"
#include "gen/territory_queries.h"
#include "platform/db/bigram_query.h"
#include "platform/limits.h"

enum { HITS = 64, HIT_PAGES_MAX = 64 }; /* candidates read at a time; how often, before giving up */

static const int64_t LEVEL_PLACES = INT64_C(1000000000000);

struct search {
    struct db *db;
    struct str text;  /* folded */
    struct str words; /* as an expression for the full-text table */
    struct division inside;
    struct date on;
    int limit;
    struct arena *arena;
    struct division_rows found;
};

static bool is_full(const struct search *search)
{
    return search->found.n == search->limit;
}

static void add(struct search *search, struct division_row row)
{
    if (!is_full(search) && !division_is_stand_in(&row))
        search->found.at[search->found.n++] = row;
}

/* --- by the first digits of a code ---------------------------------------------------------------------------- */

static bool find_by_code(struct search *search, struct error *err)
{
    int64_t from, span = 1;
    if (search->text.len > 12 || !parse_int(search->text, 0, LEVEL_PLACES - 1, &from))
        return true;
    for (ptrdiff_t digits = search->text.len; digits < 12; digits++)
        span *= 10;
    from *= span;
    struct division first = { from > search->inside.code ? from : search->inside.code };
    struct division last = division_last(search->inside);
    if (from + span - 1 < last.code)
        last.code = from + span - 1;
    for (enum division_level level = DIVISION_PROVINCE; level <= DIVISION_VILLAGE && !is_full(search); level++) {
        struct division_rows rows;
        if (!tree_range(search->db, level, first, last, search->on, search->limit, search->arena, &rows, err))
            return false;
        for (ptrdiff_t i = 0; i < rows.n; i++)
            add(search, rows.at[i]);
    }
    return true;
}

/* --- by name or initials ---------------------------------------------------------------------------------------- */

/* Each word is in the name, or begins its initials. */
static bool matches(const struct search *search, struct str name)
{
    struct str rest = search->text, word;
    struct str folded = bigram_fold(search->arena, name);
    struct str initials = pinyin_initials(search->arena, name);
    while (rest.len > 0) {
        (void)str_cut(rest, ' ', &word, &rest);
        if (str_find(folded, word) < 0 && !str_starts(initials, word))
            return false;
    }
    return true;
}

/* Places are rowids: level * 10^12 + code. */
static bool find_hits(struct search *search, int64_t from_place, int64_t to_place, struct error *err)
{
    struct division_hits_args args = { .words = search->words, .after = from_place - 1, .to = to_place,
                                       .on = search->on, .limit = HITS };
    for (int page = 0; page < HIT_PAGES_MAX && !is_full(search); page++) {
        struct division_hits_rows hits;
        if (!division_hits(search->db, &args, search->arena, &hits, err))
            return false;
        for (ptrdiff_t i = 0; i < hits.n; i++) {
            const struct division_hits *hit = &hits.at[i];
            struct division_row row = { .code = hit->code, .parent = division_at(hit->code, hit->level - 1),
                                        .level = hit->level, .name = hit->name };
            if (matches(search, hit->name))
                add(search, row);
        }
        if (hits.n < HITS)
            break;
        args.after = hits.at[hits.n - 1].place;
    }
    return true;
}

static bool find_by_words(struct search *search, struct error *err)
{
    search->words = bigram_query(search->arena, search->text);
    if (search->words.len == 0)
        return true;
    if (search->inside.code == 0)
        return find_hits(search, LEVEL_PLACES, (DIVISION_VILLAGE + 1) * LEVEL_PLACES - 1, err);
    for (int64_t level = division_level(search->inside); level <= DIVISION_VILLAGE && !is_full(search); level++) {
        int64_t from = level * LEVEL_PLACES + search->inside.code;
        int64_t to = level * LEVEL_PLACES + division_last(search->inside).code;
        if (!find_hits(search, from, to, err))
            return false;
    }
    return true;
}

static bool is_digits(struct str text)
{
    for (ptrdiff_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    }
    return text.len > 0;
}

bool territory_search(struct db *db, struct str text, struct division inside, struct date on, int limit,
                      struct arena *arena, struct division_rows *ret, struct error *err)
{
    assert(limit >= 0);
    struct search search = { .db = db, .inside = inside, .on = on, .limit = limit, .arena = arena };
    search.text = str_trim(bigram_fold(arena, str_trim(text)));
    search.found.at = arena_new(arena, struct division_row, limit);
    bool is_sensible = search.text.len <= 4 * LIMIT_NAME;
    if (is_sensible && is_digits(search.text) && !find_by_code(&search, err))
        return false;
    /* one letter would be half the country */
    if (is_sensible && search.text.len > 1 && search.found.n == 0 && !find_by_words(&search, err))
        return false;
    *ret = search.found;
    return true;
}
