/*
 * views.h - what the pages show: plain data, allowed and formatted.
 */
#pragma once
#include "platform/web/forms.h"
#include "platform/web/frame.h"

/* A right in words, and as the fields that take it away. */
struct grant_view {
    struct text role;
    struct str line, division;
    struct str role_value, line_value, division_value;
    bool may_take;
};

struct grant_views {
    struct grant_view *at;
    ptrdiff_t n;
};

struct session_view {
    struct instant since;
    struct str browser, address;
    bool is_this;
    struct url end;
};

struct session_views {
    struct session_view *at;
    ptrdiff_t n;
};

struct sign_in_view {
    const struct frame *frame;
    struct form_view form;
    struct url action;
    struct str back;
    bool is_kept; /* what was typed when the session had ended */
};

struct own_view {
    const struct frame *frame;
    struct str name, login;
    struct grant_views grants;
    struct session_views sessions;
    struct url password;
};

struct password_view {
    const struct frame *frame;
    struct form_view form;
    struct url action, cancel;
    bool must_change;
};

struct account_row_view {
    struct url show;
    struct str login, name;
    struct grant_views grants;
    bool is_off, is_locked;
};

struct account_row_views {
    struct account_row_view *at;
    ptrdiff_t n;
};

struct account_list_view {
    const struct frame *frame;
    struct str q, at, line; /* line: empty for all */
    struct url search, open, more;
    bool has_more;
    struct account_row_views rows;
};

struct account_new_view {
    const struct frame *frame;
    struct form_view form;
    struct url action, cancel;
};

struct account_show_view {
    const struct frame *frame;
    struct str name, login, made_by;
    struct instant made_at, locked_until;
    bool is_off, is_locked, must_change;
    bool may_change;
    struct grant_views grants;
    struct form_view form; /* one more right */
    struct url list, give, take, enable, disable, reset;
};

struct account_secret_view {
    const struct frame *frame;
    struct str name, login, password;
    struct url show;
};
