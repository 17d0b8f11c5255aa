/*
 * keeper.h - the keys of a running server, as its key file is now.
 *
 * Who needs keys asks each time; the keeper looks whether the file is another one (one stat(), about a microsecond) and
 * reads it again if so.  So a rotation takes effect with the next request, and no signal has to be sent in time.  A
 * file in which a number stands for another key than before is a wrong one, and not taken.  A ring lives until the
 * keeper is closed: whoever holds one goes on with it.
 */
#pragma once
#include "platform/crypt/keys.h"

struct keeper;

/* Told once for each state of the file that cannot be read; the keys read before stay in use. */
typedef void keeper_fault_fn(const struct error *err);

/* As key_file_read(). on_fault may be NULL. */
bool keeper_open(const char *path, keeper_fault_fn *on_fault, struct keeper **ret, struct error *err) MUST_USE;
const struct key_ring *keeper_ring(struct keeper *keeper);
void keeper_close(struct keeper *keeper); /* NULL is fine */
