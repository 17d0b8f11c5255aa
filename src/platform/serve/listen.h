/*
 * listen.h - the socket the server listens on.
 */
#pragma once
#include "base/error.h"

/*
 * An IPv4 address and a port, 0 for any free one.  Whoever listens there already keeps it alone: libmicrohttpd by itself would
 * let a second server in (SO_REUSEPORT), and people would come to one or the other.  ERROR_IO says why not.
 */
bool listen_on(const char *address, int port, int *ret_socket, int *ret_port, struct error *err) MUST_USE;
