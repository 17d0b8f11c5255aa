/*
 * html_test.c - values become harmless markup, and addresses stay inside this program.
 */
#include "platform/web/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void assert_str(struct str got, const char *wanted)
{
    struct str want = str_of(wanted);
    if (!str_equal(got, want))
        fail_msg("wanted '%s', got '%.*s'", wanted, STR_ARG(got));
}

static void test_values_are_escaped(void **state)
{
    static const struct {
        struct str value;
        const char *wanted;
    } cases[] = {
        { STR_INIT(""), "" },
        { STR_INIT("枢纽 plain"), "枢纽 plain" },
        { STR_INIT("&"), "&amp;" },
        { STR_INIT("<>\"'&"), "&lt;&gt;&quot;&#39;&amp;" },
        { STR_INIT("&amp;"), "&amp;amp;" },
        { STR_INIT("\"><script>x</script>"), "&quot;&gt;&lt;script&gt;x&lt;/script&gt;" },
        { STR_INIT("a<b"), "a&lt;b" },
        { STR_INIT("' onclick='"), "&#39; onclick=&#39;" },
    };
    struct arena arena = { 0 };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf out = buf_make(&arena, 1000);
        struct html html = { .out = &out, .lang = LANG_ZH };
        html_literal(&html, "<p>", 3);
        html_value(&html, cases[i].value);
        html_literal(&html, "</p>", 4);
        assert_str(buf_str(&out), str_z(&arena, str_format(&arena, "<p>%s</p>", cases[i].wanted)));
    }
    arena_release(&arena);
}

static void test_each_type_has_its_form(void **state)
{
    static const struct text_key key = { "hello", { STR_INIT("你好 <{0}>"), STR_INIT("Hello <{0}>") } };
    struct arena arena = { 0 };
    struct buf out = buf_make(&arena, 1000);
    struct html html = { .out = &out, .lang = LANG_EN };
    struct text text = { .key = &key, .args = { text_arg_str(STR("&")) } };
    int64_t large = -1234567;
    (void)state;
    html_value(&html, text);
    html_literal(&html, "|", 1);
    html_value(&html, large);
    html_literal(&html, "|", 1);
    html_value(&html, 12);
    html_literal(&html, "|", 1);
    html_value(&html, date_of_civil((struct civil){ 2026, 11, 24 }));
    html_literal(&html, "|", 1);
    html_value(&html, ((struct instant){ 0 }));
    html_literal(&html, "|", 1);
    html_url(&html, url_with(&arena, url_path(&arena, "/a?b=1"), "c", STR("d")));
    assert_str(buf_str(&out), "Hello &lt;&amp;&gt;|-1,234,567|12|2026-11-24|1970-01-01 08:00|/a?b=1&amp;c=d");
    arena_release(&arena);
}

/* Whatever the maximum, no byte of a value is ever in the page unescaped. */
static void test_a_full_page_stays_escaped(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    for (ptrdiff_t max = 0; max < 20; max++) {
        struct buf out = buf_make(&arena, max);
        struct html html = { .out = &out, .lang = LANG_ZH };
        html_value(&html, STR("<<<"));
        assert_int_equal(out.overflowed, max < 12);
        assert_true(str_starts(STR("&lt;&lt;&lt;"), buf_str(&out))); /* cut, but escaped; no page is made of it */
        assert_int_equal(out.len == 12, max >= 12);
    }
    arena_release(&arena);
}

static void test_paths(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    assert_str(url_path(&arena, "/").text, "/");
    assert_str(url_path(&arena, "/units/%lld/edit", 7LL).text, "/units/7/edit");
    assert_str(url_path(&arena, "/units/%d#row-%d", 7, 8).text, "/units/7#row-8");
    assert_str(url_path(&arena, "/files/%s", "a b\"<%\n").text, "/files/a%20b%22%3C%25%0A");
    assert_str(url_path(&arena, "/files/%s", "表").text, "/files/%E8%A1%A8");
    arena_release(&arena);
}

static void test_parameters(void **state)
{
    struct arena arena = { 0 };
    struct url url = url_path(&arena, "/units");
    (void)state;
    assert_str(url_with(&arena, url, "q", STR("")).text, "/units");
    assert_str(url_with(&arena, url, "q", STR("a-._~Z9")).text, "/units?q=a-._~Z9");
    assert_str(url_with(&arena, url, "q", STR("a b&c=d#e?f/+%'\"")).text,
               "/units?q=a%20b%26c%3Dd%23e%3Ff%2F%2B%25%27%22");
    assert_str(url_with(&arena, url, "镇", STR("村")).text, "/units?%E9%95%87=%E6%9D%91");
    url = url_with(&arena, url, "a", STR("1"));
    url = url_with(&arena, url, "b", STR("2"));
    assert_str(url.text, "/units?a=1&b=2");
    assert_str(url_with(&arena, url_path(&arena, "/units#top"), "a", STR("1")).text, "/units?a=1#top");
    arena_release(&arena);
}

static void test_a_way_back_is_local(void **state)
{
    static const struct {
        struct str untrusted;
        const char *wanted;
    } cases[] = {
        { STR_INIT("/"), "/" },
        { STR_INIT("/units?a=1&b=%20#c"), "/units?a=1&b=%20#c" },
        { STR_INIT("/镇\"<"), "/%E9%95%87%22%3C" },
        { STR_INIT(""), "/" },
        { STR_INIT("units"), "/" },
        { STR_INIT("//example.com"), "/" },
        { STR_INIT("/\\example.com"), "/" },
        { STR_INIT("/a\\b"), "/" },
        { STR_INIT("https://example.com"), "/" },
        { STR_INIT("javascript:x"), "/" },
        { STR_INIT(" /a"), "/" },
        { STR_INIT("/a b"), "/" },
        { STR_INIT("/\t/example.com"), "/" },
        { STR_INIT("/a\r\nSet-Cookie: a"), "/" },
        { STR_INIT("/a\0b"), "/" },
        { STR_INIT("/a\x7f"), "/" },
    };
    struct arena arena = { 0 };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++)
        assert_str(url_local(&arena, cases[i].untrusted).text, cases[i].wanted);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_escaped),
        cmocka_unit_test(test_each_type_has_its_form),
        cmocka_unit_test(test_a_full_page_stays_escaped),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_parameters),
        cmocka_unit_test(test_a_way_back_is_local),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
