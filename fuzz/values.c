#include "base/parse.h"
#include "base/time.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "platform/access/scope.h"

#include <string.h>

static void check_utf8(struct str s)
{
    bool is_valid = true;
    ptrdiff_t count = 0;
    for (ptrdiff_t at = 0; at < s.len; count++) {
        char bytes[4];
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

void fuzz_one(struct str input, struct arena *arena)
{
    struct date date;
    struct division division, again;
    struct line line;
    int64_t n;
    check_utf8(input);
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
