/*
 * routes.h - which row of which feature's table answers this method and path.
 */
#pragma once
#include "platform/web/web.h"

/* Stops the process where a route has no capability, no handler, or the same method and pattern as another. */
void routes_check(const struct app *app);
/*
 * Fills rq->route, path_args and path_ids. *ret_is_known says that the path exists for another method. A number too
 * large for an id matches nothing.
 */
bool routes_match(struct request *rq, enum http_method method, struct str path, bool *ret_is_known);
/* The page a form stands on: it has the address the form is posted to, or one above it. */
struct url routes_page_of(struct request *rq);
