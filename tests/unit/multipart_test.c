/*
 * multipart_test.c - forms with a file: as browsers send them, and as nobody should.
 */
#include "platform/limits.h"
#include "platform/web/multipart.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define TYPE "multipart/form-data; boundary=----geheim"
#define FIELD(name, value) "------geheim\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define FILE_PART(name, value)                                                                              \
    "------geheim\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" name                       \
    "\"\r\nContent-Type: application/octet-stream\r\n\r\n" value "\r\n"
#define END "------geheim--\r\n"

static struct arena arena;

struct parsed {
    bool ok;
    struct params fields;
    struct upload upload;
    struct error err;
};

static struct parsed parse(struct str type, struct str body)
{
    struct parsed parsed = { 0 };
    /* a copy of its exact size, so that reading past the end is seen */
    struct str copy = str_copy(&arena, body);
    parsed.ok = multipart_parse(&arena, type, copy, &parsed.fields, &parsed.upload, &parsed.err);
    return parsed;
}

static void assert_str(struct str s, const char *expected)
{
    assert_string_equal(str_z(&arena, s), expected);
}

static void fields_and_a_file(void **state)
{
    (void)state;
    struct parsed parsed = parse(STR(TYPE), STR(FIELD("csrf", "abc") FILE_PART("C:\\台账\\名单.xlsx", "PK\r\n\r\n--x\0y")
                                                    FIELD("empty", "") FIELD("many", "一\r\n二") END));
    assert_true(parsed.ok);
    assert_int_equal(parsed.fields.n, 3);
    assert_str(param(&parsed.fields, "csrf"), "abc");
    assert_str(param(&parsed.fields, "many"), "一\r\n二");
    assert_str(parsed.upload.name, "名单.xlsx");
    assert_int_equal(parsed.upload.bytes.len, 11);
    assert_true(parse(STR("multipart/form-data; boundary=\"----geheim\"; charset=utf-8"), STR(END)).ok);
}

static void no_file_chosen(void **state)
{
    (void)state;
    struct parsed parsed = parse(STR(TYPE), STR(FILE_PART("", "") FIELD("csrf", "abc") END));
    assert_true(parsed.ok);
    assert_int_equal(parsed.upload.name.len, 0);
    assert_int_equal(parsed.upload.bytes.len, 0);
}

static void refused(void **state)
{
    (void)state;
    static const struct str types[] = {
        STR_INIT("multipart/form-data"), STR_INIT("text/plain; boundary=----geheim"), STR_INIT(""),
        STR_INIT("multipart/form-data; boundary="),
        STR_INIT("multipart/form-data; boundary=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
    };
    static const struct str bodies[] = {
        STR_INIT(""),
        STR_INIT("preamble\r\n" FIELD("a", "b") END),
        STR_INIT(FIELD("a", "b")),
        STR_INIT("------geheim"),
        STR_INIT("------geheim\r\n\r\n\r\n" END),
        STR_INIT("------geheimnis\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n" END),
        STR_INIT("------geheim\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nb\r\n" END),
        STR_INIT("------geheim\r\nContent-Disposition: form-data; name=\"a\r\n\r\nb\r\n" END),
        STR_INIT("------geheim\r\nContent-Disposition: form-data; nam=\"a\"\r\n\r\nb\r\n" END),
        STR_INIT("------geheim\r\nContent-Disposition: form-data; name=\"a\"\r\n"
                 "Content-Disposition: form-data; name=\"b\"\r\n\r\nb\r\n" END),
        STR_INIT(FIELD("a", "\xFF\xFE") END),
        STR_INIT(FIELD("a", "x\0y") END),
        STR_INIT(FIELD("\xC0", "x") END),
        STR_INIT(FILE_PART("one.xlsx", "1") FILE_PART("two.xlsx", "2") END),
        STR_INIT(FILE_PART("folder/", "1") END),
        STR_INIT(FILE_PART("a\tb.xlsx\x01", "1") END),
    };
    for (int i = 0; i < COUNT_OF(types); i++)
        assert_false(parse(types[i], STR(FIELD("a", "b") END)).ok);
    for (int i = 0; i < COUNT_OF(bodies); i++) {
        struct parsed parsed = parse(STR(TYPE), bodies[i]);
        if (parsed.ok)
            fail_msg("body %d was taken", i);
        assert_int_equal(parsed.err.kind, ERROR_INPUT);
    }
}

static void limits(void **state)
{
    (void)state;
    struct buf many = buf_make(&arena, 1 << 20);
    for (int i = 0; i <= LIMIT_PARAMS; i++)
        buf_put(&many, STR(FIELD("a", "b")));
    buf_put(&many, STR(END));
    assert_int_equal(parse(STR(TYPE), buf_str(&many)).err.kind, ERROR_LIMIT);
    struct buf large = buf_make(&arena, 1 << 20);
    buf_put(&large, STR("------geheim\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"));
    for (int i = 0; i <= LIMIT_FORM_BYTES; i++)
        buf_char(&large, 'x');
    buf_put(&large, STR("\r\n" END));
    assert_int_equal(parse(STR(TYPE), buf_str(&large)).err.kind, ERROR_LIMIT);
    struct buf headers = buf_make(&arena, 1 << 20);
    buf_put(&headers, STR("------geheim\r\nContent-Disposition: form-data; name=\"a\"\r\nX: "));
    for (int i = 0; i < 5000; i++)
        buf_char(&headers, 'x');
    buf_put(&headers, STR("\r\n\r\nb\r\n" END));
    assert_int_equal(parse(STR(TYPE), buf_str(&headers)).err.kind, ERROR_INPUT);
}

static void cut_and_flipped(void **state)
{
    (void)state;
    struct str whole = STR(FIELD("csrf", "abc") FILE_PART("名单.xlsx", "PK\r\n") END);
    for (ptrdiff_t len = 0; len < whole.len; len++)
        (void)parse(STR(TYPE), str_slice(whole, 0, len));
    for (ptrdiff_t at = 0; at < whole.len; at++) {
        char *bytes = (char *)(uintptr_t)str_copy(&arena, whole).data;
        bytes[at] = (char)(bytes[at] ^ 0x2F);
        (void)parse(STR(TYPE), (struct str){ bytes, whole.len });
    }
}

static int forget(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(fields_and_a_file, forget), cmocka_unit_test_teardown(no_file_chosen, forget),
        cmocka_unit_test_teardown(refused, forget),           cmocka_unit_test_teardown(limits, forget),
        cmocka_unit_test_teardown(cut_and_flipped, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
