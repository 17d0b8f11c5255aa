/*
 * keeper.h - the keys of a running server, as its key file is now.
 *
 * Who needs keys asks each time; the keeper looks whether the file is another one (one stat(), about a microsecond) and
 * reads it again if so.  So a rotation takes effect with the next request, and no signal has to be sent in time.  A
 * wrong file is not taken: one in which a number stands for another key than before, and one that the data does not
 * know (keeper_check()).  A ring lives until the keeper is closed: whoever holds one goes on with it.
 */
#pragma once
#include "platform/crypt/keys.h"

struct keeper;

/* Told once for each state of the file that is not taken; the keys read before stay in use. */
typedef void keeper_fault_fn(const struct error *err);
/*
 * Whether keys read anew may be used.  ERROR_INPUT: never in this state of the file; any other fault: not now, it is asked
 * again.  It runs wherever keys are asked for, in the middle of a change as well, and must not ask for them itself.
 */
typedef bool keeper_check_fn(void *self, const struct key_ring *ring, struct error *err);

/* As key_file_read(). on_fault may be NULL. */
bool keeper_open(const char *path, keeper_fault_fn *on_fault, struct keeper **ret, struct error *err) MUST_USE;
/* Asked from now on about each other file, as long as the keeper is open. */
void keeper_check(struct keeper *keeper, keeper_check_fn *check, void *self);
const struct key_ring *keeper_ring(struct keeper *keeper);
void keeper_close(struct keeper *keeper); /* NULL is fine */
