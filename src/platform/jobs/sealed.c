#include "platform/jobs/sealed.h"

#include "platform/crypt/reseal.h"
#include "platform/jobs/jobs.h"

#include "gen/jobs_queries.h"

#define JOB_PAYLOAD "job.payload"
#define JOB_RESULT "job.result"

enum { LARGE_AT_ONCE = 4 }; /* each may be as large as an upload */

struct str job_payload_seal(const struct txn *txn, struct job_id id, struct str payload, struct arena *arena)
{
    return crypt_seal(crypt_ring(txn->db), (struct sealed_place){ JOB_PAYLOAD, id.n }, payload, arena);
}

bool job_payload_open(const struct db *db, struct job_id id, struct str sealed, struct arena *arena, struct str *ret,
                      struct error *err)
{
    return crypt_open(crypt_ring(db), (struct sealed_place){ JOB_PAYLOAD, id.n }, sealed, arena, ret, err);
}

struct str job_result_seal(const struct txn *txn, struct job_id id, struct str result, struct arena *arena)
{
    return crypt_seal(crypt_ring(txn->db), (struct sealed_place){ JOB_RESULT, id.n }, result, arena);
}

bool job_result_open(const struct db *db, struct job_id id, struct str sealed, struct arena *arena, struct str *ret,
                     struct error *err)
{
    return crypt_open(crypt_ring(db), (struct sealed_place){ JOB_RESULT, id.n }, sealed, arena, ret, err);
}

/* --- all ------------------------------------------------------------------------------------------------------------ */

static bool next_payloads(struct db *db, int64_t district, int64_t record, int64_t limit, struct arena *arena,
                          struct sealed_rows *ret, struct error *err)
{
    struct job_payload_sealed_rows rows;
    struct job_payload_sealed_args args = { district, { record }, limit };
    if (!job_payload_sealed(db, &args, arena, &rows, err))
        return false;
    *ret = (struct sealed_rows){ arena_new(arena, struct sealed_row, rows.n), rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++)
        ret->at[i] = (struct sealed_row){ rows.at[i].district, rows.at[i].job.n, 0, rows.at[i].bytes };
    return true;
}

static bool put_payload(struct txn *txn, const struct sealed_row *row, struct str sealed, int64_t *ret_changed,
                        struct error *err)
{
    struct job_payload_reseal_args args = { .bytes = sealed, .district = row->district, .job = { row->record },
                                            .was = row->sealed };
    return job_payload_reseal(txn, &args, ret_changed, err);
}

static bool next_results(struct db *db, int64_t district, int64_t record, int64_t limit, struct arena *arena,
                         struct sealed_rows *ret, struct error *err)
{
    struct job_result_sealed_rows rows;
    struct job_result_sealed_args args = { district, { record }, limit };
    if (!job_result_sealed(db, &args, arena, &rows, err))
        return false;
    *ret = (struct sealed_rows){ arena_new(arena, struct sealed_row, rows.n), rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++)
        ret->at[i] = (struct sealed_row){ rows.at[i].district, rows.at[i].id.n, 0, rows.at[i].result };
    return true;
}

static bool put_result(struct txn *txn, const struct sealed_row *row, struct str sealed, int64_t *ret_changed,
                       struct error *err)
{
    struct job_result_reseal_args args = { .result = sealed, .district = row->district, .id = { row->record },
                                           .was = row->sealed };
    return job_result_reseal(txn, &args, ret_changed, err);
}

const struct sealed_column job_payload_column = {
    .name = JOB_PAYLOAD, .at_once = LARGE_AT_ONCE, .next = next_payloads, .put = put_payload
};
const struct sealed_column job_result_column = {
    .name = JOB_RESULT, .at_once = LARGE_AT_ONCE, .next = next_results, .put = put_result
};
