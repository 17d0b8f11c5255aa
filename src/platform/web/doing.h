/*
 * doing.h - who acts, and where what goes wrong is written: what every action of a feature begins with.
 */
#pragma once
#include "platform/access/access.h"
#include "platform/db/db.h"
#include "platform/web/problems.h"

struct doing {
    struct txn *txn;
    struct account_id by;
    struct problems *problems;
    struct arena *arena;
};
