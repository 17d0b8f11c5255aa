/*
 * unit_sheet.h - the columns of units in a workbook, for export, template and import alike.
 *
 * A column that is a field of the unit's form has the field's label as its title, in the language of whoever exports;
 * the import knows the titles of both languages.  The row key, "440606-7341", and the version that was exported are
 * hidden columns: with them an edited file finds its units again, and shows what others have changed meanwhile.
 */
#pragma once
#include "features/network/actions.h"
#include "platform/sheet/xlsx_write.h"
#include "platform/web/forms.h"

enum unit_column {
    COLUMN_KEY,
    COLUMN_VERSION,
    COLUMN_KIND,
    COLUMN_DIVISION,
    COLUMN_PLACE, /* the division's name, for people: not read */
    COLUMN_NAME,
    COLUMN_USCC,
    COLUMN_USCC_MISSING,
    COLUMN_INDUSTRY,
    COLUMN_EMPLOYEES,
    COLUMN_WOMEN,
    COLUMN_YOUTH,
    COLUMN_LEAGUE_MEMBERS,
    COLUMN_DISABLED,
    COLUMN_CONTACT,
    COLUMN_IS_CLOSED,
    UNIT_COLUMN_COUNT
};

const struct text_key *unit_column_title(enum unit_column column);
/* Of unit_form; NULL: the column is none of its fields. */
const struct field *unit_column_field(enum unit_column column);
/* The column of that field name; -1: none. */
int unit_column_of_field(struct str name);
/* The column whose title this is, in any language; -1: none. */
int unit_column_of_title(struct str title);

/* "是": how a closed unit is marked. */
struct text unit_yes_no(bool is_yes);
bool unit_same_field(const struct field *field, const struct unit_input *a, const struct unit_input *b);
struct str unit_field_text(struct arena *arena, enum lang lang, const struct field *field,
                           const struct unit_input *input);

/* Where the column stands in a workbook with or without the contacts of persons. */
int unit_column_place(enum unit_column column, bool with_contacts);
bool unit_sheet_begin(struct arena *arena, enum lang lang, bool with_contacts, struct sheet_writer **ret,
                      struct error *err) MUST_USE;
