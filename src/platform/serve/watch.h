/*
 * watch.h - the watchdog for slow clients: a connection past its deadline is shut down.
 *
 * libmicrohttpd's own time-out starts again with every byte, so one byte now and then holds a connection for ever.
 * Deadlines are per socket: for headers, for the body and the reply by their size; none while we work on the answer.
 */
#pragma once
#include "base/compiler.h"

struct watch;

struct watch *watch_start(void);
void watch_set(struct watch *watch, int socket, int seconds); /* from now */
void watch_reply(struct watch *watch, int socket, int seconds); /* the same, while a reply is read */
void watch_clear(struct watch *watch, int socket);
void watch_hurry(struct watch *watch); /* every deadline but that of a reply becomes now: idle connections end */
void watch_stop(struct watch *watch);
