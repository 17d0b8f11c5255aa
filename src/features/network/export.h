/*
 * export.h - the network's lists as workbooks.
 */
#pragma once
#include "features/network/unit_sheet.h"

#include "gen/network_queries.h"

/* More units than this are written in the background. */
enum { EXPORT_DIRECT_MAX = 20000 };

/* Contacts that do not open: their cells say so (contact_unread()), and the rest is whole. */
struct export_unread {
    int64_t n;
    struct error first;
};

struct export_range {
    struct scope scope;
    int64_t kind; /* enum unit_kind; 0: all that an import takes */
    enum lang lang;
    struct date today;
    int64_t max; /* rows */
    bool with_contacts; /* for whoever may have them (contacts.h); else there is no such column */
    struct export_unread *unread; /* they are counted here; NULL: nobody asks */
    const struct unit_list_rows *found; /* by a search: these and no others; NULL: all */
};

/* Called now and then; false: stop. */
typedef bool export_progress(void *self, int64_t done, struct error *err);

/* ERROR_LIMIT: there are more rows than max. Villages, towns and districts as such are left out: nobody edits them. */
bool export_units(struct db *db, const struct export_range *range, struct arena *arena, export_progress *progress,
                  void *self, struct str *ret_file, struct error *err) MUST_USE;
/* Once for a workbook. */
void export_log_unread(const struct export_unread *unread);
