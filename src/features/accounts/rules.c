#include "features/accounts/rules.h"

#include "base/utf8.h"

static bool is_manager(const struct grant *grant)
{
    return (ROLES_MANAGING >> grant->role & 1) != 0;
}

/* --- logins and waiting -------------------------------------------------------------------------------------- */

bool login_is_valid(struct str login)
{
    for (ptrdiff_t i = 0; i < login.len; i++) {
        char c = login.data[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        bool is_joint = i > 0 && (c == '.' || c == '-' || c == '_');
        if (!is_plain && !is_joint)
            return false;
    }
    return login.len >= 2 && login.len <= 40;
}

int64_t sign_in_wait(int64_t failures)
{
    int64_t seconds = 30;
    if (failures < LIMIT_SIGN_IN_FAILURES)
        return 0;
    for (int64_t n = LIMIT_SIGN_IN_FAILURES; n < failures && seconds < LIMIT_SIGN_IN_WAIT_SECONDS; n++)
        seconds *= 2;
    return seconds < LIMIT_SIGN_IN_WAIT_SECONDS ? seconds : LIMIT_SIGN_IN_WAIT_SECONDS;
}

static const int64_t FORGET_US = LIMIT_ADDRESS_FORGET_SECONDS * INT64_C(1000000);

bool address_is_held(struct instant owed_until, struct instant now)
{
    return owed_until.us - now.us > (LIMIT_ADDRESS_FAILURES - 1) * FORGET_US;
}

struct instant address_failed(struct instant owed_until, struct instant now)
{
    int64_t from = owed_until.us > now.us ? owed_until.us : now.us;
    return (struct instant){ from + FORGET_US };
}

/* --- passwords ----------------------------------------------------------------------------------------------- */

/* Those of ten characters and more that are tried first; shorter ones are refused anyway. In small letters. */
static const char *const common_passwords[] = {
    "0123456789",    "1234567890",    "12345678910",   "123456789a",    "123456789abc",  "123456789q",
    "1234567899",    "1234512345",    "123123123123",  "1231231234",    "123321123321",  "112233445566",
    "1122334455",    "147258369a",    "9876543210",    "0987654321",    "5201314520",    "1314520520",
    "1314520131",    "5201314521",    "a123456789",    "a1234567890",   "aa123456789",   "aaa123456789",
    "abc123456789",  "abc1234567",    "abcd123456",    "abcd1234567",   "abcd12345678",  "abcdefghij",
    "admin12345",    "admin123456",   "admin@1234",    "admin@12345",   "administrator", "asd123456789",
    "asdf123456",    "asdfghjkl1",    "asdfghjkl;",    "changeme123",   "guanliyuan",    "iloveyou1314",
    "iloveyou520",   "letmein123",    "p@ssw0rd123",   "passw0rd123",   "password01",    "password12",
    "password123",   "password1234",  "password12345", "q123456789",    "qaz123456789",  "qazwsxedc123",
    "qazwsxedcrfv",  "1q2w3e4r5t",    "1q2w3e4r5t6y",  "1qaz2wsx3edc",  "1qazxsw23edc",  "q1w2e3r4t5",
    "qq123456789",   "qqqq123456",    "qwer123456",    "qwer1234asdf",  "qwerasdfzxcv",  "qwerty12345",
    "qwerty123456",  "qwertyuiop",    "qwertyuiop1",   "shuniu1234",    "shuniu12345",   "shuniu123456",
    "wang123456",    "wang123456789", "welcome123",    "woaini1314",    "woaini1314520", "woaini520",
    "woaini5201314", "woaini123456",  "woaizhongguo",  "z123456789",    "zhang123456",   "zhongguo123",
    "zhongguo1949",  "zxc123456789",  "zxcvbnm123",    "zxcvbnm1234",   "zxcvbnm,./",    "zz123456789",
};

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether part stands at a place of text, capitals or not. */
static bool stands_at(struct str text, ptrdiff_t at, struct str part)
{
    if (at + part.len > text.len)
        return false;
    for (ptrdiff_t i = 0; i < part.len; i++)
        if (small(text.data[at + i]) != small(part.data[i]))
            return false;
    return true;
}

static bool holds(struct str text, struct str part)
{
    for (ptrdiff_t at = 0; at + part.len <= text.len; at++)
        if (stands_at(text, at, part))
            return true;
    return false;
}

static bool is_one_character(struct str password)
{
    ptrdiff_t at = 0;
    int32_t first = utf8_next(password, &at);
    while (at < password.len)
        if (utf8_next(password, &at) != first)
            return false;
    return true;
}

static bool is_common(struct str password)
{
    for (ptrdiff_t i = 0; i < COUNT_OF(common_passwords); i++) {
        struct str common = str_of(common_passwords[i]);
        if (password.len == common.len && stands_at(password, 0, common))
            return true;
    }
    return is_one_character(password);
}

enum password_fault password_check(struct str password, struct str login, struct str name)
{
    enum { LOGIN_MIN = 3, NAME_MIN = 2 }; /* shorter ones stand in many a good password by chance */
    ptrdiff_t count = utf8_count(password);
    if (count < LIMIT_PASSWORD_MIN)
        return PASSWORD_TOO_SHORT;
    if (count > LIMIT_PASSWORD_MAX)
        return PASSWORD_TOO_LONG;
    if (login.len >= LOGIN_MIN && holds(password, login))
        return PASSWORD_HAS_LOGIN;
    if (utf8_count(name) >= NAME_MIN && holds(password, name))
        return PASSWORD_HAS_NAME;
    return is_common(password) ? PASSWORD_COMMON : PASSWORD_FINE;
}

/* --- who may give what --------------------------------------------------------------------------------------- */

static bool may_grant_role(enum role own, enum role given)
{
    if (own == ROLE_ADMINISTRATOR)
        return true;
    return own == ROLE_DISTRICT_OFFICER && (given == ROLE_VILLAGE_WORKER || given == ROLE_TOWN_OFFICER);
}

bool may_grant(const struct actor *actor, const struct grant *grant)
{
    for (int i = 0; i < actor->grant_count; i++) {
        const struct grant *own = &actor->grants[i];
        bool covers_line = own->line.n == 0 || own->line.n == grant->line.n;
        if (may_grant_role(own->role, grant->role) && covers_line &&
            division_contains(own->division, grant->division))
            return true;
    }
    return false;
}

static bool covers_one(const struct grant *own, const struct account *account)
{
    for (int i = 0; i < account->grant_count; i++)
        if (division_contains(own->division, account->grants[i].division))
            return true;
    return false;
}

bool is_nation_administrator(const struct actor *actor)
{
    for (int i = 0; i < actor->grant_count; i++)
        if (actor->grants[i].role == ROLE_ADMINISTRATOR && actor->grants[i].division.code == 0)
            return true;
    return false;
}

bool may_see_account(const struct actor *actor, const struct account *account)
{
    bool is_maker = account->created_by.n != 0 && account->created_by.n == actor->account.n;
    if (account->grant_count == 0 && is_nation_administrator(actor))
        return true;
    for (int i = 0; i < actor->grant_count; i++) {
        const struct grant *own = &actor->grants[i];
        if (is_manager(own) && (account->grant_count == 0 ? is_maker : covers_one(own, account)))
            return true;
    }
    return false;
}

static bool is_of_another(const struct actor *actor, const struct account *account)
{
    return actor->account.n != account->id.n && may_see_account(actor, account);
}

bool may_take_grant(const struct actor *actor, const struct account *account, const struct grant *grant)
{
    return is_of_another(actor, account) && may_grant(actor, grant);
}

bool may_change_account(const struct actor *actor, const struct account *account)
{
    if (!is_of_another(actor, account))
        return false;
    for (int i = 0; i < account->grant_count; i++)
        if (!may_grant(actor, &account->grants[i]))
            return false;
    return true;
}
