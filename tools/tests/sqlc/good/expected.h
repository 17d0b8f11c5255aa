/* Made by tools/sqlc from shop's schema.sql and queries.sql. */
#pragma once
#include "platform/access/scope.h"
#include "platform/db/query.h"
#include "shop.h"

extern const struct schema shop_schema;

struct item_by_id_args {
    int64_t district;
    struct item_id id;
};

struct item_by_id {
    struct item_id id;
    struct shop_id shop;
    enum item_state state;
    struct str title;
    bool has_photo;
    struct str photo;
    bool has_sold_on;
    struct date sold_on;
    bool old;
};

/* One item by its key. */
bool item_by_id(struct db *db, const struct item_by_id_args *args, struct arena *arena,
                struct item_by_id *ret_row, struct error *err) MUST_USE;

struct shop_named_args {
    struct str name;
};

struct shop_named {
    struct shop_id id;
    bool has_opened;
    struct date opened;
};

bool shop_named(struct db *db, const struct shop_named_args *args, struct arena *arena,
                struct shop_named *ret_row, bool *ret_found, struct error *err) MUST_USE;

struct item_list_args {
    bool by_line;
    bool by_sold;
    bool by_after;
    int64_t district;
    struct division from;
    struct division to;
    int64_t limit;
    struct line line;
    struct date sold_on;
    struct item_id after;
};

struct item_list {
    struct item_id id;
    struct str title;
    struct line line;
    struct division division;
    bool has_shop_name;
    struct str shop_name;
};

struct item_list_rows {
    struct item_list *at;
    ptrdiff_t n;
};

/*
 * What is for sale in a subtree, page by page:
 * the next page begins after the last id.
 */
bool item_list(struct db *db, const struct item_list_args *args, struct arena *arena,
               struct item_list_rows *ret_rows, struct error *err) MUST_USE;

struct item_count {
    int64_t n;
    bool has_last;
    struct instant last;
    bool has_lowest;
    enum item_state lowest;
    struct str odd;
};

bool item_count(struct db *db, struct arena *arena, struct item_count *ret_row, struct error *err) MUST_USE;

struct item_export {
    struct item_id id;
    struct str title;
    struct instant made_at;
};

/* Gets one row after the other; the texts in it live until it returns. false ends the query. */
typedef bool item_export_each(void *self, const struct item_export *row, struct error *err);

bool item_export(struct db *db, struct arena *arena, item_export_each *each, void *self,
                 struct error *err) MUST_USE;

struct item_keys {
    struct item_id id;
};

/* Gets one row after the other; the texts in it live until it returns. false ends the query. */
typedef bool item_keys_each(void *self, const struct item_keys *row, struct error *err);

bool item_keys(struct db *db, struct arena *arena, item_keys_each *each, void *self,
               struct error *err) MUST_USE;

struct item_find_args {
    struct str words;
};

struct item_find {
    struct item_id id;
};

struct item_find_rows {
    struct item_find *at;
    ptrdiff_t n;
};

bool item_find(struct db *db, const struct item_find_args *args, struct arena *arena,
               struct item_find_rows *ret_rows, struct error *err) MUST_USE;

struct item_index_args {
    struct item_id rowid;
    struct str title;
};

bool item_index(struct txn *txn, const struct item_index_args *args, struct error *err) MUST_USE;

struct shop_add_args {
    struct shop_id id;
    struct str name;
    bool has_opened;
    struct date opened;
};

struct shop_add {
    struct shop_id id;
    bool has_opened;
    struct date opened;
};

bool shop_add(struct txn *txn, const struct shop_add_args *args, struct arena *arena,
              struct shop_add *ret_row, struct error *err) MUST_USE;

struct item_add_args {
    int64_t district;
    struct item_id id;
    struct shop_id shop;
    struct division division;
    struct line line;
    struct str title;
    bool has_photo;
    struct str photo;
    struct instant made_at;
};

bool item_add(struct txn *txn, const struct item_add_args *args, struct error *err) MUST_USE;

struct item_sell_args {
    enum item_state state;
    bool has_sold_on;
    struct date sold_on;
    int64_t district;
    struct item_id id;
    enum item_state was;
};

bool item_sell(struct txn *txn, const struct item_sell_args *args, struct error *err) MUST_USE;

struct item_age_args {
    bool by_line;
    bool is_old;
    struct instant before;
    struct line line;
};

bool item_age(struct txn *txn, const struct item_age_args *args, int64_t *ret_changed,
              struct error *err) MUST_USE;

bool item_clear(struct txn *txn, int64_t *ret_changed, struct error *err) MUST_USE;

struct item_drop_args {
    int64_t district;
};

struct item_drop {
    struct item_id id;
};

struct item_drop_rows {
    struct item_drop *at;
    ptrdiff_t n;
};

bool item_drop(struct txn *txn, const struct item_drop_args *args, struct arena *arena,
               struct item_drop_rows *ret_rows, struct error *err) MUST_USE;

struct shop_busy_args {
    int64_t district;
};

struct shop_busy {
    struct shop_id id;
    int64_t items;
};

struct shop_busy_rows {
    struct shop_busy *at;
    ptrdiff_t n;
};

bool shop_busy(struct db *db, const struct shop_busy_args *args, struct arena *arena,
               struct shop_busy_rows *ret_rows, struct error *err) MUST_USE;

struct item_sold_args {
    bool by_state;
    enum item_state state;
};

struct item_sold {
    struct item_id id;
    struct shop_id shop;
};

struct item_sold_rows {
    struct item_sold *at;
    ptrdiff_t n;
};

bool item_sold(struct db *db, const struct item_sold_args *args, struct arena *arena,
               struct item_sold_rows *ret_rows, struct error *err) MUST_USE;

struct item_orphan_args {
    int64_t district;
    struct item_id id;
    struct shop_id shop;
};

struct item_orphan {
    struct item_id id;
};

bool item_orphan(struct txn *txn, const struct item_orphan_args *args, struct arena *arena,
                 struct item_orphan *ret_row, struct error *err) MUST_USE;

struct shop_gap_args {
    struct shop_id id;
};

struct shop_gap {
    struct str name;
};

/* NULL where nobody announced it: without a shop of that id the program stops. */
bool shop_gap(struct db *db, const struct shop_gap_args *args, struct arena *arena,
              struct shop_gap *ret_row, struct error *err) MUST_USE;
