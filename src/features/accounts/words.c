#include "features/accounts/words.h"

#include "gen/accounts_texts.h"

struct text role_text(enum role role)
{
    switch (role) {
    case ROLE_VILLAGE_WORKER:
        return t_account_role_village_worker();
    case ROLE_TOWN_OFFICER:
        return t_account_role_town_officer();
    case ROLE_DISTRICT_OFFICER:
        return t_account_role_district_officer();
    case ROLE_LEADER:
        return t_account_role_leader();
    case ROLE_AUDITOR:
        return t_account_role_auditor();
    case ROLE_ADMINISTRATOR:
        return t_account_role_administrator();
    case ROLE_COUNT:
        break;
    }
    BUG("role %d", (int)role);
}

struct text account_line_label(struct line line)
{
    return line.n == 0 ? t_account_all_lines() : t_account_line_number(line.n);
}

struct mark {
    const char *in_agent, *label;
};

/* The first found counts. To add one: a row before those it claims to be (Edge says Chrome, Chrome says Safari). */
static const struct mark browsers[] = {
    { "MicroMessenger/", "WeChat" }, { "DingTalk", "DingTalk" }, { "QQBrowser/", "QQ Browser" },
    { "Edg", "Edge" },               { "Firefox/", "Firefox" },  { "Chrome/", "Chrome" },
    { "Safari/", "Safari" },         { "curl/", "curl" },
};

static const struct mark machines[] = {
    { "Windows", "Windows" }, { "Android", "Android" }, { "HarmonyOS", "HarmonyOS" }, { "iPhone", "iPhone" },
    { "iPad", "iPad" },       { "Mac OS X", "macOS" },  { "Linux", "Linux" },
};

static struct str find_mark(const struct mark *marks, ptrdiff_t count, struct str agent)
{
    for (ptrdiff_t i = 0; i < count; i++)
        if (str_find(agent, str_of(marks[i].in_agent)) >= 0)
            return str_of(marks[i].label);
    return (struct str){ 0 };
}

struct str browser_label(struct arena *arena, struct str agent)
{
    struct str browser = find_mark(browsers, COUNT_OF(browsers), agent);
    struct str machine = find_mark(machines, COUNT_OF(machines), agent);
    if (browser.len == 0 || machine.len == 0)
        return browser.len > 0 ? browser : machine;
    return str_format(arena, "%.*s · %.*s", STR_ARG(browser), STR_ARG(machine));
}
