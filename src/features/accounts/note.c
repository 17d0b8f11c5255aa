#include "features/accounts/note.h"

#include "platform/audit/audit.h"

#include <stdio.h>

bool account_note(struct txn *txn, struct account_id by, const char *action, struct account_id about,
                  struct str detail, struct error *err)
{
    char subject[40];
    (void)snprintf(subject, sizeof subject, "account:%lld", (long long)about.n);
    struct audit_event event = {
        .account = by, .action = str_of(action), .subject = str_of(subject), .detail = detail
    };
    return audit_append(txn, &event, err);
}

bool account_note_grant(struct txn *txn, struct account_id by, const char *action, struct account_id about,
                        const struct grant *grant, struct error *err)
{
    char detail[120];
    (void)snprintf(detail, sizeof detail, "{\"role\":\"%s\",\"line\":%d,\"division\":\"%012lld\"}",
                   role_name(grant->role), grant->line.n, (long long)grant->division.code);
    return account_note(txn, by, action, about, str_of(detail), err);
}
