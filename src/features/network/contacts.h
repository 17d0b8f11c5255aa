/*
 * contacts.h - names and phones of persons: the one thing of a unit and of an organisation that stands sealed.
 *
 * What a query gives as sealed_contact is opened here and nowhere else; what is stored as contact was sealed here.  An
 * empty one is sealed too, so that nobody sees which are empty.  Its record is bound to it (platform/crypt/crypt.h).
 */
#pragma once
#include "features/network/types.h"
#include "platform/access/access.h"
#include "platform/crypt/reseal.h"

/* For the commands that walk sealed values. */
extern const struct sealed_column unit_contact_column, organisation_contact_column;

struct str unit_contact_seal(const struct txn *txn, struct unit_id id, struct str contact, struct arena *arena);
/* ERROR_INPUT: it does not open with the keys there are. */
bool unit_contact_open(const struct db *db, struct unit_id id, struct str sealed, struct arena *arena, struct str *ret,
                       struct error *err) MUST_USE;
struct str organisation_contact_seal(const struct txn *txn, struct organisation_id id, struct str contact,
                                     struct arena *arena);
bool organisation_contact_open(const struct db *db, struct organisation_id id, struct str sealed, struct arena *arena,
                               struct str *ret, struct error *err) MUST_USE;

/* Who may take the contacts of all units, or all organisations, of a part away in a workbook: who may edit all of them. */
bool contacts_of_units(const struct actor *actor, struct scope scope);
bool contacts_of_organisations(const struct actor *actor, struct scope scope);
