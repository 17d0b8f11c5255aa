/*
 * import_plan.c - what would become of each row: new, changed, the same, or a problem.
 *
 * A row finds its unit by the row key, else by its credit code in the district of its division; found by neither it is
 * new.  One that has neither must differ from every unit of its division in kind or name, or it would be registered
 * twice.  A changed row is merged: columns the sheet does not have stay as in the register.
 */
#include "features/network/import.h"

#include "features/network/capabilities.h"
#include "features/network/contacts.h"
#include "features/network/labels.h"
#include "features/network/uscc.h"
#include "features/territory/territory.h"

#include "gen/network_texts.h"
#include "gen/web_texts.h"

#include <sodium.h>

enum { PROGRESS_ROWS = 2000, PLACES = 4096 };

struct planner {
    const struct import_world *world;
    const struct import_sheet *sheet;
    struct arena *arena;
    struct import_plan *plan;
    struct import_problems *problems;
    struct problems found; /* of the row being planned */
    unsigned unread;       /* columns of that row; 0 when rows are compared */
    const struct field *fields[UNIT_COLUMN_COUNT];
    struct {
        int64_t code;
        bool is_known;
    } places[PLACES]; /* divisions looked up, by code modulo PLACES */
    crypto_generichash_state digest;
    struct error *err;
};

/* The columns that what is wrong with a column may follow from. */
static unsigned sources_of(enum unit_column column)
{
    bool is_part = column >= COLUMN_WOMEN && column <= COLUMN_DISABLED;
    unsigned own = 1U << column;
    if (column == COLUMN_USCC_MISSING)
        return own | 1U << COLUMN_USCC;
    return is_part ? own | 1U << COLUMN_EMPLOYEES : own;
}

/* A cell that could not be read has its problem already, and makes no other cell wrong. */
static void complain(struct planner *planner, int64_t row, enum unit_column column, struct text text)
{
    if (planner->unread & sources_of(column))
        return;
    import_problem_add(planner->problems, row, planner->sheet->place[column], text);
}

/* --- finding the unit ------------------------------------------------------------------------------------------- */

static bool load(struct planner *planner, int64_t district, struct unit_id id, bool *ret_found, struct unit_by_id *ret)
{
    struct error err = { 0 };
    struct division all = { district * 1000000 };
    struct unit_by_id_args args = { district, id, all, division_last(all) };
    *ret_found = unit_by_id(planner->world->db, &args, planner->arena, ret, &err);
    if (*ret_found || err.kind == ERROR_NOT_FOUND)
        return true;
    *planner->err = err;
    return false;
}

/* *ret_found: the row is about *ret. False: a fault. */
static bool find(struct planner *planner, const struct import_row *row, struct str uscc, bool *ret_found,
                 struct unit_by_id *ret)
{
    struct unit_by_uscc other;
    struct unit_by_uscc_args args = { division_district(row->input.division), uscc };
    *ret_found = false;
    if (row->district != 0)
        return load(planner, row->district, row->id, ret_found, ret);
    if (uscc.len == 0)
        return true;
    if (!unit_by_uscc(planner->world->db, &args, planner->arena, &other, ret_found, planner->err))
        return false;
    return !*ret_found || load(planner, args.district, other.id, ret_found, ret);
}

static bool may_edit(const struct planner *planner, struct division division)
{
    return access_may(planner->world->actor, &cap_network_edit, division, (struct line){ 0 });
}

/* False: the look-up itself failed. */
static bool place_is_known(struct planner *planner, struct division division, bool *ret)
{
    ptrdiff_t slot = (ptrdiff_t)((division.code / 1000 ^ division.code) % PLACES);
    if (planner->places[slot].code != division.code) {
        struct division_row row;
        struct error err;
        bool is_known = territory_find(planner->world->db, division, planner->world->today, planner->arena, &row, &err);
        if (!is_known && err.kind != ERROR_NOT_FOUND) {
            *planner->err = err;
            return false;
        }
        planner->places[slot].code = division.code;
        planner->places[slot].is_known = is_known;
    }
    *ret = planner->places[slot].is_known;
    return true;
}

/* --- one row ---------------------------------------------------------------------------------------------------- */

/* The shared checks of the form, and whether another unit has the code. */
static bool check(struct planner *planner, const struct import_item *item)
{
    struct unit_by_uscc other;
    bool found = false;
    struct unit_by_uscc_args args = { item->district, item->uscc };
    planner->found.n = 0;
    unit_check(&planner->found, &item->input, item->uscc);
    if (item->id.n != 0 && item->uscc.len > 0 &&
        !unit_by_uscc(planner->world->db, &args, planner->arena, &other, &found, planner->err))
        return false;
    if (found && other.id.n != item->id.n)
        (void)problem_add(&planner->found, STR("uscc"), t_uscc_double(other.name));
    for (ptrdiff_t i = 0; i < planner->found.n; i++) {
        int column = unit_column_of_field(planner->found.at[i].field);
        complain(planner, item->number, column < 0 ? COLUMN_NAME : (enum unit_column)column,
                 planner->found.at[i].text);
    }
    return true;
}

static void copy_field(const struct field *field, const struct unit_input *from, struct unit_input *to)
{
    const char *source = (const char *)from + field->offset;
    char *target = (char *)to + field->offset;
    switch (field->type) {
    case FIELD_TEXT:
        *(struct str *)(void *)target = *(const struct str *)(const void *)source;
        return;
    case FIELD_INT:
        *(int64_t *)(void *)target = *(const int64_t *)(const void *)source;
        return;
    case FIELD_CHECK:
        *(bool *)target = *(const bool *)source;
        return;
    case FIELD_NOTE:
    case FIELD_SECRET:
    case FIELD_DATE:
    case FIELD_DIVISION:
    case FIELD_CHOICE:
    case FIELD_NAMED:
        break;
    }
    BUG("no such column: %s", field->name);
}

/* Kind and place of a unit do not change by import, and the version is no field to fill in. */
static bool is_merged(enum unit_column column)
{
    return column != COLUMN_KIND && column != COLUMN_DIVISION && column != COLUMN_VERSION;
}

static void keep_cell(struct planner *planner, const struct import_item *item, enum unit_column column,
                      const struct unit_input *before)
{
    struct import_plan *plan = planner->plan;
    enum lang lang = planner->world->lang;
    plan->cell_total++;
    if (plan->cell_count == IMPORT_SHOWN_MAX)
        return;
    plan->cells[plan->cell_count++] = (struct import_cell){
        .number = item->number,
        .column = column,
        .unit = before->name,
        .before = unit_field_text(planner->arena, lang, planner->fields[column], before),
        .after = unit_field_text(planner->arena, lang, planner->fields[column], &item->input),
    };
}

/* Fills item->input; returns how many cells differ. */
static int merge(struct planner *planner, const struct import_row *row, const struct unit_input *before,
                 struct import_item *item)
{
    int different = 0;
    item->input = *before;
    for (enum unit_column column = 0; column < UNIT_COLUMN_COUNT; column++) {
        const struct field *field = planner->fields[column];
        if (!field || planner->sheet->place[column] < 0 || !is_merged(column))
            continue;
        if (column == COLUMN_CONTACT && contact_is_unread(row->input.contact))
            continue; /* as it was exported: it stays */
        copy_field(field, &row->input, &item->input);
        if (column == COLUMN_USCC)
            item->input.uscc = uscc_normal(planner->arena, row->input.uscc);
        if (!unit_same_field(field, before, &item->input)) {
            different++;
            keep_cell(planner, item, column, before);
        }
    }
    return different;
}

static void check_unmoved(struct planner *planner, const struct import_row *row, const struct unit_by_id *unit)
{
    const int *place = planner->sheet->place;
    if (place[COLUMN_KIND] >= 0 && row->input.kind != 0 && row->input.kind != (int64_t)unit->kind)
        complain(planner, row->number, COLUMN_KIND, t_import_kind_stays());
    if (place[COLUMN_DIVISION] >= 0 && row->input.division.code != 0 && row->input.division.code != unit->division.code)
        complain(planner, row->number, COLUMN_DIVISION, t_import_place_stays());
}

static bool plan_change(struct planner *planner, const struct import_row *row, const struct unit_by_id *unit,
                        struct import_item *item)
{
    struct unit_input *before = arena_new(planner->arena, struct unit_input, 1);
    *before = unit_input_of(planner->world->db, unit, planner->world->lang, planner->arena, NULL);
    item->before = before;
    item->district = unit->district;
    item->id = unit->id;
    item->version = unit->version;
    item->kind = unit->kind;
    item->division = unit->division;
    check_unmoved(planner, row, unit);
    int different = merge(planner, row, before, item);
    item->uscc = item->input.uscc;
    item->fate = different > 0 ? IMPORT_CHANGE : IMPORT_SAME;
    if (item->fate == IMPORT_SAME)
        return true; /* what it says is there already: nothing to check, nothing to lose */
    if (item->input.name.len == 0)
        complain(planner, row->number, COLUMN_NAME, t_field_required());
    if (row->input.version != 0 && row->input.version != unit->version)
        complain(planner, row->number, COLUMN_NAME, t_import_conflict());
    return check(planner, item);
}

static bool plan_new(struct planner *planner, const struct import_row *row, struct str uscc, struct import_item *item)
{
    struct division division = row->input.division;
    bool is_known = false;
    if (division.code != 0 && !place_is_known(planner, division, &is_known))
        return false;
    item->fate = IMPORT_NEW;
    item->district = division_district(division);
    item->kind = (enum unit_kind)row->input.kind;
    item->division = division;
    item->input = row->input;
    item->uscc = uscc;
    if (division.code == 0)
        complain(planner, row->number, COLUMN_DIVISION, t_field_required());
    else if (!may_edit(planner, division) || division_level(division) < DIVISION_DISTRICT || !is_known)
        complain(planner, row->number, COLUMN_DIVISION, t_unit_bad_division());
    if (row->input.kind == 0)
        complain(planner, row->number, COLUMN_KIND, t_unit_bad_kind());
    if (row->input.name.len == 0)
        complain(planner, row->number, COLUMN_NAME, t_field_required());
    if (row->input.is_closed)
        complain(planner, row->number, COLUMN_IS_CLOSED, t_import_new_is_closed());
    return check(planner, item);
}

static bool plan_row(struct planner *planner, const struct import_row *row, struct import_item *item)
{
    struct unit_by_id unit;
    bool found;
    struct str uscc = uscc_normal(planner->arena, row->input.uscc);
    item->number = row->number;
    if (!find(planner, row, uscc, &found, &unit))
        return false;
    if (!found && row->district == 0)
        return plan_new(planner, row, uscc, item);
    if (found && row->district == 0 && !may_edit(planner, unit.division)) {
        complain(planner, row->number, COLUMN_USCC, t_uscc_double(unit.name));
        return true;
    }
    if (!found || !may_edit(planner, unit.division) || unit.kind >= UNIT_VILLAGE) {
        complain(planner, row->number, COLUMN_KEY, t_import_no_such_unit());
        return true;
    }
    return plan_change(planner, row, &unit, item);
}

/* --- what it does to blank spots, and the digest ---------------------------------------------------------------- */

static bool count_spots(struct planner *planner, const struct import_item *item)
{
    const struct book *book = planner->world->book;
    struct coverage_of_unit_rows rows = { 0 };
    struct coverage_of_unit_args args = { item->district, item->id };
    struct unit_figures figures = unit_figures_of(item->kind, item->division, &item->input);
    if (item->id.n != 0 && !coverage_of_unit(planner->world->db, &args, planner->arena, &rows, planner->err))
        return false;
    for (ptrdiff_t i = 0; i < book->line_count; i++) {
        struct line line = book->lines[i].line;
        int64_t before = 0;
        enum coverage_form form = COVERAGE_NONE;
        for (ptrdiff_t k = 0; k < rows.n; k++) {
            if (rows.at[k].line.n == line.n) {
                before = rows.at[k].due_rule;
                form = rows.at[k].form;
            }
        }
        bool was_due = before != 0, is_due = rules_due_still(book->rules, line, &figures, before) != 0;
        bool is_open = form == COVERAGE_NONE;
        planner->plan->opens[line.n] += is_open && is_due && !was_due;
        planner->plan->closes[line.n] += is_open && was_due && !is_due;
    }
    return true;
}

static void digest_bytes(struct planner *planner, const void *data, ptrdiff_t len)
{
    int64_t length = len;
    crypto_generichash_update(&planner->digest, (const unsigned char *)&length, sizeof length);
    if (len > 0)
        crypto_generichash_update(&planner->digest, data, (unsigned long long)len);
}

static void digest_item(struct planner *planner, const struct import_item *item)
{
    enum { FIELDS_BYTES_MAX = 1 << 20 }; /* all of a row's cells are less */
    int64_t numbers[] = { item->number, item->fate, item->district, item->id.n, item->version, item->kind,
                          item->division.code };
    struct arena_mark mark = arena_mark(planner->arena);
    struct buf fields = buf_make(planner->arena, FIELDS_BYTES_MAX);
    import_fields_write(&fields, &item->input);
    digest_bytes(planner, numbers, sizeof numbers);
    digest_bytes(planner, fields.data, fields.len);
    digest_bytes(planner, item->uscc.data, item->uscc.len);
    arena_rewind(planner->arena, mark);
}

static bool count_item(struct planner *planner, const struct import_item *item)
{
    struct import_plan *plan = planner->plan;
    plan->added += item->fate == IMPORT_NEW;
    plan->changed += item->fate == IMPORT_CHANGE;
    plan->same += item->fate == IMPORT_SAME;
    if (item->fate == IMPORT_SAME)
        return true;
    digest_item(planner, item);
    return count_spots(planner, item);
}

/* --- doubles in the file ---------------------------------------------------------------------------------------- */

static int by_uscc(const void *a, const void *b)
{
    const struct import_item *x = *(const struct import_item *const *)a, *y = *(const struct import_item *const *)b;
    int order = str_compare(x->uscc, y->uscc);
    if (order == 0)
        order = (x->district > y->district) - (x->district < y->district);
    return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

static int by_unit(const void *a, const void *b)
{
    const struct import_item *x = *(const struct import_item *const *)a, *y = *(const struct import_item *const *)b;
    int order = (x->id.n > y->id.n) - (x->id.n < y->id.n);
    return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

static int compare_names(const struct import_item *x, const struct import_item *y)
{
    if (x->division.code != y->division.code)
        return x->division.code < y->division.code ? -1 : 1;
    return x->kind != y->kind ? (x->kind > y->kind) - (x->kind < y->kind) : str_compare(x->input.name, y->input.name);
}

static int by_name(const void *a, const void *b)
{
    const struct import_item *x = *(const struct import_item *const *)a, *y = *(const struct import_item *const *)b;
    int order = compare_names(x, y);
    return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

/* New rows that nothing but the name tells apart, sorted by it. */
struct nameless {
    struct planner *planner;
    const struct import_item **at;
    ptrdiff_t n;
    struct division division;
};

/* A unit of the register: is it also among the rows? */
static bool look_for_name(void *self, const struct unit_name_each *unit, struct error *err)
{
    struct nameless *rows = self;
    struct import_item wanted = { .division = rows->division, .kind = unit->kind, .input = { .name = unit->name } };
    ptrdiff_t low = 0, high = rows->n;
    (void)err;
    while (low < high) {
        ptrdiff_t middle = low + (high - low) / 2;
        if (compare_names(rows->at[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < rows->n && compare_names(rows->at[low], &wanted) == 0)
        complain(rows->planner, rows->at[low]->number, COLUMN_NAME, t_import_known_name());
    return true;
}

static bool find_names(struct planner *planner)
{
    struct import_plan *plan = planner->plan;
    struct nameless rows = { planner, arena_new(planner->arena, const struct import_item *, plan->n), 0, { -1 } };
    for (ptrdiff_t i = 0; i < plan->n; i++)
        if (plan->at[i].fate == IMPORT_NEW && plan->at[i].uscc.len == 0 && plan->at[i].input.name.len > 0)
            rows.at[rows.n++] = &plan->at[i];
    qsort(rows.at, (size_t)rows.n, sizeof *rows.at, by_name); /* NOLINT(bugprone-sizeof-expression) - pointers are sorted */
    for (ptrdiff_t i = 0; i < rows.n; i++) {
        struct unit_name_each_args args = { .district = division_district(rows.at[i]->division), .division = rows.at[i]->division };
        if (i > 0 && compare_names(rows.at[i - 1], rows.at[i]) == 0)
            complain(planner, rows.at[i]->number, COLUMN_NAME, t_import_double_name(rows.at[i - 1]->number));
        if (args.division.code == rows.division.code)
            continue;
        rows.division = args.division;
        if (!unit_name_each(planner->world->db, &args, planner->arena, look_for_name, &rows, planner->err))
            return false;
    }
    return true;
}

static void find_doubles(struct planner *planner)
{
    struct import_plan *plan = planner->plan;
    const struct import_item **sorted = arena_new(planner->arena, const struct import_item *, plan->n);
    for (ptrdiff_t i = 0; i < plan->n; i++)
        sorted[i] = &plan->at[i];
    qsort(sorted, (size_t)plan->n, sizeof *sorted, by_uscc); /* NOLINT(bugprone-sizeof-expression) - pointers are sorted */
    for (ptrdiff_t i = 1; i < plan->n; i++)
        if (uscc_check(sorted[i]->uscc) == USCC_OK && sorted[i]->district == sorted[i - 1]->district &&
            str_equal(sorted[i]->uscc, sorted[i - 1]->uscc))
            complain(planner, sorted[i]->number, COLUMN_USCC, t_import_double_code(sorted[i - 1]->number));
    qsort(sorted, (size_t)plan->n, sizeof *sorted, by_unit); /* NOLINT(bugprone-sizeof-expression) - pointers are sorted */
    for (ptrdiff_t i = 1; i < plan->n; i++)
        if (sorted[i]->id.n != 0 && sorted[i]->id.n == sorted[i - 1]->id.n &&
            (sorted[i]->uscc.len == 0 || !str_equal(sorted[i]->uscc, sorted[i - 1]->uscc)))
            complain(planner, sorted[i]->number, COLUMN_NAME, t_import_double_row(sorted[i - 1]->number));
}

/* Rows of one place lie side by side in the indexes: written together they cost the writer a third less (measured). */
static int by_division(const void *a, const void *b)
{
    const struct import_item *x = a, *y = b;
    int order = (x->division.code > y->division.code) - (x->division.code < y->division.code);
    return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

bool import_plan(const struct import_world *world, const struct import_sheet *sheet, struct arena *arena,
                 import_progress *progress, void *self, struct import_plan *ret, struct import_problems *problems,
                 struct error *err)
{
    struct planner *planner = arena_new(arena, struct planner, 1);
    *planner = (struct planner){ .world = world,       .sheet = sheet, .arena = arena, .plan = ret,
                                 .problems = problems, .err = err,     .found = { .arena = arena } };
    *ret = (struct import_plan){ .at = arena_new(arena, struct import_item, sheet->n) };
    for (int i = 0; i < UNIT_COLUMN_COUNT; i++)
        planner->fields[i] = unit_column_field((enum unit_column)i);
    crypto_generichash_init(&planner->digest, NULL, 0, IMPORT_DIGEST_BYTES);
    for (ptrdiff_t i = 0; i < sheet->n; i++) {
        struct import_item *item = &ret->at[ret->n];
        int64_t before = problems->total;
        if (i % PROGRESS_ROWS == 0 && !progress(self, i, sheet->n, err))
            return false;
        planner->unread = sheet->at[i].unread;
        if (!plan_row(planner, &sheet->at[i], item))
            return false;
        ret->n++;
        if (problems->total == before && planner->unread == 0 && !count_item(planner, item))
            return false;
    }
    planner->unread = 0;
    find_doubles(planner);
    if (!find_names(planner))
        return false;
    qsort(ret->at, (size_t)ret->n, sizeof *ret->at, by_division);
    crypto_generichash_final(&planner->digest, ret->digest, IMPORT_DIGEST_BYTES);
    return true;
}
