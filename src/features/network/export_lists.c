/*
 * export_lists.c - blank spots, organisations, coverage and the matrix as workbooks, for reading: what the page shows,
 * all at once.
 *
 * Past EXPORT_DIRECT_MAX rows the answer is 413: a town or a line at a time.
 */
#include "features/network/capabilities.h"
#include "features/network/contacts.h"
#include "features/network/coverage.h"
#include "features/network/export.h"
#include "features/network/import_pages.h"
#include "features/network/labels.h"
#include "features/network/pages.h"
#include "features/territory/territory.h"
#include "platform/limits.h"

#include "gen/network_texts.h"

struct listing {
    struct request *rq;
    struct scope scope;
    struct book book;
    struct sheet_writer *writer;
    struct export_unread unread;
};

static bool open_listing(struct request *rq, struct listing *ret)
{
    *ret = (struct listing){ .rq = rq };
    return page_scope(rq, &cap_network_read, &ret->scope) && book_load(rq->db, rq->today, rq->arena, &ret->book, &rq->err);
}

struct heading {
    const struct text_key *title;
    int width;
};

static bool begin(struct listing *listing, const struct heading *headings, int count, struct text name)
{
    enum { HEADINGS_MAX = 16 };
    struct request *rq = listing->rq;
    struct sheet_column columns[HEADINGS_MAX];
    assert(count <= HEADINGS_MAX);
    for (int i = 0; i < count; i++)
        columns[i] = (struct sheet_column){ headings[i].title->forms[rq->lang], headings[i].width, false };
    return sheet_begin(rq->arena, text_in(rq->arena, rq->lang, name), columns, count, &listing->writer, &rq->err);
}

/* Ends the workbook in any case; ok false: rq->err says why there is none. */
static struct reply end(struct listing *listing, bool ok, struct text name)
{
    struct request *rq = listing->rq;
    struct str file;
    struct error late;
    bool is_written = sheet_end(listing->writer, &file, ok ? &rq->err : &late);
    if (!ok || !is_written)
        return reply_error(rq);
    export_log_unread(&listing->unread);
    return export_download(rq, file, name, territory_name(rq->db, listing->scope.from, rq->today, rq->arena));
}

static void put_text(struct listing *listing, int column, struct text text)
{
    sheet_text(listing->writer, column, text_in(listing->rq->arena, listing->rq->lang, text));
}

static void put_place(struct listing *listing, int column, struct division division)
{
    sheet_text(listing->writer, column, place_name(listing->rq, division));
}

static void put_rule(struct listing *listing, int column, int64_t number)
{
    const struct rule_entry *rule = book_rule(&listing->book, number);
    put_text(listing, column, label_due(rule, number));
    if (rule)
        sheet_text(listing->writer, column + 1, rule->basis[listing->rq->lang]);
}

static bool check_count(struct request *rq, ptrdiff_t n)
{
    return n <= EXPORT_DIRECT_MAX || error_fail(&rq->err, ERROR_LIMIT, "more than %d rows", EXPORT_DIRECT_MAX);
}

/* --- blank spots ------------------------------------------------------------------------------------------------ */

static void put_spot(struct listing *listing, const struct spot_list *spot)
{
    struct request *rq = listing->rq;
    struct sheet_writer *writer = listing->writer;
    sheet_text(writer, 0, spot->name);
    put_text(listing, 1, label_kind(spot->kind));
    put_place(listing, 2, spot->division);
    sheet_text(writer, 3, book_line_short(&listing->book, rq->lang, spot->line));
    sheet_int(writer, 4, spot->employees);
    put_rule(listing, 5, spot->due_rule); /* and 6 */
    put_text(listing, 7, label_spot_state(spot->state));
    sheet_text(writer, 8, person_name(listing->rq, spot->owner));
    sheet_date(writer, 9, spot->found_on);
    sheet_date(writer, 10, spot->deadline);
    if (!spot->is_open)
        sheet_date(writer, 11, spot->closed_on);
    sheet_next_row(writer);
}

struct reply spots_export(struct request *rq)
{
    static const struct heading headings[] = {
        { &text_key_spot_unit, 36 },       { &text_key_unit_kind, 14 },    { &text_key_spot_place, 22 },
        { &text_key_spot_line, 10 },       { &text_key_unit_employees, 8 }, { &text_key_spot_due, 18 },
        { &text_key_rules_basis, 30 },     { &text_key_spot_state, 12 },   { &text_key_spot_owner, 14 },
        { &text_key_spot_found, 12 },      { &text_key_spot_deadline, 12 }, { &text_key_spot_closed, 12 },
    };
    struct listing listing;
    struct spot_list_rows rows;
    struct page_end end_of_found = { 0 };
    struct str show = param(&rq->query, "show"), typed = str_trim(param(&rq->query, "q"));
    struct axes asked = rq->axes;
    if (!open_listing(rq, &listing))
        return reply_error(rq);
    scope_own(rq, &listing.scope);
    scope_mine(rq, asked, show, &listing.scope);
    struct spot_list_args args = spot_list_asked(rq, listing.scope, show);
    args.limit = EXPORT_DIRECT_MAX + 1;
    args.after_division = listing.scope.from;
    bool ok = typed.len > 0 ? spots_search(rq, &args, typed, &rows, &end_of_found)
                            : spot_list(rq->db, &args, rq->arena, &rows, &rq->err);
    if (!ok || !check_count(rq, end_of_found.has_more ? args.limit : rows.n) ||
        !begin(&listing, headings, COUNT_OF(headings), t_spots_title()))
        return reply_error(rq);
    for (ptrdiff_t i = 0; i < rows.n; i++)
        put_spot(&listing, &rows.at[i]);
    return end(&listing, true, t_spots_title());
}

/* --- organisations ---------------------------------------------------------------------------------------------- */

static bool put_contact(struct listing *listing, int column, const struct organisation_list *row)
{
    struct request *rq = listing->rq;
    struct organisation_contact stored;
    struct organisation_contact_args args = { row->district, row->id };
    struct str contact = contact_unread(rq->lang);
    struct error why;
    if (!organisation_contact(rq->db, &args, rq->arena, &stored, &rq->err))
        return false;
    if (!organisation_contact_open(rq->db, row->district, row->id, stored.sealed_contact, rq->arena, &contact, &why) &&
        listing->unread.n++ == 0)
        listing->unread.first = why;
    sheet_text(listing->writer, column, contact);
    return true;
}

static bool put_organisation(struct listing *listing, const struct organisation_list *row, bool with_contacts)
{
    struct sheet_writer *writer = listing->writer;
    sheet_text(writer, 0, row->name);
    sheet_text(writer, 1, book_line_short(&listing->book, listing->rq->lang, row->line));
    put_place(listing, 2, row->division);
    put_text(listing, 3, label_regime(row->regime));
    put_text(listing, 4, label_organisation_state(row->state));
    if (organisation_is_founded(row->state))
        sheet_date(writer, 5, row->founded_on);
    if (row->term_ends_on.days < DATE_NEVER.days)
        sheet_date(writer, 6, row->term_ends_on);
    sheet_int(writer, 7, row->members);
    sheet_int(writer, 8, row->members_women);
    sheet_text(writer, 9, row->uscc);
    if (with_contacts && !put_contact(listing, 10, row))
        return false;
    sheet_next_row(writer);
    return true;
}

struct reply organisations_export(struct request *rq)
{
    static const struct heading headings[] = {
        { &text_key_unit_name, 36 },           { &text_key_spot_line, 10 },
        { &text_key_unit_place, 22 },          { &text_key_organisation_regime, 22 },
        { &text_key_spot_state, 12 },          { &text_key_organisation_founded, 12 },
        { &text_key_organisation_term_ends, 12 }, { &text_key_organisation_members, 8 },
        { &text_key_organisation_members_women, 8 }, { &text_key_unit_uscc, 22 },
        { &text_key_unit_contact, 24 },
    };
    struct listing listing;
    struct organisation_list_rows rows;
    struct page_end end_of_found = { 0 };
    struct str show = param(&rq->query, "show"), typed = str_trim(param(&rq->query, "q"));
    if (!open_listing(rq, &listing))
        return reply_error(rq);
    struct organisation_list_args args = organisation_list_asked(rq, listing.scope, show);
    args.limit = EXPORT_DIRECT_MAX + 1;
    args.after_division = listing.scope.from;
    bool ok = typed.len > 0 ? organisations_search(rq, &args, typed, false, &rows, &end_of_found)
                            : organisation_list(rq->db, &args, rq->arena, &rows, &rq->err);
    bool with_contacts = contacts_of_organisations(&rq->actor, listing.scope); /* the last column */
    if (!ok || !check_count(rq, end_of_found.has_more ? args.limit : rows.n) ||
        !begin(&listing, headings, (int)COUNT_OF(headings) - !with_contacts, t_organisations_title()))
        return reply_error(rq);
    for (ptrdiff_t i = 0; i < rows.n && ok; i++)
        ok = put_organisation(&listing, &rows.at[i], with_contacts);
    return end(&listing, ok, t_organisations_title());
}

/* --- coverage --------------------------------------------------------------------------------------------------- */

static void put_covered(struct listing *listing, struct line line, const struct coverage_list *row)
{
    struct request *rq = listing->rq;
    struct sheet_writer *writer = listing->writer;
    struct organisation_name name = { 0 };
    struct organisation_name_args args = { row->district, row->organisation };
    struct error missing;
    bool found = false, is_covered = row->form != COVERAGE_NONE;
    sheet_text(writer, 0, row->name);
    put_text(listing, 1, label_kind(row->kind));
    put_place(listing, 2, row->division);
    sheet_text(writer, 3, book_line_short(&listing->book, rq->lang, line));
    sheet_int(writer, 4, row->employees);
    put_rule(listing, 5, row->due_rule); /* and 6 */
    put_text(listing, 7, label_form(row->form));
    if (row->organisation.n != 0 && organisation_name(rq->db, &args, rq->arena, &name, &found, &missing) && found)
        sheet_text(writer, 8, name.name);
    if (is_covered)
        sheet_date(writer, 9, row->since);
    sheet_next_row(writer);
}

static bool put_line(struct listing *listing, struct line line, ptrdiff_t *left)
{
    struct request *rq = listing->rq;
    struct coverage_list_rows rows;
    struct coverage_list_args args = coverage_list_asked(listing->scope, line, param(&rq->query, "show"));
    args.after_division = listing->scope.from;
    args.limit = *left + 1;
    if (!coverage_list(rq->db, &args, rq->arena, &rows, &rq->err))
        return false;
    if (rows.n > *left)
        return error_fail(&rq->err, ERROR_LIMIT, "more than %d rows", EXPORT_DIRECT_MAX);
    for (ptrdiff_t i = 0; i < rows.n; i++)
        put_covered(listing, line, &rows.at[i]);
    *left -= rows.n;
    return true;
}

struct reply coverage_export(struct request *rq)
{
    static const struct heading headings[] = {
        { &text_key_unit_name, 36 },   { &text_key_unit_kind, 14 },     { &text_key_unit_place, 22 },
        { &text_key_spot_line, 10 },   { &text_key_unit_employees, 8 }, { &text_key_spot_due, 18 },
        { &text_key_rules_basis, 30 }, { &text_key_coverage_form, 14 }, { &text_key_spot_covered_by, 30 },
        { &text_key_coverage_since, 12 },
    };
    struct listing listing;
    ptrdiff_t left = EXPORT_DIRECT_MAX;
    bool ok = true;
    if (!open_listing(rq, &listing) || !begin(&listing, headings, COUNT_OF(headings), t_coverage_title()))
        return reply_error(rq);
    scope_own(rq, &listing.scope);
    for (ptrdiff_t i = 0; i < listing.book.line_count && ok; i++) {
        struct line line = listing.book.lines[i].line;
        if (line.n >= listing.scope.line_from.n && line.n <= listing.scope.line_to.n)
            ok = put_line(&listing, line, &left);
    }
    return end(&listing, ok, t_coverage_title());
}

/* --- the matrix: one row for each place and line ---------------------------------------------------------------- */

static void put_tally(struct listing *listing, struct str place, struct line line, struct tally tally)
{
    struct request *rq = listing->rq;
    struct sheet_writer *writer = listing->writer;
    int64_t rate = rate_of(tally);
    const int64_t counts[] = { tally.due, tally_covered(tally), tally.exempt, tally.blank };
    sheet_text(writer, 0, place);
    sheet_text(writer, 1, book_line_short(&listing->book, rq->lang, line));
    for (int i = 0; i < COUNT_OF(counts); i++)
        sheet_int(writer, 2 + i, counts[i]);
    if (rate >= 0)
        sheet_text(writer, 6, str_format(rq->arena, "%lld.%lld%%", (long long)(rate / 10), (long long)(rate % 10)));
    sheet_next_row(writer);
}

static void put_places(struct listing *listing, const struct tally_below_rows *rows)
{
    struct request *rq = listing->rq;
    for (ptrdiff_t i = 0; i < rows->n; i++) {
        const struct tally_below *row = &rows->at[i];
        put_tally(listing, territory_name(rq->db, row->division, rq->today, rq->arena), row->line,
                  TALLY_OF_ROW(row));
    }
}

struct reply matrix_export(struct request *rq)
{
    static const struct heading headings[] = {
        { &text_key_unit_place, 24 },   { &text_key_spot_line, 12 },    { &text_key_filter_due, 10 },
        { &text_key_filter_covered, 10 }, { &text_key_filter_exempt, 10 }, { &text_key_spots_title, 10 },
        { &text_key_legend_rate, 12 },
    };
    struct listing listing;
    struct tally_below_rows below;
    struct tally_of_rows total;
    if (!open_listing(rq, &listing))
        return reply_error(rq);
    struct scope scope = listing.scope;
    struct tally_below_args args = { .parent = scope.from, .line_from = scope.line_from, .line_to = scope.line_to,
                                     .limit = EXPORT_DIRECT_MAX };
    struct tally_of_args own = { .district = division_district(scope.from), .division = scope.from,
                                 .line_from = scope.line_from, .line_to = scope.line_to };
    if (!tally_below(rq->db, &args, rq->arena, &below, &rq->err) ||
        !tally_of(rq->db, &own, rq->arena, &total, &rq->err) ||
        !begin(&listing, headings, COUNT_OF(headings), t_matrix_title()))
        return reply_error(rq);
    put_places(&listing, &below);
    for (ptrdiff_t i = 0; i < total.n; i++) {
        const struct tally_of *row = &total.at[i];
        put_tally(&listing, text_in(rq->arena, rq->lang, t_matrix_total()), row->line,
                  TALLY_OF_ROW(row));
    }
    return end(&listing, true, t_matrix_title());
}
