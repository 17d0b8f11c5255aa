/*
 * show.c - prints the page with hostile values in it.
 */
#include "sheet_pages.h"

#include <stdio.h>
#include "platform/web/html.h"

int main(void)
{
    struct arena arena = { 0 };
    struct str hostile = STR("\"><script>alert('1')</script>&amp;");
    const struct row_view rows[] = {
        { STR("甲"), url_path(&arena, "/units/%d", 7), 12345 },
        { hostile, url_with(&arena, url_path(&arena, "/units"), "q", hostile), 1 },
        { STR("nobody"), url_path(&arena, "/"), 0 },
    };
    const struct group_view groups[] = {
        { hostile, { rows, COUNT_OF(rows) } },
        { STR("empty"), { 0 } },
    };
    const struct sheet_view view = {
        .title = hostile,
        .note = STR("' onclick='x()\n</textarea>"),
        .home = url_with(&arena, url_path(&arena, "/"), "a", STR("1&2")),
        .groups = { groups, COUNT_OF(groups) },
        .is_open = true,
        .is_urgent = true,
        .day = date_of_civil((struct civil){ 2026, 11, 24 }),
    };
    struct buf out = buf_make(&arena, 1024 * 1024);
    struct html html = { .out = &out, .lang = LANG_ZH };
    sheet_page(&html, &view);
    fwrite(out.data, 1, (size_t)out.len, stdout);
    bool is_whole = !out.overflowed;
    arena_release(&arena);
    return is_whole ? 0 : 1;
}
