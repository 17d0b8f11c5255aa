/*
 * pages.c - what the network's pages share: addresses, names, what happened.
 */
#include "features/network/pages.h"

#include "features/accounts/accounts.h"
#include "features/network/labels.h"
#include "features/territory/territory.h"
#include "platform/audit/audit.h"
#include "platform/serve/log.h"

#include "gen/network_texts.h"

bool division_is_known(struct request *rq, struct division division, bool *ret)
{
    struct error err; /* that there is none is no fault of the request */
    bool ok = territory_has(rq->txn->db, division, rq->today, rq->arena, ret, &err);
    if (!ok)
        rq->err = err;
    return ok;
}

struct choices regime_choices(struct request *rq)
{
    struct choice *choices = arena_new(rq->arena, struct choice, REGIME_COUNT);
    for (enum regime regime = 1; regime < REGIME_COUNT; regime++)
        choices[regime - 1] = (struct choice){ regime, text_in(rq->arena, rq->lang, label_regime(regime)) };
    return (struct choices){ choices, REGIME_COUNT - 1 };
}

struct str person_name(struct request *rq, struct account_id account)
{
    return account_name(rq->db, account, rq->arena);
}

bool page_history(struct request *rq, int64_t district, struct str subject, struct event_views *ret)
{
    enum { HISTORY_MAX = 200 };
    struct audit_entries entries;
    if (!audit_history(rq->db, district, subject, HISTORY_MAX, rq->arena, &entries, &rq->err))
        return false;
    *ret = (struct event_views){ arena_new(rq->arena, struct event_view, entries.n), entries.n };
    for (ptrdiff_t i = 0; i < entries.n; i++) {
        const struct audit_entry *entry = &entries.at[i];
        ret->at[i] = (struct event_view){ .at = entry->at,
                                          .who = person_name(rq, entry->account),
                                          .what = label_event(entry->action),
                                          .note = entry->detail };
    }
    return true;
}

struct url spot_url(struct arena *arena, int64_t district, struct spot_id id)
{
    return url_below(arena, url_below(arena, url_literal("/spots"), district), id.n);
}

struct url unit_url(struct arena *arena, int64_t district, struct unit_id id)
{
    return url_below(arena, url_below(arena, url_literal("/units"), district), id.n);
}

struct url organisation_url(struct arena *arena, int64_t district, struct organisation_id id)
{
    return url_below(arena, url_below(arena, url_literal("/organisations"), district), id.n);
}

struct url organisations_json_url(struct arena *arena, int64_t district)
{
    return url_with(arena, url_literal("/organisations.json"), "at", str_int(arena, district));
}

void form_contact_unread(struct request *rq, struct form_view *view, const struct error *unread)
{
    page_log_unread(rq, unread);
    for (ptrdiff_t i = 0; i < view->n; i++) {
        if (!str_equal(view->at[i].name, STR("contact")))
            continue;
        view->at[i].has_hint = true;
        view->at[i].hint = t_contact_unread_hint();
    }
}
