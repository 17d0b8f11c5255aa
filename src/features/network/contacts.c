#include "features/network/contacts.h"

#include "features/network/capabilities.h"

#include "gen/network_queries.h"
#include "gen/network_texts.h"

#define UNIT_CONTACT "unit.contact"
#define ORGANISATION_CONTACT "organisation.contact"

/* --- one ------------------------------------------------------------------------------------------------------------ */

/* In a new record, too, the words for what does not open are nobody's name. */
static struct str seal(const struct txn *txn, struct sealed_place place, struct str contact, struct arena *arena)
{
    return crypt_seal(crypt_ring(txn->db), place, contact_is_unread(contact) ? (struct str){ 0 } : contact, arena);
}

struct str unit_contact_seal(const struct txn *txn, int64_t district, struct unit_id id, struct str contact,
                             struct arena *arena)
{
    return seal(txn, (struct sealed_place){ UNIT_CONTACT, id.n, district }, contact, arena);
}

bool unit_contact_open(const struct db *db, int64_t district, struct unit_id id, struct str sealed, struct arena *arena,
                       struct str *ret, struct error *err)
{
    return crypt_open(crypt_ring(db), (struct sealed_place){ UNIT_CONTACT, id.n, district }, sealed, arena, ret, err);
}

struct str organisation_contact_seal(const struct txn *txn, int64_t district, struct organisation_id id,
                                     struct str contact, struct arena *arena)
{
    return seal(txn, (struct sealed_place){ ORGANISATION_CONTACT, id.n, district }, contact, arena);
}

bool organisation_contact_open(const struct db *db, int64_t district, struct organisation_id id, struct str sealed,
                               struct arena *arena, struct str *ret, struct error *err)
{
    struct sealed_place place = { ORGANISATION_CONTACT, id.n, district };
    return crypt_open(crypt_ring(db), place, sealed, arena, ret, err);
}

struct str contact_unread(enum lang lang)
{
    return text_key_contact_unread.forms[lang];
}

bool contact_is_unread(struct str contact)
{
    for (int lang = 0; lang < LANG_COUNT; lang++)
        if (str_equal(contact, contact_unread((enum lang)lang)))
            return true;
    return false;
}

/* --- many ----------------------------------------------------------------------------------------------------------- */

bool contacts_of_units(const struct actor *actor, struct scope scope)
{
    struct scope own; /* a unit belongs to no line */
    return access_scope(actor, &cap_network_contacts, scope.from, (struct line){ 0 }, &own) &&
           own.from.code == scope.from.code && own.to.code >= scope.to.code;
}

bool contacts_of_organisations(const struct actor *actor, struct scope scope)
{
    struct scope own;
    struct line line = { scope.line_from.n == scope.line_to.n ? scope.line_from.n : 0 };
    return access_scope(actor, &cap_network_contacts, scope.from, line, &own) && own.from.code == scope.from.code &&
           own.to.code >= scope.to.code && own.line_from.n <= scope.line_from.n && own.line_to.n >= scope.line_to.n;
}

/* --- all: what keys are changed and older data is sealed by ----------------------------------------------------------- */

#define ROWS_OF(rows, arena, ret)                                                                              \
    do {                                                                                                       \
        *(ret) = (struct sealed_rows){ arena_new(arena, struct sealed_row, (rows).n), (rows).n };               \
        for (ptrdiff_t i = 0; i < (rows).n; i++)                                                               \
            (ret)->at[i] = (struct sealed_row){ (rows).at[i].district, (rows).at[i].id.n, (rows).at[i].version, \
                                                (rows).at[i].contact, (rows).at[i].district };                 \
    } while (0)

static bool next_units(struct db *db, int64_t district, int64_t record, int64_t limit, struct arena *arena,
                       struct sealed_rows *ret, struct error *err)
{
    struct unit_sealed_rows rows;
    struct unit_sealed_args args = { district, { record }, limit };
    if (!unit_sealed(db, &args, arena, &rows, err))
        return false;
    ROWS_OF(rows, arena, ret);
    return true;
}

static bool put_unit(struct txn *txn, const struct sealed_row *row, struct str sealed, int64_t *ret_changed,
                     struct error *err)
{
    struct unit_reseal_args args = { .contact = sealed,          .district = row->district, .id = { row->record },
                                     .version = row->version, .was = row->sealed };
    return unit_reseal(txn, &args, ret_changed, err);
}

static bool next_organisations(struct db *db, int64_t district, int64_t record, int64_t limit, struct arena *arena,
                               struct sealed_rows *ret, struct error *err)
{
    struct organisation_sealed_rows rows;
    struct organisation_sealed_args args = { district, { record }, limit };
    if (!organisation_sealed(db, &args, arena, &rows, err))
        return false;
    ROWS_OF(rows, arena, ret);
    return true;
}

static bool put_organisation(struct txn *txn, const struct sealed_row *row, struct str sealed, int64_t *ret_changed,
                             struct error *err)
{
    struct organisation_reseal_args args = { .contact = sealed,          .district = row->district, .id = { row->record },
                                             .version = row->version, .was = row->sealed };
    return organisation_reseal(txn, &args, ret_changed, err);
}

const struct sealed_column unit_contact_column = { .name = UNIT_CONTACT, .next = next_units, .put = put_unit };
const struct sealed_column organisation_contact_column = {
    .name = ORGANISATION_CONTACT, .next = next_organisations, .put = put_organisation
};
