#include "features/clocks/workday_text.h"

#include "base/buf.h"

#include "gen/clocks_texts.h"

enum { YEAR_DAYS = 366, MARK_NONE = 0, MARK_HOLIDAY, MARK_WORK };

struct reading {
    int year;
    int32_t first, days; /* of the year */
    unsigned char marks[YEAR_DAYS];
    struct problems *problems;
    struct str field;
};

/* The next word of a line; empty at its end. */
static struct str next_word(struct str *line)
{
    static const char blanks[] = " \t\r";
    ptrdiff_t from = 0;
    while (from < line->len && (strchr(blanks, line->data[from]) || line->data[from] == '~'))
        from++;
    ptrdiff_t to = from;
    while (to < line->len && !strchr(blanks, line->data[to]) && line->data[to] != '~')
        to++;
    struct str word = str_slice(*line, from, to);
    *line = str_slice(*line, to, line->len);
    return word;
}

static bool is_between(struct str word)
{
    static const char *const words[] = { "至", "到", "to", "-", "–", "—" };
    for (ptrdiff_t i = 0; i < COUNT_OF(words); i++)
        if (str_equal(word, str_of(words[i])))
            return true;
    return false;
}

static int mark_of(struct str word)
{
    if (str_equal(word, STR("休")) || str_equal(word, STR("off")))
        return MARK_HOLIDAY;
    return str_equal(word, STR("班")) || str_equal(word, STR("work")) ? MARK_WORK : MARK_NONE;
}

static bool refuse(struct reading *reading, struct text text)
{
    return problem_add(reading->problems, reading->field, text);
}

static bool mark_days(struct reading *reading, int64_t number, struct date from, struct date to, int mark)
{
    for (int32_t day = from.days; day <= to.days; day++) {
        unsigned char *at = &reading->marks[day - reading->first];
        bool is_weekday = workdays_is_weekday((struct date){ day });
        if (mark == MARK_WORK && is_weekday)
            return refuse(reading, t_workdays_line_weekday(number, (struct date){ day }));
        if (*at != MARK_NONE && *at != mark)
            return refuse(reading, t_workdays_line_both(number, (struct date){ day }));
        *at = (unsigned char)mark;
    }
    return true;
}

static bool read_line(struct reading *reading, int64_t number, struct str line)
{
    struct date from, to;
    struct str word = next_word(&line);
    if (word.len == 0)
        return true;
    if (!date_parse(word, &from))
        return refuse(reading, t_workdays_line_form(number));
    word = next_word(&line);
    if (is_between(word))
        word = next_word(&line);
    bool is_run = date_parse(word, &to);
    if (is_run)
        word = next_word(&line);
    else
        to = from;
    int mark = mark_of(word);
    if (mark == MARK_NONE || next_word(&line).len > 0)
        return refuse(reading, t_workdays_line_form(number));
    if (from.days < reading->first || to.days >= reading->first + reading->days)
        return refuse(reading, t_workdays_line_year(number, str_int(reading->problems->arena, reading->year)));
    if (to.days < from.days)
        return refuse(reading, t_workdays_line_backwards(number));
    return mark_days(reading, number, from, to, mark);
}

bool workday_text_read(struct str text, int year, struct arena *arena, struct problems *problems, struct str field,
                       struct workday_exceptions *ret)
{
    struct date first = date_of_civil((struct civil){ year, 1, 1 }), end = date_of_civil((struct civil){ year + 1, 1, 1 });
    struct reading reading = { .year = year, .first = first.days, .days = end.days - first.days, .problems = problems,
                               .field = field };
    struct str line, unused;
    for (int64_t number = 1; text.len > 0; number++) {
        (void)str_cut(text, '\n', &line, &text);
        (void)str_cut(line, '#', &line, &unused);
        if (!read_line(&reading, number, line))
            return false;
    }
    *ret = (struct workday_exceptions){ arena_new(arena, struct workdays_exception, YEAR_DAYS), 0 };
    for (int32_t day = 0; day < reading.days; day++) {
        struct workdays_exception exception = { { first.days + day }, reading.marks[day] == MARK_WORK };
        if (reading.marks[day] != MARK_NONE && exception.is_working != workdays_is_weekday(exception.date))
            ret->at[ret->n++] = exception;
    }
    return true;
}

struct str workday_text_write(struct arena *arena, const struct workday_exceptions *exceptions)
{
    struct buf out = buf_make(arena, YEAR_DAYS * 20);
    for (ptrdiff_t i = 0; i < exceptions->n; i++)
        buf_format(&out, "%.*s %s\n", STR_ARG(date_iso(arena, exceptions->at[i].date)), exceptions->at[i].is_working ? "班" : "休");
    return buf_str(&out);
}

struct workday_exceptions workday_exceptions_of(const struct workdays *workdays, int year, struct arena *arena)
{
    struct workday_exceptions all = { arena_new(arena, struct workdays_exception, YEAR_DAYS), 0 };
    struct date date = date_of_civil((struct civil){ year, 1, 1 }), end = date_of_civil((struct civil){ year + 1, 1, 1 });
    for (; date.days < end.days; date.days++) {
        bool is_working = workdays_is_working(workdays, date);
        if (is_working != workdays_is_weekday(date))
            all.at[all.n++] = (struct workdays_exception){ date, is_working };
    }
    return all;
}
