#include "platform/serve/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool listen_on(const char *address, int port, int *ret_socket, int *ret_port, struct error *err)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    struct sockaddr *any = (struct sockaddr *)(void *)&at;
    socklen_t size = sizeof at;
    int yes = 1; /* a port may be taken again while connections of the server before it still end */
    if (inet_pton(AF_INET, address, &at.sin_addr) != 1)
        return error_fail(err, ERROR_IO, "cannot listen on %s:%d: not an IPv4 address", address, port);
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool ok = made >= 0 && setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 && bind(made, any, size) == 0 &&
              listen(made, SOMAXCONN) == 0 && getsockname(made, any, &size) == 0;
    if (!ok) {
        (void)error_fail(err, ERROR_IO, "cannot listen on %s:%d: %s", address, port, strerror(errno));
        if (made >= 0)
            close(made);
        return false;
    }
    *ret_socket = made;
    *ret_port = ntohs(at.sin_port);
    return true;
}
