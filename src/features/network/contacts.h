/*
 * contacts.h - names and phones of persons: the one thing of a unit and of an organisation that stands sealed.
 *
 * What a query gives as sealed_contact is opened here and nowhere else; what is stored as contact was sealed here.  An
 * empty one is sealed too, so that nobody sees which are empty.  Its record and district are bound to it
 * (platform/crypt/crypt.h).
 */
#pragma once
#include "features/network/types.h"
#include "platform/access/access.h"
#include "platform/crypt/reseal.h"
#include "platform/i18n/text.h"

/* For the commands that walk sealed values. */
extern const struct sealed_column unit_contact_column, organisation_contact_column;

struct str unit_contact_seal(const struct txn *txn, int64_t district, struct unit_id id, struct str contact,
                             struct arena *arena);
/* ERROR_SEALED: it does not open with the keys there are, or is another record's. */
bool unit_contact_open(const struct db *db, int64_t district, struct unit_id id, struct str sealed, struct arena *arena,
                       struct str *ret, struct error *err) MUST_USE;
struct str organisation_contact_seal(const struct txn *txn, int64_t district, struct organisation_id id,
                                     struct str contact, struct arena *arena);
bool organisation_contact_open(const struct db *db, int64_t district, struct organisation_id id, struct str sealed,
                               struct arena *arena, struct str *ret, struct error *err) MUST_USE;

/*
 * What does not open is no reason to keep back the rest of a record.  In forms and workbooks these words stand for it, and
 * where they come back the stored value stays as it is: by then the right key file may be in its place again.
 */
struct str contact_unread(enum lang lang);
bool contact_is_unread(struct str contact);

/* Who may take the contacts of all units, or all organisations, of a part away in a workbook: who may edit all of them. */
bool contacts_of_units(const struct actor *actor, struct scope scope);
bool contacts_of_organisations(const struct actor *actor, struct scope scope);
