/*
 * txn.c - changes, whatever the engine.
 */
#include "platform/db/db.h"
#include "platform/db/ids.h"
#include "platform/db/query.h"

int64_t txn_id(struct txn *txn)
{
    return ids_next(txn->ids, txn->now);
}

struct id_run txn_ids(struct txn *txn, int64_t count)
{
    return ids_run(txn->ids, txn->now, count);
}

bool db_last_id(struct db *db, int64_t *ret, struct error *err)
{
    static const struct query last_id = { .name = "last_id_given",
                                          .sqlite = "SELECT last_id FROM shuniu",
                                          .postgres = "SELECT last_id FROM shuniu",
                                          .params = "" };
    struct cursor cursor;
    bool has_row = false;
    if (!cursor_open(db, &last_id, &cursor, err))
        return false;
    bool ok = cursor_next(&cursor, &has_row, err);
    if (ok && has_row)
        *ret = cursor_int(&cursor, 0);
    cursor_close(&cursor);
    return ok && (has_row || error_fail(err, ERROR_INPUT, "the row of 'shuniu' is gone"));
}

void txn_waive_audit(struct txn *txn)
{
    txn->audited++;
}

bool txn_commit_so_far(struct txn *txn, struct error *err)
{
    return db_commit(txn->db, txn->ids, err) && db_begin(txn->db, txn->ids, err);
}

bool txn_run(struct db *db, struct ids *ids, struct instant now, change_fn *change, void *self, struct error *err)
{
    struct txn txn = { .db = db, .now = now, .ids = ids };
    if (!db_begin(db, ids, err))
        return false;
    if (!change(self, &txn, err)) {
        db_rollback(db);
        return false;
    }
    if (txn.audited == 0 && db_has_changed(db))
        BUG("a change was written and not audited");
    return db_commit(db, ids, err);
}
