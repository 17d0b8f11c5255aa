/*
 * district.c - opening a district, and counting it again.
 */
#include "features/network/contacts.h"
#include "features/network/coverage.h"
#include "features/network/network.h"
#include "features/network/unit_index.h"
#include "features/territory/territory.h"
#include "platform/audit/audit.h"
#include "platform/web/forms.h"
#include "platform/web/frame.h"
#include "platform/web/routes.h"

#include "features/network/capabilities.h"

#include "gen/network_queries.h"
#include "gen/web_texts.h"

/* --- opening -------------------------------------------------------------------------------------------------- */

static bool add_place(struct txn *txn, const struct book *book, const struct division_row *place, struct arena *arena,
                      struct error *err)
{
    static const enum unit_kind kinds[] = { [DIVISION_DISTRICT] = UNIT_DISTRICT,
                                            [DIVISION_TOWN] = UNIT_TOWN,
                                            [DIVISION_VILLAGE] = UNIT_VILLAGE };
    struct unit_add_args unit = { .district = division_district(place->code),
                                  .id = { txn_id(txn) },
                                  .kind = kinds[place->level],
                                  .state = UNIT_ACTIVE,
                                  .division = place->code,
                                  .name = place->name,
                                  .uscc_missing = STR("区划本身"),
                                  .changed_at = txn->now };
    struct unit_figures figures = { .kind = unit.kind, .division = unit.division, .is_active = true };
    struct covered_unit covered = { unit.district, unit.id, unit.division, figures };
    struct unit_words words = { unit.id, unit.division, unit.name, unit.uscc };
    unit.contact = unit_contact_seal(txn, unit.district, unit.id, (struct str){ 0 }, arena);
    return unit_add(txn, &unit, NULL, err) && unit_index_add(txn, &words, arena, err) &&
           coverage_refresh(txn, (struct account_id){ 0 }, book, &covered, arena, err);
}

static bool has_place(struct txn *txn, struct division district, struct arena *arena, bool *ret, struct error *err)
{
    struct unit_list_rows rows;
    struct unit_list_args args = { .from = district,
                                   .to = district,
                                   .by_kind = true,
                                   .kind = UNIT_DISTRICT,
                                   .after_division = { district.code - 1 },
                                   .limit = 1 };
    if (!unit_list(txn->db, &args, arena, &rows, err))
        return false;
    *ret = rows.n > 0;
    return true;
}

static bool open_all(struct txn *txn, struct division district, struct arena *arena, struct error *err)
{
    struct book book;
    struct date today = date_of(txn->now);
    struct division_row self;
    struct division_rows towns, villages;
    bool is_open;
    if (!has_place(txn, district, arena, &is_open, err))
        return false;
    if (is_open)
        return true;
    if (!book_load(txn->db, today, arena, &book, err) ||
        !territory_find(txn->db, district, today, arena, &self, err) ||
        !territory_inside(txn->db, district, DIVISION_TOWN, today, arena, &towns, err) ||
        !territory_inside(txn->db, district, DIVISION_VILLAGE, today, arena, &villages, err) ||
        !add_place(txn, &book, &self, arena, err))
        return false;
    for (ptrdiff_t i = 0; i < towns.n; i++)
        if (!add_place(txn, &book, &towns.at[i], arena, err))
            return false;
    for (ptrdiff_t i = 0; i < villages.n; i++)
        if (!add_place(txn, &book, &villages.at[i], arena, err))
            return false;
    struct audit_event event = { .district = division_district(district),
                                 .action = STR("district.open"),
                                 .subject = str_format(arena, "division:%lld", (long long)district.code) };
    return audit_append(txn, &event, err);
}

bool network_open_district(struct txn *txn, struct division district, struct error *err)
{
    struct arena arena = { 0 };
    bool ok = division_level(district) == DIVISION_DISTRICT
                  ? open_all(txn, district, &arena, err)
                  : error_fail(err, ERROR_INPUT, "%lld is no district", (long long)district.code);
    arena_release(&arena);
    return ok;
}

/* --- counting again ---------------------------------------------------------------------------------------------- */

/* What the count says: the tallies of divisions that units lie in, summed up to every division above. */
struct counted {
    struct division division;
    struct line line;
    struct tally tally;
};

/* An open-addressing table by division and line; it grows at three quarters. */
struct counts {
    struct arena *arena;
    struct counted *slots;
    ptrdiff_t capacity, used;
};

enum { COUNTS_FIRST = 4096 };

static struct counted *slot_of(struct counts *counts, struct division division, struct line line)
{
    uint64_t hash = ((uint64_t)division.code * 128 + (uint64_t)line.n) * UINT64_C(0x9E3779B97F4A7C15);
    for (ptrdiff_t i = (ptrdiff_t)(hash >> 20) & (counts->capacity - 1);; i = (i + 1) & (counts->capacity - 1)) {
        struct counted *slot = &counts->slots[i];
        if (slot->line.n == 0 || (slot->division.code == division.code && slot->line.n == line.n))
            return slot;
    }
}

static void grow(struct counts *counts)
{
    struct counts larger = { .arena = counts->arena,
                             .capacity = counts->capacity > 0 ? counts->capacity * 2 : COUNTS_FIRST,
                             .used = counts->used };
    larger.slots = arena_new(counts->arena, struct counted, larger.capacity);
    for (ptrdiff_t i = 0; i < counts->capacity; i++)
        if (counts->slots[i].line.n != 0)
            *slot_of(&larger, counts->slots[i].division, counts->slots[i].line) = counts->slots[i];
    *counts = larger;
}

static struct tally *count_of(struct counts *counts, struct division division, struct line line)
{
    if (counts->used * 4 >= counts->capacity * 3)
        grow(counts);
    struct counted *slot = slot_of(counts, division, line);
    if (slot->line.n == 0) {
        *slot = (struct counted){ division, line, { 0 } };
        counts->used++;
    }
    return &slot->tally;
}

static bool count_row(void *self, const struct recount_each *row, struct error *err)
{
    (void)err;
    struct counts *counts = self;
    struct tally tally = TALLY_OF_ROW(row);
    for (enum division_level level = division_level(row->division);; level--) {
        struct tally *sum = count_of(counts, division_at(row->division, level), row->line);
        *sum = tally_plus(*sum, tally);
        if (level == DIVISION_NATION)
            return true;
    }
}

static bool take_day_sum(void *self, const struct tally_day_sum_each *row, struct error *err)
{
    (void)err;
    *count_of(self, row->division, row->line) = TALLY_OF_ROW(row);
    return true;
}

struct comparison {
    struct counts *counts;
    struct recount *result;
};

static void note_difference(struct recount *result, struct division division, struct line line)
{
    if (result->different++ == 0) {
        result->first_division = division;
        result->first_line = line;
    }
}

static bool compare_row(void *self, const struct tally_all_each *row, struct error *err)
{
    (void)err;
    struct comparison *comparison = self;
    struct tally kept = TALLY_OF_ROW(row);
    struct counted *slot = slot_of(comparison->counts, row->division, row->line);
    comparison->result->tallies++;
    if (!tally_is_zero(tally_minus(kept, slot->tally)))
        note_difference(comparison->result, row->division, row->line);
    slot->tally = (struct tally){ 0 }; /* what is left over at the end has no tally at all */
    return true;
}

/* Holds every tally against what was counted; uses up the counts. */
static bool compare(struct db *db, struct counts *counts, struct arena *arena, struct recount *result,
                    struct error *err)
{
    struct comparison comparison = { counts, result };
    if (!tally_all_each(db, arena, compare_row, &comparison, err))
        return false;
    for (ptrdiff_t i = 0; i < counts->capacity; i++)
        if (!tally_is_zero(counts->slots[i].tally))
            note_difference(result, counts->slots[i].division, counts->slots[i].line);
    return true;
}

bool network_recount(struct db *db, struct arena *arena, struct recount *ret, struct error *err)
{
    /* tables of a lifetime of their own: the rows' arena is rewound after each */
    struct arena own = { 0 };
    struct counts counts = { .arena = &own }, days = { .arena = &own };
    struct recount result = { 0 };
    grow(&counts);
    grow(&days);
    bool ok = recount_each(db, arena, count_row, &counts, err) && compare(db, &counts, arena, &result, err) &&
              tally_day_sum_each(db, arena, take_day_sum, &days, err) && compare(db, &days, arena, &result, err);
    arena_release(&own);
    result.tallies /= 2; /* each was held against both */
    if (ok)
        *ret = result;
    return ok;
}

/* --- the frame -------------------------------------------------------------------------------------------------- */

static bool may_see(const struct request *rq, struct line line)
{
    return access_may(&rq->actor, &cap_network_read, rq->axes.at, line);
}

static struct frame_link line_link(struct request *rq, struct url here, struct str label, struct line line)
{
    return (struct frame_link){ .label = label,
                                .url = url_axes(rq->arena, here, (struct axes){ rq->axes.at, line }),
                                .is_current = rq->axes.line.n == line.n };
}

/* The page one is on; of a form that came back, the page it stands on. */
static struct url page_here(struct request *rq)
{
    struct str path, query;
    if (rq->x->method != HTTP_POST)
        return url_local(rq->arena, rq->x->path);
    (void)str_cut(routes_page_of(rq).text, '?', &path, &query);
    return url_local(rq->arena, path);
}

bool network_fill_lines(struct request *rq, struct frame *frame, struct error *err)
{
    struct book book;
    if (rq->actor.account.n == 0)
        return true;
    if (!book_load_lines(rq->db, rq->today, rq->arena, &book, err))
        return false;
    struct url here = page_here(rq);
    struct frame_link *links = arena_new(rq->arena, struct frame_link, book.line_count + 1);
    ptrdiff_t n = 1; /* the first is 'all' */
    for (ptrdiff_t i = 0; i < book.line_count; i++)
        if (may_see(rq, book.lines[i].line))
            links[n++] = line_link(rq, here, book.lines[i].short_name[rq->lang], book.lines[i].line);
    if (n > 2) {
        links[0] = line_link(rq, here, text_in(rq->arena, rq->lang, t_all_lines()), (struct line){ 0 });
        frame->lines = (struct frame_links){ links, n };
    } else if (n == 2) {
        links[1].is_current = true; /* the only one: no choice, but said */
        frame->lines = (struct frame_links){ links + 1, 1 };
    }
    return true;
}

bool network_lines(struct request *rq, struct choices *ret, struct error *err)
{
    struct book book;
    if (!book_load_lines(rq->txn ? rq->txn->db : rq->db, rq->today, rq->arena, &book, err))
        return false;
    struct choice *choices = arena_new(rq->arena, struct choice, book.line_count);
    for (ptrdiff_t i = 0; i < book.line_count; i++)
        choices[i] = (struct choice){ book.lines[i].line.n, book.lines[i].short_name[rq->lang] };
    *ret = (struct choices){ choices, book.line_count };
    return true;
}
