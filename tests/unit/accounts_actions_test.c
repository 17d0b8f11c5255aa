/*
 * accounts_actions_test.c - accounts, rights and sessions on a real data file.
 */
#include "features/accounts/actions.h"
#include "features/accounts/address.h"
#include "features/accounts/find.h"
#include "harness/place.h"
#include "platform/audit/audit.h"
#include "platform/db/ids.h"
#include "platform/limits.h"

#include "gen/accounts_queries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include <sodium.h>
#include <unistd.h>

static const int64_t SECOND = 1000000;
static const struct division nation = { 0 };
static const struct division district = { INT64_C(440606000000) };
static const struct division town = { INT64_C(440606102000) };
static const struct division neighbour = { INT64_C(440605000000) };
static const struct visit visit = { STR_INIT("10.0.0.7"), STR_INIT("Mozilla/5.0 (Windows NT 10.0) Edg/130.0") };

struct world {
    char folder[40], path[60];
    struct database *database;
    struct db *db;
    struct ids ids;
    struct arena arena;
    struct txn txn;
    struct problems problems;
    struct error err;
    struct str hash; /* of PASSWORD */
    struct actor root;
};

#define PASSWORD STR("三棵老榕树在河边上站着")

static struct world world;

/* Each change in a transaction of its own, as the writer does it. */
static void begin(void)
{
    world.txn = (struct txn){ .db = world.db, .ids = &world.ids, .now = world.txn.now };
    world.problems = (struct problems){ .arena = &world.arena };
    world.err = (struct error){ 0 };
    assert_true(db_begin(world.db, &world.ids, &world.err));
}

static void commit(void)
{
    assert_true(world.txn.audited > 0);
    assert_true(db_commit(world.db, &world.ids, &world.err));
}

/* What was refused has a problem beside this field. */
static void assert_refused(bool ok, const char *key)
{
    assert_false(ok);
    assert_int_equal(world.problems.n, 1);
    assert_string_equal(world.problems.at[0].text.key->name, key);
}

static void assert_fault(bool ok, enum error_kind kind)
{
    assert_false(ok);
    assert_int_equal(world.problems.n, 0);
    assert_string_equal(error_kind_name(world.err.kind), error_kind_name(kind));
}

static struct account_id add_account(struct str login, bool must_change)
{
    struct account_id id;
    struct new_account account = {
        .login = login, .name = STR("何佩珊"), .hash = world.hash, .must_change = must_change
    };
    begin();
    assert_true(account_create(&world.txn, &account, &id, &world.err));
    commit();
    return id;
}

static void give(struct account_id id, enum role role, int line, struct division division)
{
    begin();
    assert_true(account_grant(&world.txn, (struct account_id){ 0 }, id, (struct grant){ role, { line }, division },
                              &world.err));
    commit();
}

static struct actor actor_of(struct account_id id)
{
    struct actor actor = { .account = id };
    struct grants grants;
    assert_true(account_grants(world.db, id, &world.arena, &grants, &world.err));
    for (int i = 0; i < grants.n; i++)
        actor.grants[actor.grant_count++] = grants.at[i];
    return actor;
}

static int open_world(void **state)
{
    static const struct schema *const schemas[] = { &audit_schema, &accounts_schema };
    (void)state;
    world = (struct world){ .folder = "/tmp/accounts-test-XXXXXX", .ids = { .is_counting = true } };
    world.txn.now = (struct instant){ INT64_C(1795500000) * SECOND };
    if (sodium_init() < 0 || !mkdtemp(world.folder))
        return -1;
    (void)snprintf(world.path, sizeof world.path, "%s/data.db", world.folder);
    world.hash = password_hash(&world.arena, PASSWORD);
    if (!database_open(test_place(&world.arena, world.path), schemas, (int)COUNT_OF(schemas), &world.database, &world.err) ||
        !database_writer(world.database, &world.db, &world.err))
        return -1;
    struct account_id root = add_account(STR("root"), false);
    give(root, ROLE_ADMINISTRATOR, 0, nation);
    world.root = actor_of(root);
    return 0;
}

static int close_world(void **state)
{
    char other[80];
    (void)state;
    db_release(world.db);
    database_close(world.database);
    arena_release(&world.arena);
    (void)unlink(world.path);
    (void)snprintf(other, sizeof other, "%s-wal", world.path);
    (void)unlink(other);
    (void)snprintf(other, sizeof other, "%s-shm", world.path);
    (void)unlink(other);
    return rmdir(world.folder);
}

/* --- accounts and rights ------------------------------------------------------------------------------------- */

static void test_an_account_is_made_once(void **state)
{
    struct account account;
    struct account_id id = add_account(STR("peishan"), true), again;
    struct new_account twin = { .login = STR("peishan"), .name = STR("另一个"), .hash = world.hash };
    (void)state;
    assert_true(account_load(world.db, id, &world.arena, &account, &world.err));
    assert_true(str_equal(account.name, STR("何佩珊")) && account.is_active && account.must_change);
    assert_int_equal(account.version, 1);
    assert_true(str_equal(account_name(world.db, id, &world.arena), STR("何佩珊")));
    assert_int_equal(account_name(world.db, (struct account_id){ 0 }, &world.arena).len, 0);

    begin();
    assert_fault(account_create(&world.txn, &twin, &again, &world.err), ERROR_CONFLICT);
    twin.login = STR("Pei Shan");
    assert_fault(account_create(&world.txn, &twin, &again, &world.err), ERROR_REFUSED);
    twin = (struct new_account){ .login = STR("twin"), .hash = world.hash };
    assert_fault(account_create(&world.txn, &twin, &again, &world.err), ERROR_REFUSED);
    db_rollback(world.db);
}

static void test_a_right_is_given_and_taken_once(void **state)
{
    struct account_id id = add_account(STR("peishan"), false), by = world.root.account;
    struct grant grant = { ROLE_TOWN_OFFICER, { 2 }, town };
    (void)state;
    give(id, ROLE_TOWN_OFFICER, 2, town);
    assert_int_equal(actor_of(id).grant_count, 1);
    begin();
    assert_fault(account_grant(&world.txn, by, id, grant, &world.err), ERROR_CONFLICT);
    db_rollback(world.db);
    begin();
    assert_true(account_revoke(&world.txn, by, id, grant, &world.err));
    commit();
    begin();
    assert_fault(account_revoke(&world.txn, by, id, grant, &world.err), ERROR_CONFLICT);
    db_rollback(world.db);
    assert_int_equal(actor_of(id).grant_count, 0);
}

static void test_a_manager_stays_inside(void **state)
{
    struct account_id officer_id = add_account(STR("officer"), false), id;
    struct account_id far = add_account(STR("far"), false);
    struct grant here = { ROLE_TOWN_OFFICER, { 1 }, town }, there = { ROLE_TOWN_OFFICER, { 1 }, neighbour };
    struct new_account fresh = {
        .login = STR("fresh"), .name = STR("新人"), .hash = world.hash, .must_change = true
    };
    struct arena *arena = &world.arena;
    (void)state;
    give(officer_id, ROLE_DISTRICT_OFFICER, 1, district);
    give(far, ROLE_TOWN_OFFICER, 1, neighbour);
    struct actor officer = actor_of(officer_id);

    begin();
    assert_refused(account_open(&world.txn, &officer, &fresh, &there, &world.problems, &id, &world.err),
                   "account_grant_too_wide");
    db_rollback(world.db);
    begin();
    fresh.login = STR("far");
    assert_refused(account_open(&world.txn, &officer, &fresh, &here, &world.problems, &id, &world.err),
                   "account_login_taken");
    db_rollback(world.db);
    begin();
    fresh.login = STR("fresh");
    assert_true(account_open(&world.txn, &officer, &fresh, &here, &world.problems, &id, &world.err));
    commit();

    begin();
    assert_refused(account_give(&world.txn, &officer, id, &here, arena, &world.problems, &world.err),
                   "account_grant_there");
    db_rollback(world.db);
    begin();
    assert_fault(account_give(&world.txn, &officer, far, &here, arena, &world.problems, &world.err),
                 ERROR_NOT_FOUND);
    assert_fault(account_take(&world.txn, &officer, far, &there, arena, &world.err), ERROR_NOT_FOUND);
    assert_fault(account_reset(&world.txn, &officer, far, world.hash, arena, &world.err), ERROR_NOT_FOUND);
    assert_fault(account_switch(&world.txn, &officer, officer_id, false, arena, &world.err), ERROR_FORBIDDEN);
    db_rollback(world.db);
    begin();
    assert_true(account_take(&world.txn, &officer, id, &here, arena, &world.err));
    commit();
}

static void test_the_list_is_the_managers(void **state)
{
    struct account_id a = add_account(STR("a1"), false), b = add_account(STR("b1"), false);
    struct account_list_rows rows;
    struct scope scope = scope_of(district, (struct line){ 0 });
    struct account_list_args args = { .from = scope.from, .to = scope.to, .who = { 77 }, .limit = 10 };
    (void)state;
    give(a, ROLE_TOWN_OFFICER, 1, town);
    give(b, ROLE_TOWN_OFFICER, 1, neighbour);
    (void)add_account(STR("c1"), false); /* without a right */
    assert_true(account_list(world.db, &args, &world.arena, &rows, &world.err));
    assert_int_equal(rows.n, 1);
    assert_int_equal(rows.at[0].id.n, a.n);

    scope = scope_of(nation, (struct line){ 0 });
    args = (struct account_list_args){ .from = scope.from, .to = scope.to, .is_nation = true, .limit = 10 };
    assert_true(account_list(world.db, &args, &world.arena, &rows, &world.err));
    assert_int_equal(rows.n, 4);
    args.by_after = true;
    args.after = STR("b1");
    assert_true(account_list(world.db, &args, &world.arena, &rows, &world.err));
    assert_int_equal(rows.n, 2);
    args.by_search = true;
    args.q = args.q_login = STR("ro");
    assert_true(account_list(world.db, &args, &world.arena, &rows, &world.err));
    assert_int_equal(rows.n, 1);
    args.q = STR("何佩");
    args.q_login = STR("何佩");
    assert_true(account_list(world.db, &args, &world.arena, &rows, &world.err));
    assert_int_equal(rows.n, 2);
}

static void test_who_could_take_it_on(void **state)
{
    struct account_id a = add_account(STR("a1"), false), b = add_account(STR("b1"), false);
    struct account_choices choices;
    (void)state;
    give(a, ROLE_TOWN_OFFICER, 1, town);
    give(a, ROLE_TOWN_OFFICER, 2, town);
    give(b, ROLE_DISTRICT_OFFICER, 0, district);
    unsigned both = HAS(TOWN_OFFICER) | HAS(DISTRICT_OFFICER);
    const struct {
        unsigned roles;
        struct division division;
        int line;
        ptrdiff_t n;
    } cases[] = {
        { both, town, 1, 2 },
        { both, { town.code + 1 }, 1, 2 },
        { both, town, 0, 2 },
        { both, town, 3, 1 },
        { HAS(TOWN_OFFICER), town, 3, 0 },
        { both, district, 1, 1 },
        { both, neighbour, 1, 0 },
        { HAS(ADMINISTRATOR), neighbour, 1, 1 },
    };
    for (ptrdiff_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(accounts_with_role(world.db, cases[i].roles, cases[i].division, (struct line){ cases[i].line },
                                       &world.arena, &choices, &world.err));
        assert_int_equal(choices.n, cases[i].n);
    }
}

/* --- signing in ---------------------------------------------------------------------------------------------- */

static bool sign_in(struct str login, struct str password, struct signed_in *ret)
{
    struct verified verified;
    assert_true(account_verify(world.db, login, password, visit.network, world.txn.now, &world.arena, &verified,
                               &world.err));
    begin();
    bool ok = account_sign_in(&world.txn, &verified, &visit, &world.arena, &world.problems, ret, &world.err);
    if (world.txn.audited > 0)
        commit(); /* also a failure stays */
    else
        db_rollback(world.db);
    return ok;
}

static struct account_id holder(struct str token, int64_t after_seconds, int *ret_grants)
{
    struct session session;
    struct actor actor;
    struct instant then = { world.txn.now.us + after_seconds * SECOND };
    assert_true(accounts_authenticate(world.db, token, then, &world.arena, &session, &actor, &world.err));
    assert_true((session.id != 0) == (actor.account.n != 0) && (session.csrf.len > 0) == (session.id != 0));
    *ret_grants = actor.grant_count;
    return actor.account;
}

static void test_a_session_lasts_so_long(void **state)
{
    struct account_id id = add_account(STR("peishan"), false);
    struct signed_in in, second;
    struct session_of_account_rows rows;
    int64_t whole = LIMIT_SESSION_HOURS * 3600;
    int n;
    (void)state;
    give(id, ROLE_TOWN_OFFICER, 1, town);
    assert_true(sign_in(STR("peishan"), PASSWORD, &in));
    assert_false(in.must_change);
    assert_int_equal(holder(in.token, 0, &n).n, id.n);
    assert_int_equal(n, 1);
    assert_int_equal(holder(in.token, whole - 1, &n).n, id.n);
    assert_int_equal(holder(in.token, whole, &n).n, 0);
    assert_int_equal(holder(STR("no such token"), 0, &n).n, 0);
    assert_int_equal(holder(STR(""), 0, &n).n, 0);

    /* the next sign-in after it clears it away */
    world.txn.now.us += whole * SECOND;
    assert_true(sign_in(STR("peishan"), PASSWORD, &second));
    struct session_of_account_args all = { .account = id, .limit = 10 };
    assert_true(session_of_account(world.db, &all, &world.arena, &rows, &world.err));
    assert_int_equal(rows.n, 1);
    assert_true(str_equal(rows.at[0].address, visit.address));
}

static void test_failures_lock_for_longer_and_longer(void **state)
{
    struct account_id id = add_account(STR("peishan"), false);
    struct account account;
    struct signed_in in;
    (void)state;
    for (int i = 0; i < LIMIT_SIGN_IN_FAILURES; i++)
        assert_refused(sign_in(STR("peishan"), STR("wrong"), &in), "account_wrong");
    assert_refused(sign_in(STR("peishan"), PASSWORD, &in), "account_wrong"); /* even the right one, in the same words */
    assert_refused(sign_in(STR("peishan"), STR("wrong"), &in), "account_wrong");
    assert_true(account_load(world.db, id, &world.arena, &account, &world.err));
    assert_int_equal(account.failures, LIMIT_SIGN_IN_FAILURES); /* waiting does not count */
    assert_int_equal(account.locked_until.us - world.txn.now.us, 30 * SECOND);

    world.txn.now.us += 30 * SECOND;
    assert_refused(sign_in(STR("peishan"), STR("wrong"), &in), "account_wrong");
    assert_true(account_load(world.db, id, &world.arena, &account, &world.err));
    assert_int_equal(account.locked_until.us - world.txn.now.us, 60 * SECOND);

    world.txn.now.us += 60 * SECOND;
    assert_true(sign_in(STR("peishan"), PASSWORD, &in));
    assert_true(account_load(world.db, id, &world.arena, &account, &world.err));
    assert_int_equal(account.failures, 0);
}

static void test_strangers_and_those_switched_off(void **state)
{
    struct account_id id = add_account(STR("peishan"), false);
    struct signed_in in;
    int n;
    (void)state;
    assert_refused(sign_in(STR("nobody"), PASSWORD, &in), "account_wrong");
    assert_true(sign_in(STR("peishan"), PASSWORD, &in));
    begin();
    assert_true(account_switch(&world.txn, &world.root, id, false, &world.arena, &world.err));
    commit();
    assert_int_equal(holder(in.token, 0, &n).n, 0);
    assert_refused(sign_in(STR("peishan"), PASSWORD, &in), "account_wrong");
    begin();
    assert_fault(account_switch(&world.txn, &world.root, id, false, &world.arena, &world.err), ERROR_CONFLICT);
    db_rollback(world.db);
}

/* What a worker found is worth nothing once the password is another. */
static void test_a_password_changed_meanwhile(void **state)
{
    struct account_id id = add_account(STR("peishan"), false);
    struct verified verified;
    struct signed_in in;
    (void)state;
    assert_true(account_verify(world.db, STR("peishan"), PASSWORD, visit.network, world.txn.now, &world.arena, &verified,
                               &world.err));
    assert_true(verified.is_right);
    begin();
    assert_true(account_reset(&world.txn, &world.root, id, password_hash(&world.arena, STR("first-password")),
                              &world.arena, &world.err));
    commit();
    begin();
    assert_refused(account_sign_in(&world.txn, &verified, &visit, &world.arena, &world.problems, &in, &world.err),
                   "account_wrong");
    db_rollback(world.db);
}

/* --- passwords ----------------------------------------------------------------------------------------------- */

static bool change_password(const struct actor *who, struct str old, struct str fresh, struct str again,
                            int64_t session)
{
    struct verified verified;
    struct new_password password = { .old = old, .fresh = fresh, .again = again, .session = session };
    assert_true(account_verify_own(world.db, who->account, old, &world.arena, &verified, &world.err));
    password.fresh_hash = password_hash(&world.arena, fresh);
    begin();
    bool ok = account_change_password(&world.txn, who, &verified, &password, &world.arena, &world.problems,
                                      &world.err);
    if (world.txn.audited > 0)
        commit();
    else
        db_rollback(world.db);
    return ok;
}

static void test_a_first_password_gives_no_rights(void **state)
{
    struct account_id id = add_account(STR("peishan"), true);
    struct signed_in here, there;
    struct session session;
    struct actor actor;
    struct str fresh = STR("一句只有我知道的话呀");
    int n;
    (void)state;
    give(id, ROLE_TOWN_OFFICER, 1, town);
    assert_true(sign_in(STR("peishan"), PASSWORD, &there));
    assert_true(sign_in(STR("peishan"), PASSWORD, &here));
    assert_true(here.must_change);
    assert_int_equal(holder(here.token, 0, &n).n, id.n);
    assert_int_equal(n, 0);
    assert_true(accounts_authenticate(world.db, here.token, world.txn.now, &world.arena, &session, &actor,
                                      &world.err));

    assert_refused(change_password(&actor, PASSWORD, STR("short"), STR("short"), session.id),
                   "account_password_short");
    assert_refused(change_password(&actor, PASSWORD, PASSWORD, PASSWORD, session.id), "account_password_same");
    assert_refused(change_password(&actor, PASSWORD, fresh, STR("x"), session.id), "account_password_differs");
    assert_refused(change_password(&actor, STR("wrong"), fresh, fresh, session.id), "account_password_wrong");
    assert_true(change_password(&actor, PASSWORD, fresh, fresh, session.id));

    assert_int_equal(holder(here.token, 0, &n).n, id.n);
    assert_int_equal(n, 1);
    assert_int_equal(holder(there.token, 0, &n).n, 0); /* other sessions are over */
    assert_refused(sign_in(STR("peishan"), PASSWORD, &there), "account_wrong");
    assert_true(sign_in(STR("peishan"), fresh, &there));
}

static int grants_now(struct account_id id)
{
    struct actor actor;
    assert_true(accounts_actor(world.db, id, &world.arena, &actor, &world.err));
    assert_int_equal(actor.account.n, id.n);
    return actor.grant_count;
}

static void test_work_that_goes_on_asks_again(void **state)
{
    struct account_id id = add_account(STR("peishan"), false), fresh = add_account(STR("fresh"), true);
    struct actor nobody;
    (void)state;
    give(id, ROLE_TOWN_OFFICER, 1, town);
    give(fresh, ROLE_TOWN_OFFICER, 1, town);
    assert_int_equal(grants_now(id), 1);
    assert_int_equal(grants_now(fresh), 0); /* still has its first password */
    begin();
    assert_true(account_switch(&world.txn, &world.root, id, false, &world.arena, &world.err));
    commit();
    assert_int_equal(grants_now(id), 0);
    assert_fault(accounts_actor(world.db, (struct account_id){ 999 }, &world.arena, &nobody, &world.err),
                 ERROR_NOT_FOUND);
}

static void test_only_ones_own_session_ends(void **state)
{
    struct account_id id = add_account(STR("peishan"), false);
    struct signed_in in;
    struct session session;
    struct actor actor;
    int n;
    (void)state;
    assert_true(sign_in(STR("peishan"), PASSWORD, &in));
    assert_true(accounts_authenticate(world.db, in.token, world.txn.now, &world.arena, &session, &actor,
                                      &world.err));
    begin();
    assert_fault(account_end_session(&world.txn, &world.root, session.id, &world.err), ERROR_NOT_FOUND);
    db_rollback(world.db);
    assert_int_equal(holder(in.token, 0, &n).n, id.n);
    begin();
    assert_true(account_sign_out(&world.txn, &actor, session.id, &world.err));
    commit();
    assert_int_equal(holder(in.token, 0, &n).n, 0);
}

static void test_the_chain_holds(void **state)
{
    struct audit_report report;
    struct signed_in in;
    (void)state;
    (void)add_account(STR("peishan"), false);
    assert_refused(sign_in(STR("peishan"), STR("wrong"), &in), "account_wrong");
    assert_true(sign_in(STR("peishan"), PASSWORD, &in));
    assert_true(audit_verify(world.db, &world.arena, &report, &world.err));
    assert_int_equal(report.bad_seq, 0);
    assert_int_equal(report.events, 5); /* root made, root's right, made, failed, signed in */
}

/* --- where wrong passwords come from ---------------------------------------------------------------------------- */

/* Whatever a worker found out before; NULL: signed in. */
static const char *try_from(struct str network, const struct verified *verified)
{
    struct visit from = { .address = STR("2001:db8::7"), .network = network };
    struct signed_in in;
    begin();
    bool ok = account_sign_in(&world.txn, verified, &from, &world.arena, &world.problems, &in, &world.err);
    if (world.txn.audited > 0)
        commit();
    else
        db_rollback(world.db);
    return ok ? NULL : world.problems.at[0].text.key->name;
}

static void fill_up(struct str network)
{
    static const struct verified nobody = { .is_right = false };
    struct hold hold;
    for (int i = 0; i < LIMIT_ADDRESS_FAILURES; i++)
        assert_string_equal(try_from(network, &nobody), "account_wrong");
    assert_true(address_look(world.db, network, (struct account_id){ 0 }, world.txn.now, &world.arena, &hold,
                             &world.err));
    assert_true(hold.is_held && !hold.is_familiar);
}

static void test_an_address_is_held_for_a_moment(void **state)
{
    static const struct verified nobody = { .is_right = false };
    struct account_id id = add_account(STR("peishan"), false);
    struct verified right = { .account = id, .version = 1, .is_right = true };
    struct str office = STR("2001:db8::/64");
    (void)state;
    fill_up(office);
    assert_string_equal(try_from(office, &nobody), "account_address_held");
    assert_string_equal(try_from(office, &right), "account_address_held");
    /* the rest of the world goes on, and so does one whose address is not known */
    assert_string_equal(try_from(STR("10.0.0.7"), &nobody), "account_wrong");
    assert_null(try_from(STR("10.0.0.7"), &right));
    assert_null(try_from(STR(""), &right));
    /* a moment later one more try; what was refused did not count, and who gets it right is in */
    world.txn.now.us += LIMIT_ADDRESS_FORGET_SECONDS * SECOND;
    assert_string_equal(try_from(office, &nobody), "account_wrong");
    assert_string_equal(try_from(office, &right), "account_address_held");
    world.txn.now.us += LIMIT_ADDRESS_FORGET_SECONDS * SECOND;
    assert_null(try_from(office, &right));
}

/* What a worker says of peishan's password from there. */
static struct verified look_from(struct str network, struct str login, struct str password)
{
    struct verified verified;
    assert_true(account_verify(world.db, login, password, network, world.txn.now, &world.arena, &verified, &world.err));
    return verified;
}

static const char *sign_in_from(struct str network, struct str login, struct str password)
{
    struct verified verified = look_from(network, login, password);
    return try_from(network, &verified);
}

/* Whoever was here lately is not kept out by the others: the account's own lock-out is what limits guessing at it. */
static void test_who_is_familiar_may_try(void **state)
{
    static const struct verified nobody = { .is_right = false };
    struct account_id id = add_account(STR("peishan"), false);
    struct str office = STR("10.0.0.7"), login = STR("peishan");
    struct account account;
    (void)state;
    (void)add_account(STR("new-here"), false);
    assert_null(sign_in_from(office, login, PASSWORD));
    world.txn.now.us += 29 * INT64_C(86400) * SECOND;
    fill_up(office);
    assert_true(look_from(office, STR("new-here"), PASSWORD).is_held && look_from(office, STR("x9"), PASSWORD).is_held);
    assert_string_equal(sign_in_from(office, STR("new-here"), PASSWORD), "account_address_held");
    assert_null(sign_in_from(office, login, PASSWORD));
    /* wrong ones in the words of everybody else, up to the lock */
    for (int i = 0; i < LIMIT_SIGN_IN_FAILURES; i++)
        assert_string_equal(sign_in_from(office, login, STR("wrong")), "account_address_held");
    assert_true(account_load(world.db, id, &world.arena, &account, &world.err));
    assert_int_equal(account.failures, LIMIT_SIGN_IN_FAILURES);
    assert_true(look_from(office, login, PASSWORD).is_held);
    assert_string_equal(sign_in_from(office, login, PASSWORD), "account_address_held");
    /* and they did not make the hold longer */
    world.txn.now.us += LIMIT_ADDRESS_FORGET_SECONDS * SECOND;
    assert_string_equal(try_from(office, &nobody), "account_wrong");
    world.txn.now.us += 31 * INT64_C(86400) * SECOND;
    fill_up(office);
    assert_string_equal(sign_in_from(office, login, PASSWORD), "account_address_held"); /* too long ago */
}

/* The worker found the network free, the writer does not: refused as held, and nothing is counted. */
static void test_held_meanwhile(void **state)
{
    struct account_id id = add_account(STR("peishan"), false);
    struct str office = STR("10.0.0.7");
    struct verified wrong = look_from(office, STR("peishan"), STR("wrong"));
    struct visit from = { .address = office, .network = office };
    struct signed_in in;
    struct account account;
    (void)state;
    assert_false(wrong.is_held);
    fill_up(office);
    begin();
    assert_refused(account_sign_in(&world.txn, &wrong, &from, &world.arena, &world.problems, &in, &world.err),
                   "account_address_held");
    assert_true(in.is_held && world.txn.audited == 0);
    db_rollback(world.db);
    assert_true(account_load(world.db, id, &world.arena, &account, &world.err));
    assert_int_equal(account.failures, 0);
}

static void test_addresses_are_forgotten(void **state)
{
    static const struct verified nobody = { .is_right = false };
    struct sign_in_address_of row;
    int64_t dropped;
    bool is_found;
    (void)state;
    (void)try_from(STR("10.0.0.1"), &nobody);
    world.txn.now.us += LIMIT_ADDRESS_FORGET_SECONDS * SECOND;
    (void)try_from(STR("10.0.0.2"), &nobody);
    (void)try_from(STR("10.0.0.2"), &nobody);
    (void)try_from(STR("10.0.0.3"), &nobody);
    struct sign_in_address_of_args first = { STR("10.0.0.1") }, second = { STR("10.0.0.2") }, third = { STR("10.0.0.3") };
    assert_true(sign_in_address_of(world.db, &first, &world.arena, &row, &is_found, &world.err) && !is_found);
    /* of too many, the one with the fewest failures goes */
    begin();
    txn_waive_audit(&world.txn);
    assert_true(sign_in_address_trim(&world.txn, &(struct sign_in_address_trim_args){ 1 }, &dropped, &world.err));
    commit();
    assert_int_equal(dropped, 1);
    assert_true(sign_in_address_of(world.db, &second, &world.arena, &row, &is_found, &world.err) && is_found);
    assert_true(sign_in_address_of(world.db, &third, &world.arena, &row, &is_found, &world.err) && !is_found);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_an_account_is_made_once),
        IN_WORLD(test_a_right_is_given_and_taken_once),
        IN_WORLD(test_a_manager_stays_inside),
        IN_WORLD(test_the_list_is_the_managers),
        IN_WORLD(test_who_could_take_it_on),
        IN_WORLD(test_a_session_lasts_so_long),
        IN_WORLD(test_failures_lock_for_longer_and_longer),
        IN_WORLD(test_strangers_and_those_switched_off),
        IN_WORLD(test_a_password_changed_meanwhile),
        IN_WORLD(test_a_first_password_gives_no_rights),
        IN_WORLD(test_work_that_goes_on_asks_again),
        IN_WORLD(test_only_ones_own_session_ends),
        IN_WORLD(test_the_chain_holds),
        IN_WORLD(test_an_address_is_held_for_a_moment),
        IN_WORLD(test_who_is_familiar_may_try),
        IN_WORLD(test_held_meanwhile),
        IN_WORLD(test_addresses_are_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
