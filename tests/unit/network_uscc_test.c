/*
 * network_uscc_test.c - codes of GB 32100: real ones, wrong ones found in public code, and what keyboards make of them.
 */
#include "features/network/uscc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const char *const valid[] = {
    "53100000500021676K", "53100000500019795A", "12100000400009127B", "91330100799655058B",
    "9144030071526726XG", "914403001922038216", "91110000802100433B",
};

static enum uscc_fault check(const char *typed)
{
    struct arena arena = { 0 };
    enum uscc_fault fault = uscc_check(uscc_normal(&arena, str_of(typed)));
    arena_release(&arena);
    return fault;
}

static void test_valid(void **state)
{
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(valid); i++) {
        assert_int_equal(check(valid[i]), USCC_OK);
        assert_int_equal(uscc_check_character(str_slice(str_of(valid[i]), 0, USCC_LENGTH - 1)), valid[i][17]);
    }
}

static void test_invalid(void **state)
{
    static const struct {
        const char *code;
        enum uscc_fault fault;
    } cases[] = {
        { "53100000500020462H", USCC_BAD_CHECK },
        { "531000005000074012", USCC_BAD_CHECK },
        { "91310115MA1G4L1WXK", USCC_BAD_CHECK },
        { "12100000400008888X", USCC_BAD_CHECK },
        { "", USCC_BAD_LENGTH },
        { "9133010079965505B", USCC_BAD_LENGTH },
        { "91330100799655058BB", USCC_BAD_LENGTH },
        { "9133010079965505IB", USCC_BAD_CHARACTER },
        { "91330100799655058O", USCC_BAD_CHARACTER },
        { "9133010079965505-B", USCC_BAD_CHARACTER },
        { "S1330100799655058B", USCC_BAD_CHARACTER },
        { "统一社会信用", USCC_BAD_CHARACTER }, /* 18 bytes */
    };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++)
        if (check(cases[i].code) != cases[i].fault)
            fail_msg("%s: fault %d, expected %d", cases[i].code, (int)check(cases[i].code), (int)cases[i].fault);
}

/* One wrong character is always seen, whatever it is and wherever it stands; so are two neighbours exchanged. */
static void test_every_slip_is_seen(void **state)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(valid); i++) {
        char code[USCC_LENGTH + 1];
        memcpy(code, valid[i], sizeof code);
        for (int at = 0; at < USCC_LENGTH; at++) {
            for (const char *sign = alphabet; *sign; sign++) {
                code[at] = *sign;
                assert_int_equal(check(code) == USCC_OK, *sign == valid[i][at]);
            }
            code[at] = valid[i][at];
        }
        for (int at = 0; at < USCC_LENGTH - 2; at++) {
            code[at] = valid[i][at + 1];
            code[at + 1] = valid[i][at];
            assert_int_equal(check(code) == USCC_OK, code[at] == code[at + 1]);
            code[at] = valid[i][at];
            code[at + 1] = valid[i][at + 1];
        }
    }
}

static void test_keyboards(void **state)
{
    static const char *const typed[] = {
        "9144030071526726xg",
        "  9144030071526726XG ",
        "91440300 7152 6726XG",
        "\u30009144030071526726XG",
        "９１４４０３００７１５２６７２６ＸＧ",
        "９１４４０３００７１５２６７２６ｘｇ",
    };
    struct arena arena = { 0 };
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(typed); i++)
        assert_true(str_equal(uscc_normal(&arena, str_of(typed[i])), STR("9144030071526726XG")));
    assert_int_equal(uscc_normal(&arena, STR("")).len, 0);
    assert_int_equal(uscc_normal(&arena, STR(" \xE3\x80\x80 ")).len, 0);
    assert_int_equal(check("9144030071526726XG\xFF"), USCC_OK); /* a broken byte is no character of it */
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid),
        cmocka_unit_test(test_invalid),
        cmocka_unit_test(test_every_slip_is_seen),
        cmocka_unit_test(test_keyboards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
