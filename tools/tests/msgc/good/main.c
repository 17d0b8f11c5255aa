/* Compiled with what msgc made of zh.txt and en.txt beside it. */
#include "gen/sample_texts.h"

#include <stdio.h>
#include <string.h>

static bool says(struct arena *arena, struct text text, struct str zh, struct str en)
{
    struct str got_zh = text_in(arena, LANG_ZH, text), got_en = text_in(arena, LANG_EN, text);
    if (str_equal(got_zh, zh) && str_equal(got_en, en))
        return true;
    printf("# %s: %.*s | %.*s\n", text.key->name, STR_ARG(got_zh), STR_ARG(got_en));
    return false;
}

int main(void)
{
    struct arena arena = { 0 };
    struct date day = date_of_civil((struct civil){ 2026, 11, 24 });
    int failures = 0;
    failures += !says(&arena, t_save(), STR("保存"), STR("Save"));
    failures += !says(&arena, t_rows_imported(1312, STR("乐从镇")), STR("乐从镇：导入 1,312 行"),
                      STR("乐从镇: 1,312 rows imported"));
    failures += !says(&arena, t_rows_imported(1, STR("{0}")), STR("{0}：导入 1 行"),
                      STR("{0}: 1 row imported"));
    failures += !says(&arena, t_term_ends(day), STR("任期至 2026-11-24"), STR("Term ends on 2026-11-24"));
    failures += !says(&arena, t_all_four(-1000, STR("b"), day, 4), STR("4、2026-11-24、b、-1,000"),
                      STR("-1,000 b 2026-11-24 4"));
    failures += !says(&arena, t_braces(5), STR("写作 {x} 与 {5}"), STR("write {x} and {5}"));
    failures += !says(&arena, t_quoted(), STR("说“\\”与\"引号\" \\n ？？="), STR("say “\\” and \"quotes\" \\n ?\?="));
    failures += !says(&arena, t_long_text(), STR("这一句话很长，所以写成两行，再写一行。"),
                      STR("This sentence is long, so it stands on two lines."));
    failures += !says(&arena, t_app_id(), STR("Open311 = GeoReport"), STR("Open311 = GeoReport"));
    failures += !says(&arena, t_twice(2), STR("2 次，共 2 次"), STR("times 2 次"));

    int count = 0;
    while (sample_text_keys[count])
        count++;
    static const enum text_arg_kind all_four[] = { TEXT_ARG_INT, TEXT_ARG_STR, TEXT_ARG_DATE, TEXT_ARG_INT };
    if (memcmp(text_key_all_four.args, all_four, sizeof all_four) != 0 || text_key_save.args[0] != TEXT_ARG_NONE) {
        printf("# the kinds of arguments are wrong\n");
        failures++;
    }
    if (count != 9 || sample_text_key_count != 9 || sample_text_keys[1] != &text_key_rows_imported) {
        printf("# the list of keys is wrong\n");
        failures++;
    }
    arena_release(&arena);
    return failures > 0;
}
