#include "fuzz/workbook.h"

#include "base/buf.h"

#include <zlib.h>

#define TYPES STR("<Types><Override ContentType=\"main+xml\"/></Types>")
#define BOOK STR("<workbook><sheets><sheet id=\"1\"/></sheets></workbook>")
#define RELATIONS STR("<Relationships><Relationship Id=\"1\" Target=\"s.xml\"/></Relationships>")

enum { FILE_BYTES = 1 << 20, PARTS = 5 };

struct part {
    struct str name, bytes;
};

static void put_number(struct buf *out, uint64_t n, int bytes)
{
    for (int i = 0; i < bytes; i++)
        buf_char(out, (char)(n >> (8 * i)));
}

/* What the header of a part and its row in the list at the end have alike; nothing is packed. */
static void put_part(struct buf *out, const struct part *part)
{
    uint64_t len = (uint64_t)part->bytes.len;
    put_number(out, 20, 2); /* version */
    put_number(out, 0, 8);  /* flags, method, time */
    put_number(out, crc32(0, (const unsigned char *)part->bytes.data, (unsigned)len), 4);
    put_number(out, len, 4);
    put_number(out, len, 4);
    put_number(out, (uint64_t)part->name.len, 2);
    put_number(out, 0, 2);
}

static struct str zip(struct arena *arena, const struct part parts[PARTS])
{
    struct buf out = buf_make(arena, FILE_BYTES), list = buf_make(arena, FILE_BYTES);
    for (int i = 0; i < PARTS; i++) {
        uint64_t at = (uint64_t)out.len;
        put_number(&out, 0x04034b50, 4);
        put_part(&out, &parts[i]);
        buf_put(&out, parts[i].name);
        buf_put(&out, parts[i].bytes);
        put_number(&list, 0x02014b50, 4);
        put_number(&list, 20, 2);
        put_part(&list, &parts[i]);
        put_number(&list, 0, 8); /* comment, disk, attributes */
        put_number(&list, 0, 2);
        put_number(&list, at, 4);
        buf_put(&list, parts[i].name);
    }
    uint64_t at = (uint64_t)out.len;
    buf_put(&out, buf_str(&list));
    put_number(&out, 0x06054b50, 4);
    put_number(&out, 0, 4);
    put_number(&out, PARTS, 2);
    put_number(&out, PARTS, 2);
    put_number(&out, (uint64_t)list.len, 4);
    put_number(&out, at, 4);
    put_number(&out, 0, 2);
    return buf_str(&out);
}

static struct str zipped(struct str input, struct arena *arena)
{
    struct str sheet, strings, book;
    bool has_strings = str_cut(input, '\0', &sheet, &input);
    bool has_book = str_cut(input, '\0', &strings, &book);
    const struct part parts[PARTS] = {
        { STR("[Content_Types].xml"), TYPES },
        { STR("xl/_rels/workbook.xml.rels"), RELATIONS },
        { STR("xl/workbook.xml"), has_book ? book : BOOK },
        { STR("xl/sharedStrings.xml"), has_strings ? strings : STR("<sst/>") },
        { STR("xl/s.xml"), sheet },
    };
    return zip(arena, parts);
}

struct str workbook_of(struct str input, struct arena *arena)
{
    if (str_starts(input, STR("PK")))
        return input;
    return input.len <= FILE_BYTES / 2 ? zipped(input, arena) : (struct str){ 0 };
}
