#include "base/parse.h"
#include "base/time.h"
#include "base/utf8.h"
#include "features/accounts/rules.h"
#include "features/network/uscc.h"
#include "fuzz/fuzz.h"
#include "platform/access/scope.h"
#include "platform/sheet/xlsx_read.h"

#include <string.h>

static void check_utf8(struct str s)
{
    bool is_valid = true;
    ptrdiff_t count = 0;
    for (ptrdiff_t at = 0; at < s.len; count++) {
        char bytes[4] = { 0 };
        ptrdiff_t from = at;
        int32_t code = utf8_next(s, &at);
        is_valid = is_valid && code >= 0;
        if (at <= from || at > s.len)
            BUG("utf8_next from %td to %td of %td", from, at, s.len);
        if (code >= 0 && !str_equal(str_slice(s, from, at), (struct str){ bytes, utf8_encode(code, bytes) }))
            BUG("U+%04X is written differently", (unsigned)code);
    }
    if (is_valid != utf8_is_valid(s) || count != utf8_count(s))
        BUG("valid %d, %td code points", is_valid, count);
    (void)utf8_has_control(s);
}

/* A code is normal after it was made normal once, and its last sign is the one that its others ask for. */
static void check_uscc(struct str input, struct arena *arena)
{
    struct str normal = uscc_normal(arena, input);
    if (!str_equal(uscc_normal(arena, normal), normal))
        BUG("normal, and yet not: %.*s", STR_ARG(normal));
    if (uscc_check(normal) == USCC_OK &&
        uscc_check_character(str_slice(normal, 0, USCC_LENGTH - 1)) != normal.data[USCC_LENGTH - 1])
        BUG("another check character: %.*s", STR_ARG(normal));
}

static void check_sheet_number(struct str input, struct arena *arena)
{
    struct date date, again;
    int64_t n, same;
    if (xlsx_integer(input, &n) && (!xlsx_integer(str_int(arena, n), &same) || same != n))
        BUG("%lld reads back as another", (long long)n);
    if (xlsx_date(input, false, &date) && (!date_parse(date_iso(arena, date), &again) || again.days != date.days))
        BUG("day %d reads back as another", date.days);
    (void)xlsx_date(input, true, &date);
}

void fuzz_one(struct str input, struct arena *arena)
{
    struct date date;
    struct division division, again;
    struct line line;
    int64_t n;
    check_utf8(input);
    check_uscc(input, arena);
    check_sheet_number(input, arena);
    if (login_is_valid(input) && (!utf8_is_valid(input) || memchr(input.data, ' ', (size_t)input.len)))
        BUG("a login that is none");
    if (date_parse(input, &date) && !str_equal(date_iso(arena, date), input))
        BUG("a date that is written differently");
    if (parse_int(input, -5, 99999, &n) && (n < -5 || n > 99999))
        BUG("%lld is outside", (long long)n);
    (void)parse_int(input, INT64_MIN, INT64_MAX, &n);
    if (line_parse(input, &line) && (line.n < 0 || line.n > LINE_MAX))
        BUG("line %d", line.n);
    if (!division_parse(input, &division))
        return;
    if (!division_parse(division_text(arena, division), &again) || again.code != division.code)
        BUG("division %lld reads back as another", (long long)division.code);
    if (!division_contains(division_parent(division), division))
        BUG("division %lld is outside its parent", (long long)division.code);
}
