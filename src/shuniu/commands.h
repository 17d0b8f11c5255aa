/*
 * commands.h - what a person types: shuniu COMMAND [WORDS] [--data DIR] ...
 *
 * A command returns the exit status: 0 done, 1 failed (why is on standard error), 2 used wrongly.
 */
#pragma once
#include "platform/crypt/keeper.h"
#include "platform/db/db.h"

struct upgraded;

enum { WORDS_MAX = 8 };

/* The command line, taken apart. */
struct options {
    const char *data;    /* folder of the installation: data */
    bool has_data;       /* it was said */
    const char *from, *to; /* of copy: folders or postgres://... */
    const char *db;      /* postgres://...; NULL: shuniu.db in the folder */
    const char *replica; /* postgres://... of a server that follows it, for serve; NULL: none */
    const char *address; /* 127.0.0.1 */
    int port;            /* 8440 */
    bool is_https;       /* a TLS proxy stands in front */
    bool is_behind_proxy; /* a proxy in front writes X-Forwarded-For */
    const char *user;    /* whom the server becomes when root starts it; NULL: nobody else */
    const char *backups; /* of doctor: the folder they are in */
    const char *csv, *package; /* of territory load */
    const char *keys;    /* the key file; NULL: DIR.keys/keys, beside the data */
    const char *suite;   /* of keys make, rotate, add */
    const char *anchor;  /* a file of anchors, of audit verify */
    const char *words[WORDS_MAX];
    int word_count;
    bool is_help; /* --help: say what the command is */
};

struct command {
    const char *name;  /* "territory load" */
    const char *usage; /* its further words */
    const char *help;
    int (*run)(const struct options *options);
};

int command_serve(const struct options *options);
int command_territory_load(const struct options *options);
int command_district_open(const struct options *options);
int command_demo(const struct options *options);
int command_account_create(const struct options *options);
int command_audit_verify(const struct options *options);
int command_audit_anchor(const struct options *options);
int command_keys_make(const struct options *options);
int command_keys_list(const struct options *options);
int command_keys_rotate(const struct options *options);
int command_keys_add(const struct options *options);
int command_keys_use(const struct options *options);
int command_keys_reseal(const struct options *options);
int command_keys_retire(const struct options *options);
int command_keys_lost(const struct options *options);
int command_recount(const struct options *options);
int command_backup(const struct options *options);
int command_restore(const struct options *options);
int command_upgrade(const struct options *options);
int command_copy(const struct options *options);
int command_shard(const struct options *options);
int command_check_shard(const struct options *options);
int command_routes(const struct options *options);
int command_doctor(const struct options *options);

/* What to do about it, a sentence. */
const char *advice_on(const struct error *err);
/* Says what went wrong and what to do, on standard error; returns 1. */
int say_fault(const char *what, const struct error *err);
enum { PLACE_BYTES = 4096 };
/* Where the data is, as database_open() takes it. */
bool data_place(const struct options *options, char place[PLACE_BYTES], struct error *err) MUST_USE;
/* Opens the installation's data, which must be there: a mistyped folder is not made. */
bool open_data(const struct options *options, struct database **ret, struct error *err) MUST_USE;
/* The same for data that is to be copied, or upgraded: it may be of an older version. */
bool open_copy(const struct options *options, struct database **ret, struct error *err) MUST_USE;
/* The same, making the folder and the file if they are not there: for the first commands of a new installation. */
bool make_data(const struct options *options, struct database **ret, struct error *err) MUST_USE;
enum { KEYS_PATH_BYTES = 4096 };
/* Where the keys of the installation are; ERROR_INPUT: beside a PostgreSQL database only --keys can say it. */
bool keys_path(const struct options *options, char path[KEYS_PATH_BYTES], struct error *err) MUST_USE;
/* Opens them; ERROR_NOT_FOUND: the detail says how they are made. */
bool open_keys(const struct options *options, keeper_fault_fn *on_fault, struct keeper **ret, struct error *err) MUST_USE;
/* The data is read and written with them; ERROR_INPUT: the data knows other ones (known_keys.c). */
bool use_keys(struct database *database, struct keeper *keeper, struct error *err) MUST_USE;
/* make_data() and its keys, which must be there, for the first commands that seal. */
bool make_sealed_data(const struct options *options, struct database **ret, struct keeper **ret_keeper,
                      struct error *err) MUST_USE;
/* ERROR_INPUT: these are not all the keys the data knows, or the current one is retired. */
bool keys_fit(struct db *db, const struct key_ring *ring, struct error *err) MUST_USE;
/* The same, and the data knows the current one: what is sealed with it is never left without a trace of its key. */
bool keys_may_seal(struct db *db, const struct key_ring *ring, struct error *err) MUST_USE;
bool key_may_be_used(struct db *db, const struct key *key, struct error *err) MUST_USE; /* as the current one */
/* The highest number the data knows, retired ones too; 0: it knows no key. */
bool known_key_last(struct db *db, int32_t *ret_number, struct error *err) MUST_USE;
/* Tries to open all sealed values of the data. The ring may be empty. */
struct sealed_counts;
bool count_sealed(struct db *db, const struct key_ring *ring, struct sealed_counts *ret, struct error *err) MUST_USE;
/* The data knows these from now on; it does not ask for that one any more; it does again. */
bool remember_keys(struct txn *txn, const struct key_ring *ring, struct error *err) MUST_USE;
bool retire_known_key(struct txn *txn, const struct key *key, struct error *err) MUST_USE;
bool revive_known_key(struct txn *txn, const struct key *key, struct error *err) MUST_USE;
/* The data knows these alone, whatever it knew. */
bool take_keys(struct txn *txn, const struct key_ring *ring, struct error *err) MUST_USE;

/* In the data folder: a line for each day (platform/audit/anchor.h). */
#define ANCHORS_FILE "anchors.txt"
struct app;
struct background;
/* Once a day in a server: struct app's daily. */
bool keep_anchor_of_day(const struct app *app, struct background *background, struct error *err) MUST_USE;
/* After other data has taken the place of the one they were made of: anchors.txt.before. */
bool set_anchors_aside(const struct options *options, struct error *err) MUST_USE;

/* Brings data of an older program to this one's tables, where there is such (platform/db/upgrade.h). */
bool upgrade_data(const struct options *options, struct keeper *keeper, struct upgraded *ret,
                  struct error *err) MUST_USE;
/* Runs one change in a transaction of its own, with no server beside it. */
bool run_change(struct database *database, change_fn *change, void *self, struct error *err) MUST_USE;
