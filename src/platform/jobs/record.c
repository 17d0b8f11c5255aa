#include "platform/jobs/record.h"

#include "base/parse.h"

enum { FIELD_END = 0x1F, RECORD_END = 0x1E };

void record_int(struct buf *out, int64_t n)
{
    buf_int(out, n);
    buf_char(out, FIELD_END);
}

static bool has_control(struct str text)
{
    for (ptrdiff_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] < ' ')
            return true;
    return false;
}

void record_text(struct buf *out, struct str text)
{
    if (!has_control(text)) {
        buf_put(out, text);
    } else {
        for (ptrdiff_t i = 0; i < text.len; i++)
            buf_char(out, (unsigned char)text.data[i] < ' ' ? ' ' : text.data[i]);
    }
    buf_char(out, FIELD_END);
}

void record_line(struct buf *out, struct str message)
{
    buf_put(out, message);
}

void record_end(struct buf *out)
{
    buf_char(out, RECORD_END);
}

bool records_next(struct records *records)
{
    if (records->rest.len == 0 || records->bad)
        return false;
    if (!str_cut(records->rest, RECORD_END, &records->record, &records->rest))
        records->bad = true;
    return !records->bad;
}

struct str records_text(struct records *records)
{
    struct str field;
    if (!str_cut(records->record, FIELD_END, &field, &records->record))
        records->bad = true;
    return !records->bad ? field : (struct str){ 0 };
}

int64_t records_int(struct records *records)
{
    int64_t n = 0;
    struct str text = records_text(records);
    if (!records->bad && !parse_int(text, INT64_MIN, INT64_MAX, &n))
        records->bad = true;
    return n;
}

struct str records_line(struct records *records)
{
    struct str line = records->record;
    records->record = (struct str){ 0 };
    return line;
}
