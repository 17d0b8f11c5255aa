/*
 * stored.c - what a job keeps between its steps, and what it says.  A row of an older program, or one that was damaged, is
 * refused or reads as something; it never stops the server on somebody's page.
 */
#include "features/network/import.h"
#include "fuzz/fuzz.h"
#include "platform/jobs/message.h"
#include "platform/limits.h"

#include "gen/jobs_texts.h"
#include "gen/network_texts.h"

static void say(struct arena *arena, struct text text)
{
    for (enum lang lang = LANG_ZH; lang < LANG_COUNT; lang++)
        (void)text_in(arena, lang, text);
}

static void read_message(struct str line, const struct text_key *const *keys, int count, struct arena *arena)
{
    struct text text = message_read(keys, count, line);
    if (!text.key)
        return;
    say(arena, text);
    struct str written = message_write(arena, text);
    if (!str_equal(message_write(arena, message_read(keys, count, written)), written))
        BUG("%s reads back as another", text.key->name);
}

static void read_sheet(struct str input, struct arena *arena)
{
    struct import_sheet sheet, again;
    struct error err;
    if (!import_sheet_read(arena, input, &sheet, &err))
        return;
    struct str written = import_sheet_write(arena, &sheet);
    if (!import_sheet_read(arena, written, &again, &err) || !str_equal(import_sheet_write(arena, &again), written))
        BUG("a sheet of %td rows reads back as another", sheet.n);
}

static void read_report(struct str input, struct arena *arena)
{
    struct import_report *report = arena_new(arena, struct import_report, 1);
    struct error err;
    if (!import_report_read(arena, input, report, &err))
        return;
    if (report->problem_count > IMPORT_SHOWN_MAX || report->cell_count > IMPORT_SHOWN_MAX)
        BUG("%d problems, %d cells", report->problem_count, report->cell_count);
    for (int i = 0; i < report->problem_count; i++)
        say(arena, report->problems[i].text);
    for (int i = 0; i < report->cell_count; i++)
        (void)unit_column_title((enum unit_column)report->cells[i].column);
}

void fuzz_one(struct str input, struct arena *arena)
{
    read_message(input, jobs_text_keys, jobs_text_key_count, arena);
    read_message(input, network_text_keys, network_text_key_count, arena);
    read_sheet(input, arena);
    read_report(input, arena);
}
