#include "platform/serve/writer.h"

#include "platform/audit/audit.h"
#include "platform/limits.h"
#include "platform/serve/timed.h"

#include <pthread.h>
#include <stdlib.h>

struct writer {
    struct db *db;
    struct ids *ids;
    clock_fn *clock;
    struct audit_heads heads;
    int last_size; /* of the batch before */
    int64_t last_commit_us;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t arrived;
    struct change *first, *last;
    int waiting;
    int wanted; /* changes that are worth waking up for */
    bool is_stopping;
    struct writer_counts counts;
};

static bool run_one(struct writer *writer, struct change *change)
{
    struct txn txn = { .db = writer->db, .ids = writer->ids, .now = writer->clock(), .heads = &writer->heads };
    change->failed = true;
    if (!db_mark(writer->db, &change->err))
        return false;
    if (change->run(change->self, &txn, &change->err)) {
        if (txn.audited == 0 && db_has_changed(writer->db))
            BUG("a change was written and not audited");
        change->failed = !db_keep(writer->db, &change->err);
    }
    if (!change->failed)
        return true;
    audit_heads_forget(&writer->heads);
    return db_undo(writer->db);
}

static void fail_all(struct change *first, const struct error *err)
{
    for (struct change *change = first; change; change = change->next) {
        change->failed = true;
        change->err = *err;
    }
}

enum batch {
    BATCH_ENDED, /* made, or refused one by one, or failed together */
    BATCH_AGAIN, /* nothing of it is kept: the engine threw it away (disk full, I/O), or a server was lost before the commit */
    BATCH_AWAY   /* nothing was begun: nobody takes changes */
};

/* err says why, but for a batch that has ended. */
static enum batch run_batch(struct writer *writer, struct change *first, struct error *err)
{
    audit_heads_forget(&writer->heads);
    if (!db_begin(writer->db, writer->ids, err))
        return BATCH_AWAY;
    for (struct change *change = first; change; change = change->next) {
        if (!run_one(writer, change)) {
            *err = change->err;
            db_rollback(writer->db);
            return BATCH_AGAIN;
        }
    }
    int64_t since = monotonic_us();
    bool ok = db_commit(writer->db, writer->ids, err);
    writer->last_commit_us = monotonic_us() - since;
    if (ok)
        return BATCH_ENDED;
    if (err->kind == ERROR_BUSY)
        return BATCH_AGAIN;
    fail_all(first, err);
    return BATCH_ENDED;
}

/*
 * One transaction each, so that the change that broke the batch takes nobody with it.  Beginning has waited for a server as long
 * as anybody may wait: where there is none, the rest need not wait as long again, each.
 */
static void run_singly(struct writer *writer, struct change *first)
{
    struct error err;
    for (struct change *change = first; change; change = change->next) {
        struct change *next = change->next;
        change->next = NULL;
        enum batch end = run_batch(writer, change, &err);
        change->next = next;
        if (end == BATCH_AWAY) {
            fail_all(change, &err);
            return;
        }
        if (end == BATCH_AGAIN) {
            change->failed = true;
            change->err = err;
        }
    }
}

static void run(struct writer *writer, struct change *first)
{
    struct error err;
    enum batch end = run_batch(writer, first, &err);
    if (end == BATCH_AWAY)
        fail_all(first, &err);
    else if (end == BATCH_AGAIN)
        run_singly(writer, first);
}

static void answer(struct writer *writer, struct change *first)
{
    struct writer_counts add = { .batches = 1 };
    for (struct change *change = first; change; change = change->next) {
        add.changes++;
        add.failed += change->failed;
    }
    pthread_mutex_lock(&writer->lock);
    writer->counts.batches += add.batches;
    writer->counts.changes += add.changes;
    writer->counts.failed += add.failed;
    pthread_mutex_unlock(&writer->lock);
    for (struct change *change = first; change;) {
        struct change *next = change->next; /* done() gives the memory back */
        change->done(change->self, change->failed ? &change->err : NULL);
        change = next;
    }
}

/*
 * Several were answered together, and who sent them is likely to send again: a commit for the first of them alone would let all
 * others wait.  They are given a part of what that commit would take.
 */
static void gather(struct writer *writer)
{
    int64_t until = monotonic_us() + writer->last_commit_us / 4;
    bool is_early = true;
    writer->wanted = writer->last_size;
    while (writer->waiting < writer->wanted && !writer->is_stopping && is_early)
        is_early = timed_wait(&writer->arrived, &writer->lock, until);
}

/* Waits for work and takes up to a batch of it; NULL when it is time to end. */
static struct change *take(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    writer->wanted = 1;
    while (!writer->first && !writer->is_stopping)
        pthread_cond_wait(&writer->arrived, &writer->lock);
    if (writer->last_size > 1)
        gather(writer);
    struct change *first = writer->first;
    struct change *last = first;
    int taken = first ? 1 : 0;
    while (last && last->next && taken < LIMIT_WRITER_BATCH) {
        last = last->next;
        taken++;
    }
    if (last) {
        writer->first = last->next;
        last->next = NULL;
        if (!writer->first)
            writer->last = NULL;
    }
    writer->waiting -= taken;
    writer->last_size = taken;
    pthread_mutex_unlock(&writer->lock);
    return first;
}

static void *writer_main(void *self)
{
    struct writer *writer = self;
    struct change *first = take(writer);
    while (first) {
        run(writer, first);
        answer(writer, first);
        first = take(writer);
    }
    return NULL;
}

bool writer_start(struct database *database, struct ids *ids, clock_fn *clock, struct writer **ret, struct error *err)
{
    struct db *db;
    if (!database_writer(database, &db, err))
        return false;
    struct writer *writer = calloc(1, sizeof *writer); /* depcheck: allow malloc - shared by threads, outlives arenas */
    if (!writer)
        BUG("out of memory");
    writer->db = db;
    writer->ids = ids;
    writer->clock = clock;
    pthread_mutex_init(&writer->lock, NULL);
    timed_init(&writer->arrived);
    if (pthread_create(&writer->thread, NULL, writer_main, writer) != 0)
        BUG("no thread for the writer");
    *ret = writer;
    return true;
}

bool writer_submit(struct writer *writer, struct change *change, struct error *err)
{
    change->next = NULL;
    pthread_mutex_lock(&writer->lock);
    bool is_full = writer->waiting >= LIMIT_WRITER_QUEUE || writer->is_stopping;
    if (!is_full) {
        if (writer->last)
            writer->last->next = change;
        else
            writer->first = change;
        writer->last = change;
        writer->waiting++;
        if (writer->waiting >= writer->wanted)
            pthread_cond_signal(&writer->arrived);
    }
    pthread_mutex_unlock(&writer->lock);
    return !is_full || error_fail(err, ERROR_BUSY, "too many changes wait");
}

struct writer_counts writer_counts(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    struct writer_counts counts = writer->counts;
    pthread_mutex_unlock(&writer->lock);
    return counts;
}

void writer_drain(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    writer->is_stopping = true;
    pthread_cond_signal(&writer->arrived);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
}

void writer_free(struct writer *writer)
{
    db_release(writer->db);
    pthread_cond_destroy(&writer->arrived);
    pthread_mutex_destroy(&writer->lock);
    free(writer); /* depcheck: allow malloc - see writer_start */
}
