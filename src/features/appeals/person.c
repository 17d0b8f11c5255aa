#include "features/appeals/person.h"

#include "gen/appeals_queries.h"

#define COLUMN "appeal.person"

/* Between name and phone: a control character, which nobody can type into either. */
#define UNIT_SEPARATOR '\x1f'

struct str appeal_person_seal(const struct txn *txn, int64_t district, struct appeal_id id, const struct appeal_person *person,
                              struct arena *arena)
{
    struct str both = str_format(arena, "%.*s%c%.*s", STR_ARG(person->name), UNIT_SEPARATOR, STR_ARG(person->phone));
    return crypt_seal(crypt_ring(txn->db), (struct sealed_place){ COLUMN, id.n, district }, both, arena);
}

bool appeal_person_open(const struct db *db, int64_t district, struct appeal_id id, struct str sealed, struct arena *arena,
                        struct appeal_person *ret, struct error *err)
{
    struct str both;
    *ret = (struct appeal_person){ 0 };
    if (!crypt_open(crypt_ring(db), (struct sealed_place){ COLUMN, id.n, district }, sealed, arena, &both, err))
        return false;
    (void)str_cut(both, UNIT_SEPARATOR, &ret->name, &ret->phone);
    return true;
}

static bool next_appeals(struct db *db, int64_t district, int64_t record, int64_t limit, struct arena *arena,
                         struct sealed_rows *ret, struct error *err)
{
    struct appeal_sealed_rows rows;
    struct appeal_sealed_args args = { .district = district, .id = { record }, .limit = limit };
    if (!appeal_sealed(db, &args, arena, &rows, err))
        return false;
    *ret = (struct sealed_rows){ arena_new(arena, struct sealed_row, rows.n), rows.n };
    for (ptrdiff_t i = 0; i < rows.n; i++)
        ret->at[i] = (struct sealed_row){ rows.at[i].district, rows.at[i].id.n, rows.at[i].version, rows.at[i].person,
                                          rows.at[i].district };
    return true;
}

static bool put_appeal(struct txn *txn, const struct sealed_row *row, struct str sealed, int64_t *ret_changed, struct error *err)
{
    struct appeal_reseal_args args = { .person = sealed,         .district = row->district, .id = { row->record },
                                       .version = row->version, .was = row->sealed };
    return appeal_reseal(txn, &args, ret_changed, err);
}

const struct sealed_column appeal_person_column = { .name = COLUMN, .next = next_appeals, .put = put_appeal };
