/*
 * key_file.h - the file the keys of an installation are kept in, outside of its data.
 *
 *     shuniu keys 1
 *     # lines like this one say what the file is and how to keep it
 *     key 1 xchacha 2026-11-24 <64 hex digits>
 *     key 2 xchacha 2027-05-02 <64 hex digits>
 *     current 2
 *     sum <32 hex digits: BLAKE2b-128 of all before this line>
 *
 * The sum finds a file that was damaged or edited; it needs no key and is no protection against anybody.  The file is
 * refused when others than its owner may read or write it.  It is replaced as a whole (written beside, synced, renamed),
 * so it has a folder of its own: whoever may change keys must be able to write there, and a confined server to read there.
 */
#pragma once
#include "platform/crypt/keys.h"

/*
 * ERROR_NOT_FOUND: no such file.  ERROR_FORBIDDEN: somebody else may read it, or owns it.  ERROR_INPUT: not as it was
 * written.
 */
bool key_file_read(const char *path, struct key_ring **ret, struct error *err) MUST_USE;

/*
 * A new file with one key of this number, and its folder if there is none; ERROR_CONFLICT when there is a file.  Made by
 * root, they belong to who owns the folder like_owner (the data), if that is there.
 */
bool key_file_make(const char *path, int32_t number, const struct suite *suite, struct date today,
                   const char *like_owner, struct error *err) MUST_USE;

/* What is done to the keys that are there; any of these fails with ERROR_BUSY while another program does one. */
struct key_change {
    const struct suite *add; /* one more key of this suite; NULL: none */
    bool add_like_current;   /* one of the suite of the current key */
    bool use_added;          /* it becomes the current one at once */
    int64_t use;             /* this one becomes current; 0: as it is */
    int64_t remove;          /* this one goes, for ever; 0: none */
    struct date today;
};

/*
 * *ret_number is the key added, used or removed; 0: the file is as it was.  Of one that was changed a fault is that its
 * folder could not be synced: the change may be gone after a power cut.  ERROR_NOT_FOUND, ERROR_REFUSED: the detail says why.
 */
bool key_file_change(const char *path, const struct key_change *change, int32_t *ret_number, struct error *err) MUST_USE;
