/*
 * frame.h - what stands around every page: the two axes, the side bar, the person, the language.
 */
#pragma once
#include "platform/web/web.h"

struct frame_link {
    struct str label;
    struct url url;
    bool is_current;
};

struct frame_links {
    struct frame_link *at;
    ptrdiff_t n;
};

struct frame {
    struct text title;
    struct str title_extra;     /* a name that belongs to the title; may be empty */
    struct str lang_tag, theme; /* "zh-CN"; "light", "dark" or "auto" */
    struct frame_links crumbs, lines, nav;
    bool has_actor, is_demo, is_saved; /* one comes from a change that was stored */
    bool is_old; /* what is shown comes from a replica, whose newest record is of */
    struct str old_as_of;
    bool is_bare; /* made without the database, so nobody knows who looks: only the name of the program stands around it */
    struct str actor_name, csrf;
    struct str who;  /* the account, which forms carry to say whose page they stand on (drafts.h) */
    struct str once; /* the key of this page's forms (once.h); empty: nobody is signed in */
    struct url lang_url, theme_url, search_url, account_url, sign_out_url, sign_in_url;
};

/* The frame of this page; title_extra may be empty. */
struct frame *frame_make(struct request *rq, struct text title, struct str title_extra);
