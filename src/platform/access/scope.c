#include "platform/access/scope.h"

#include "base/parse.h"

/* How many codes one division of each level spans. */
static const int64_t span[] = {
    [DIVISION_NATION] = INT64_C(1000000000000), [DIVISION_PROVINCE] = INT64_C(10000000000),
    [DIVISION_CITY] = 100000000,                [DIVISION_DISTRICT] = 1000000,
    [DIVISION_TOWN] = 1000,                     [DIVISION_VILLAGE] = 1,
};

enum division_level division_level(struct division division)
{
    enum division_level level = DIVISION_NATION;
    while (level < DIVISION_VILLAGE && division.code % span[level] != 0)
        level++;
    return level;
}

struct division division_at(struct division division, enum division_level level)
{
    return (struct division){ division.code - division.code % span[level] };
}

struct division division_parent(struct division division)
{
    enum division_level level = division_level(division);
    return division_at(division, level == DIVISION_NATION ? level : level - 1);
}

struct division division_last(struct division division)
{
    return (struct division){ division.code + span[division_level(division)] - 1 };
}

int64_t division_district(struct division division)
{
    return division.code / span[DIVISION_DISTRICT];
}

bool division_contains(struct division subtree, struct division division)
{
    return division.code >= subtree.code && division.code <= division_last(subtree).code;
}

bool division_parse(struct str s, struct division *ret)
{
    int64_t code;
    if (str_equal(s, STR("0"))) {
        *ret = (struct division){ 0 };
        return true;
    }
    if (s.len != 2 && s.len != 4 && s.len != 6 && s.len != 9 && s.len != 12)
        return false;
    if (s.data[0] == '-' || !parse_int(s, 1, INT64_C(999999999999), &code))
        return false;
    for (ptrdiff_t digits = s.len; digits < 12; digits++)
        code *= 10;
    *ret = (struct division){ code };
    return true;
}

struct str division_text(struct arena *arena, struct division division)
{
    static const int digits[] = { 1, 2, 4, 6, 9, 12 };
    enum division_level level = division_level(division);
    int64_t rest = division.code / span[level];
    char *text = arena_new(arena, char, digits[level]); /* by hand: a page has hundreds of them */
    for (int i = digits[level] - 1; i >= 0; i--, rest /= 10)
        text[i] = (char)('0' + rest % 10);
    return (struct str){ text, digits[level] };
}

bool line_parse(struct str s, struct line *ret)
{
    int64_t n;
    if (!parse_int(s, 0, LINE_MAX, &n))
        return false;
    *ret = (struct line){ (int32_t)n };
    return true;
}

struct scope scope_of(struct division subtree, struct line line)
{
    return (struct scope){ .from = subtree,
                           .to = division_last(subtree),
                           .line_from = { line.n == 0 ? 1 : line.n },
                           .line_to = { line.n == 0 ? LINE_MAX : line.n } };
}

bool scope_contains(struct scope scope, struct division division, struct line line)
{
    return division.code >= scope.from.code && division.code <= scope.to.code && line.n >= scope.line_from.n &&
           line.n <= scope.line_to.n;
}
