#include "features/network/export.h"

#include "features/network/contacts.h"
#include "features/network/coverage.h"
#include "features/network/labels.h"
#include "features/territory/territory.h"
#include "platform/limits.h"
#include "platform/serve/log.h"

#include "gen/network_texts.h"

enum { PROGRESS_ROWS = 2000 };

struct exporting {
    struct db *db;
    const struct export_range *range;
    struct sheet_writer *writer;
    struct arena scratch; /* of one row */
    struct arena_mark mark;
    struct arena names;
    struct division place; /* units come by division: its name is looked up once */
    struct str place_name;
    int64_t done;
    export_progress *progress;
    void *self;
};

static struct str place_name(struct exporting *exporting, struct division division)
{
    if (exporting->place.code != division.code || exporting->place_name.len == 0) {
        arena_reset(&exporting->names);
        exporting->place = division;
        exporting->place_name = territory_name(exporting->db, division, exporting->range->today, &exporting->names);
    }
    return exporting->place_name;
}

static void put_contact(struct exporting *exporting, const struct unit_sheet *unit)
{
    struct str contact = contact_unread(exporting->range->lang);
    struct export_unread *unread = exporting->range->unread;
    struct error why;
    if (!unit_contact_open(exporting->db, unit->district, unit->id, unit->sealed_contact, &exporting->scratch, &contact,
                           &why) &&
        unread && unread->n++ == 0)
        unread->first = why;
    sheet_text(exporting->writer, COLUMN_CONTACT, contact);
}

static bool put_unit(void *self, const struct unit_sheet *unit, struct error *err)
{
    struct exporting *exporting = self;
    struct sheet_writer *writer = exporting->writer;
    struct arena *scratch = &exporting->scratch;
    enum lang lang = exporting->range->lang;
    bool with_contacts = exporting->range->with_contacts;
    if (exporting->done == exporting->range->max)
        return error_fail(err, ERROR_LIMIT, "more than %lld units", (long long)exporting->range->max);
    sheet_text(writer, COLUMN_KEY, str_format(scratch, "%lld-%lld", (long long)unit->district, (long long)unit->id.n));
    sheet_int(writer, COLUMN_VERSION, unit->version);
    sheet_text(writer, COLUMN_KIND, text_in(scratch, lang, label_kind(unit->kind)));
    sheet_text(writer, COLUMN_DIVISION, division_text(scratch, unit->division));
    sheet_text(writer, COLUMN_PLACE, place_name(exporting, unit->division));
    sheet_text(writer, COLUMN_NAME, unit->name);
    sheet_text(writer, COLUMN_USCC, unit->uscc);
    sheet_text(writer, COLUMN_USCC_MISSING, unit->uscc_missing);
    sheet_text(writer, COLUMN_INDUSTRY, unit->industry);
    sheet_int(writer, COLUMN_EMPLOYEES, unit->employees);
    sheet_int(writer, COLUMN_WOMEN, unit->women);
    sheet_int(writer, COLUMN_YOUTH, unit->youth);
    sheet_int(writer, COLUMN_LEAGUE_MEMBERS, unit->league_members);
    sheet_int(writer, COLUMN_DISABLED, unit->disabled);
    if (with_contacts)
        put_contact(exporting, unit);
    if (unit->state == UNIT_CLOSED)
        sheet_text(writer, unit_column_place(COLUMN_IS_CLOSED, with_contacts), text_in(scratch, lang, unit_yes_no(true)));
    sheet_next_row(writer);
    arena_rewind(scratch, exporting->mark);
    exporting->done++;
    return exporting->done % PROGRESS_ROWS != 0 || exporting->progress(exporting->self, exporting->done, err);
}

/* Those a search found, whole; a row of the search has not all of a unit. */
static bool put_found(struct exporting *exporting, struct error *err)
{
    const struct export_range *range = exporting->range;
    for (ptrdiff_t i = 0; i < range->found->n; i++) {
        const struct unit_list *row = &range->found->at[i];
        struct unit_by_id_args args = { row->district, row->id, range->scope.from, range->scope.to };
        struct unit_by_id unit;
        if (row->kind >= UNIT_VILLAGE)
            continue;
        if (!unit_by_id(exporting->db, &args, &exporting->scratch, &unit, err))
            return false;
        struct unit_sheet sheet = { .district = unit.district, .id = unit.id,           .kind = unit.kind,
                                    .state = unit.state,       .division = unit.division, .name = unit.name,
                                    .uscc = unit.uscc,         .uscc_missing = unit.uscc_missing,
                                    .industry = unit.industry, .employees = unit.employees, .women = unit.women,
                                    .youth = unit.youth,       .league_members = unit.league_members,
                                    .disabled = unit.disabled, .sealed_contact = unit.sealed_contact, .version = unit.version };
        if (!put_unit(exporting, &sheet, err))
            return false;
    }
    return true;
}

bool export_units(struct db *db, const struct export_range *range, struct arena *arena, export_progress *progress,
                  void *self, struct str *ret_file, struct error *err)
{
    struct exporting exporting = { .db = db, .range = range, .progress = progress, .self = self };
    struct arena rows = { 0 };
    struct unit_sheet_args args = { .from = range->scope.from,
                                    .to = range->scope.to,
                                    .by_kind = range->kind != 0,
                                    .kind = (enum unit_kind)range->kind };
    if (!unit_sheet_begin(arena, range->lang, range->with_contacts, &exporting.writer, err))
        return false;
    (void)arena_new(&exporting.scratch, char, 1); /* so that there is a block to fall back to */
    exporting.mark = arena_mark(&exporting.scratch);
    bool ok = range->found ? put_found(&exporting, err) : unit_sheet(db, &args, &rows, put_unit, &exporting, err);
    struct error late;
    bool is_written = sheet_end(exporting.writer, ret_file, ok ? err : &late);
    arena_release(&rows);
    arena_release(&exporting.scratch);
    arena_release(&exporting.names);
    return ok && is_written;
}

void export_log_unread(const struct export_unread *unread)
{
    if (unread->n > 0)
        log_event("error", "sealed", "%lld contacts of a workbook do not open, the first: %s", (long long)unread->n,
                  unread->first.detail);
}
