/*
 * names.h - the names of places and people on one page, each looked up once however many rows show it.
 */
#pragma once
#include "platform/web/web.h"

struct names;

struct names *names_make(struct request *rq);
struct str names_place(struct names *names, struct division division);
struct str names_person(struct names *names, struct account_id account); /* empty for 0 */
