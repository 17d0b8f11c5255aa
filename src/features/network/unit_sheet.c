#include "features/network/unit_sheet.h"

#include "features/network/labels.h"
#include "features/network/pages.h"

#include "gen/network_texts.h"

/* To add a column: one row here, its place in the enum, and a line in the exporter (export.c). */
static const struct {
    const char *field; /* of unit_form; NULL: none */
    const struct text_key *title;
    int width;
    bool is_hidden;
} columns[UNIT_COLUMN_COUNT] = {
    [COLUMN_KEY] = { NULL, &text_key_sheet_key, 24, true },
    [COLUMN_VERSION] = { "version", &text_key_sheet_version, 8, true },
    [COLUMN_KIND] = { "kind", &text_key_label_kind, 14, false },
    [COLUMN_DIVISION] = { "division", &text_key_sheet_division, 16, false },
    [COLUMN_PLACE] = { NULL, &text_key_sheet_place, 22, false },
    [COLUMN_NAME] = { "name", &text_key_label_name, 36, false },
    [COLUMN_USCC] = { "uscc", &text_key_label_uscc, 22, false },
    [COLUMN_USCC_MISSING] = { "uscc_missing", &text_key_label_uscc_missing, 18, false },
    [COLUMN_INDUSTRY] = { "industry", &text_key_label_industry, 14, false },
    [COLUMN_EMPLOYEES] = { "employees", &text_key_label_employees, 10, false },
    [COLUMN_WOMEN] = { "women", &text_key_label_women, 12, false },
    [COLUMN_YOUTH] = { "youth", &text_key_label_youth, 12, false },
    [COLUMN_LEAGUE_MEMBERS] = { "league_members", &text_key_label_league_members, 12, false },
    [COLUMN_DISABLED] = { "disabled", &text_key_label_disabled, 12, false },
    [COLUMN_CONTACT] = { "contact", &text_key_label_contact, 24, false },
    [COLUMN_IS_CLOSED] = { "is_closed", &text_key_label_is_closed, 12, false },
};

const struct text_key *unit_column_title(enum unit_column column)
{
    return columns[column].title;
}

const struct field *unit_column_field(enum unit_column column)
{
    for (int i = 0; i < unit_form.field_count && columns[column].field; i++)
        if (strcmp(unit_form.fields[i].name, columns[column].field) == 0)
            return &unit_form.fields[i];
    return NULL;
}

int unit_column_of_field(struct str name)
{
    for (int column = 0; column < UNIT_COLUMN_COUNT; column++)
        if (columns[column].field && str_equal(str_of(columns[column].field), name))
            return column;
    return -1;
}

int unit_column_of_title(struct str title)
{
    for (int column = 0; column < UNIT_COLUMN_COUNT; column++)
        for (int lang = 0; lang < LANG_COUNT; lang++)
            if (str_equal(columns[column].title->forms[lang], title))
                return column;
    return -1;
}

struct text unit_yes_no(bool is_yes)
{
    return is_yes ? t_sheet_yes() : t_sheet_no();
}

bool unit_same_field(const struct field *field, const struct unit_input *a, const struct unit_input *b)
{
    const void *x = (const char *)a + field->offset, *y = (const char *)b + field->offset;
    switch (field->type) {
    case FIELD_TEXT:
        return str_equal(*(const struct str *)x, *(const struct str *)y);
    case FIELD_INT:
    case FIELD_CHOICE:
        return *(const int64_t *)x == *(const int64_t *)y;
    case FIELD_CHECK:
        return *(const bool *)x == *(const bool *)y;
    case FIELD_DIVISION:
        return ((const struct division *)x)->code == ((const struct division *)y)->code;
    case FIELD_NOTE:
    case FIELD_SECRET:
    case FIELD_NAMED:
    case FIELD_DATE:
        break;
    }
    BUG("no such column: %s", field->name);
}

struct str unit_field_text(struct arena *arena, enum lang lang, const struct field *field,
                           const struct unit_input *input)
{
    const void *place = (const char *)input + field->offset;
    switch (field->type) {
    case FIELD_TEXT:
        return *(const struct str *)place;
    case FIELD_INT:
        return str_int(arena, *(const int64_t *)place);
    case FIELD_CHOICE:
        return text_in(arena, lang, label_kind((enum unit_kind)*(const int64_t *)place));
    case FIELD_CHECK:
        return text_in(arena, lang, unit_yes_no(*(const bool *)place));
    case FIELD_DIVISION:
        return division_text(arena, *(const struct division *)place);
    case FIELD_NOTE:
    case FIELD_SECRET:
    case FIELD_NAMED:
    case FIELD_DATE:
        break;
    }
    BUG("no such column: %s", field->name);
}

int unit_column_place(enum unit_column column, bool with_contacts)
{
    return (int)column - (!with_contacts && column > COLUMN_CONTACT);
}

bool unit_sheet_begin(struct arena *arena, enum lang lang, bool with_contacts, struct sheet_writer **ret,
                      struct error *err)
{
    struct sheet_column made[UNIT_COLUMN_COUNT];
    int n = 0;
    for (int i = 0; i < UNIT_COLUMN_COUNT; i++)
        if (i != COLUMN_CONTACT || with_contacts)
            made[n++] = (struct sheet_column){ columns[i].title->forms[lang], columns[i].width, columns[i].is_hidden };
    return sheet_begin(arena, text_in(arena, lang, t_units_title()), made, n, ret, err);
}
