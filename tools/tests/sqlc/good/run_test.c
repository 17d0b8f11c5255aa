/*
 * run_test.c - runs what sqlc made of queries.sql on the SQLite engine, and prints nothing when all is well.
 *
 * run_test FILE; with one more argument it ends as a program does that meets a NULL nobody announced.
 */
#include "made/shop_queries.h"

#include "platform/db/ids.h"

#define CHECK(claim) ((claim) ? (void)0 : BUG("%s (%s)", #claim, err->detail))

struct shop_visit {
    struct arena *arena;
    const char *last;
    int count, at_most;
};

static bool visit(void *self, const struct item_export *row, struct error *err)
{
    struct shop_visit *visit = self;
    assert(str_starts(row->title, STR("item ")));
    assert(!visit->last || visit->last == row->title.data); /* the same place, again and again */
    visit->last = row->title.data;
    visit->count++;
    return visit->count < visit->at_most || error_fail(err, ERROR_LIMIT, "enough");
}

static bool fill(void *self, struct txn *txn, struct error *err)
{
    struct arena *arena = self;
    struct shop_add shop;
    CHECK(shop_add(txn, &(struct shop_add_args){ .id = { 1 }, .name = STR("one") }, arena, &shop, err));
    CHECK(shop.id.n == 1 && !shop.has_opened);
    CHECK(shop_add(txn, &(struct shop_add_args){ .id = { 2 }, .name = STR(""), .has_opened = true, .opened = { -3 } },
                   arena, &shop, err));
    CHECK(shop.has_opened && shop.opened.days == -3);
    for (int64_t i = 1; i <= 50; i++) {
        struct item_add_args item = {
            .district = 440606, .id = { i }, .shop = { 1 }, .division = { 440606000000 + i % 2 },
            .line = { (int32_t)(i % 3) }, .title = str_format(arena, "item %d", (int)i), .photo = STR("\0\xFF"),
            .has_photo = i == 7,
        };
        CHECK(item_add(txn, &item, err));
    }
    CHECK(item_index(txn, &(struct item_index_args){ .rowid = { 7 }, .title = STR("枢纽 hub") }, err));
    txn->audited = 1;
    return true;
}

/* A write with RETURNING fails where its foreign key does, after its row. */
static bool add_orphan(void *self, struct txn *txn, struct error *err)
{
    struct item_orphan id;
    struct item_orphan_args args = { .district = 1, .id = { 99 }, .shop = { 99 } };
    bool ok = item_orphan(txn, &args, self, &id, err);
    assert(!ok && err->kind == ERROR_IO);
    return ok;
}

static bool change(void *self, struct txn *txn, struct error *err)
{
    struct arena *arena = self;
    struct item_sell_args sell = { .state = ITEM_SOLD, .has_sold_on = true, .sold_on = { 20000 }, .district = 440606,
                                   .id = { 7 }, .was = ITEM_NEW };
    struct item_drop_rows dropped;
    int64_t changed = 0;
    CHECK(item_sell(txn, &sell, err));
    CHECK(!item_sell(txn, &sell, err) && err->kind == ERROR_CONFLICT);
    CHECK(item_age(txn, &(struct item_age_args){ .is_old = true, .before = { 1 } }, &changed, err) && changed == 50);
    CHECK(item_age(txn, &(struct item_age_args){ .is_old = true, .before = { 1 }, .by_line = true, .line = { 1 } },
                   &changed, err) && changed == 17);
    CHECK(item_drop(txn, &(struct item_drop_args){ .district = 1 }, arena, &dropped, err) && dropped.n == 0);
    txn->audited = 1;
    return true;
}

static void read_one(struct db *db, struct arena *arena, struct error *err)
{
    struct item_by_id item;
    struct shop_named shop;
    struct item_count count;
    bool found = false;
    CHECK(item_by_id(db, &(struct item_by_id_args){ .district = 440606, .id = { 7 } }, arena, &item, err));
    CHECK(item.state == ITEM_SOLD && item.old && item.has_photo && str_equal(item.photo, STR("\0\xFF")));
    CHECK(item.has_sold_on && item.sold_on.days == 20000 && str_equal(item.title, STR("item 7")));
    CHECK(!item_by_id(db, &(struct item_by_id_args){ .district = 1 }, arena, &item, err));
    CHECK(err->kind == ERROR_NOT_FOUND && str_equal(str_of(err->detail), STR("item_by_id")) && item.id.n == 7);
    CHECK(shop_named(db, &(struct shop_named_args){ { 0 } }, arena, &shop, &found, err) && found && shop.id.n == 2);
    CHECK(shop_named(db, &(struct shop_named_args){ STR("no") }, arena, &shop, &found, err) && !found);
    CHECK(item_count(db, arena, &count, err) && count.n == 50 && str_equal(count.odd, STR("a:b?\"c\\d")));
}

static void read_many(struct db *db, struct arena *arena, struct error *err)
{
    struct item_list_args args = { .district = 440606, .from = { 0 }, .to = { 440606000001 }, .limit = 40 };
    struct item_list_rows rows;
    struct item_find_rows hits;
    CHECK(item_list(db, &args, arena, &rows, err) && rows.n == 40 && rows.at[0].id.n == 2);
    CHECK(rows.at[39].has_shop_name && str_equal(rows.at[39].shop_name, STR("one")));
    args.by_after = true;
    args.after.n = 40;
    CHECK(item_list(db, &args, arena, &rows, err) && rows.n == 10);
    args.by_line = true;
    CHECK(item_list(db, &args, arena, &rows, err) && rows.n == 3);
    args.by_after = false;
    args.by_line = false;
    args.by_sold = true;
    args.sold_on.days = 20000;
    CHECK(item_list(db, &args, arena, &rows, err) && rows.n == 1 && rows.at[0].id.n == 7);
    CHECK(item_find(db, &(struct item_find_args){ STR("枢纽") }, arena, &hits, err) && hits.n == 1);
    CHECK(hits.at[0].id.n == 7);
    struct shop_visit all = { .at_most = 51 }, some = { .at_most = 3 };
    CHECK(item_export(db, arena, visit, &all, err) && all.count == 50);
    CHECK(!item_export(db, arena, visit, &some, err) && some.count == 3 && err->kind == ERROR_LIMIT);
}

int main(int argc, char **argv)
{
    const struct schema *const schemas[] = { &shop_schema };
    struct database *database = NULL;
    struct db *writer = NULL, *reader = NULL;
    struct ids ids = { .is_counting = true };
    struct arena arena = { 0 };
    struct error fault = { 0 }, *err = &fault;
    struct instant now = { 0 };
    assert(argc >= 2);
    CHECK(database_open(argv[1], schemas, 1, &database, err) && database_writer(database, &writer, err));
    CHECK(txn_run(writer, &ids, now, fill, &arena, err));
    CHECK(!txn_run(writer, &ids, now, add_orphan, &arena, err));
    CHECK(txn_run(writer, &ids, now, change, &arena, err));
    CHECK(database_reader(database, &reader, err));
    read_one(reader, &arena, err);
    read_many(reader, &arena, err);
    if (argc > 2)
        CHECK(shop_gap(reader, &(struct shop_gap_args){ { 99 } }, &arena, &(struct shop_gap){ 0 }, err));
    db_release(reader);
    db_release(writer);
    database_close(database);
    arena_release(&arena);
    return 0;
}
