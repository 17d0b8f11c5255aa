/*
 * roof.h - what the running server has beside its features: struct app's roof.
 */
#pragma once
#include "platform/serve/serve.h"

struct roof {
    struct server *server; /* NULL: it does not serve yet */
    const char *data;      /* the folder */
};
