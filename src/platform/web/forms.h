/*
 * forms.h - a form as a table of fields: decoding, checking, HTML limits and showing again come from one source.
 *
 * A field is stored at its offset of the feature's input struct: FIELD_TEXT, FIELD_NOTE, FIELD_SECRET and
 * FIELD_NAMED as struct str (trimmed but for secrets), FIELD_INT as int64_t, FIELD_DATE as struct date, FIELD_CHECK as bool, FIELD_DIVISION as
 * struct division, FIELD_CHOICE as int64_t.  An optional field left empty keeps its zero.  Of a choice only min and max
 * are checked here: whether it was among those offered is the action's to ask.  A FIELD_DIVISION is searched for by name
 * (addresses.search_json), and so is what a FIELD_NAMED names (form_search()); without scripts they are fields for the code
 * and for the whole name.
 */
#pragma once
#include "platform/web/web.h"

enum field_type {
    FIELD_TEXT,
    FIELD_NOTE, /* several lines */
    FIELD_SECRET,
    FIELD_INT,
    FIELD_DATE,
    FIELD_CHECK,
    FIELD_DIVISION,
    FIELD_CHOICE,
    FIELD_NAMED /* another record: its number, once it was picked, or its whole name */
};

/* To add a field: one row in the form's table, its label in messages/, a member of the input struct. */
struct field {
    const char *name;
    enum field_type type;
    ptrdiff_t offset;
    const struct text_key *label;
    const struct text_key *hint; /* NULL: none */
    bool is_required;
    int64_t min, max; /* characters of a text; bounds of a number */
    const char *autocomplete; /* HTML's word for what browsers may fill in; NULL: unsaid */
    struct text (*name_choice)(int64_t value); /* of a choice the program itself knows; NULL: only the page does */
    bool is_sealed; /* it stands sealed in the data: the audit says that it changed, not what it was */
};

struct form {
    const struct field *fields;
    int field_count;
    ptrdiff_t input_size;
};

#define FORM(table, input_type) { (table), (int)COUNT_OF(table), (ptrdiff_t)sizeof(input_type) }

struct choice {
    int64_t value;
    struct str label;
};

struct choices {
    const struct choice *at;
    ptrdiff_t n;
};

struct choice_view {
    struct str value, label;
    bool is_selected;
};

struct choice_views {
    struct choice_view *at;
    ptrdiff_t n;
};

/* One field as the page shows it. */
struct field_view {
    const struct field *field;
    struct str name, value;
    struct text label, hint, problem;
    bool has_hint, has_problem, is_checked, is_required;
    struct str type; /* of the <input>: text, password, number, date */
    struct str max_length, autocomplete;
    struct str id, problem_id;
    struct url anchor; /* to id */
    bool is_note, is_check, is_choice, is_secret, is_named;
    struct str picker; /* where assets/picker.js searches for what is named here; empty: nowhere */
    struct url look_up; /* of a division: where a person does */
    struct choice_views choices;
    bool has_stored; /* beside it stands what is stored now: a long text after a conflict, any field of a draft */
    struct str stored; /* in words */
};

/* What the person typed here another time and did not send. */
struct draft_view {
    struct str address;      /* of the form; empty: no drafts are kept of it */
    bool is_there, is_taken; /* one is kept; it is what the form shows */
    struct str saved_at;
    struct url take_up, discard;
    struct str back; /* where discarding leads */
};

struct form_view {
    struct field_view *at;
    ptrdiff_t n;
    struct problems problems; /* those about the whole */
    struct draft_view draft;
};

/* A page with one form, to add a record or to change it. */
struct form_page_view {
    const struct frame *frame; /* reply_form() makes it */
    struct text title, lead;
    struct str name; /* of the record; empty: it has none yet */
    struct form_view form;
    struct url action, back;
    struct str version; /* of the record as the form shows it, hidden; empty: none */
    bool has_conflict;  /* said in place of the lead */
};

/* Reads rq->fields into a new input struct; problems are added for each field that does not fit. */
void *form_decode(struct request *rq, const struct form *form);
/*
 * One value that is not empty, as a form or a cell of a sheet has it, into its place of input; false: a problem was added
 * under the field's name, and the place is as it was.
 */
bool field_decode(struct problems *problems, const struct field *field, struct str value, void *input);
/* What to show: what was typed when the form comes back, else what input holds (NULL: empty). */
struct form_view form_show(struct request *rq, const struct form *form, const void *input);
/* The same of a page with several forms of one table: a form that was not the one sent shows what input holds. */
struct form_view form_show_one(struct request *rq, const struct form *form, const void *input, bool was_sent);
/*
 * Keeps drafts of this form, which is posted to action, and shows the one there is, once it is taken up.  Call it right
 * after form_show(); the page shows form_draft_box() before its <form>.  Without it a form that comes too late is not
 * kept (draft_may_rescue()).
 */
void form_draft(struct request *rq, struct form_view *view, struct url action);
bool form_has_secret(const struct form *form);
/* Whether anything in it has to be corrected. */
bool form_is_refused(const struct form_view *view);
/* A field's value as a person reads it: the name of a choice or a division. */
struct str form_words(struct request *rq, const struct field_view *field, struct str value);
/*
 * After a conflict: marks every field whose typed value differs from what is stored now, and shows that in words beside
 * it.  Call it after choices are offered.
 */
void form_conflict(struct request *rq, struct form_view *view, const void *now);
/*
 * "职工人数: 12 → 30; ..." of every field but secrets that differs, whole and in Chinese: for the audit.  A choice is
 * named if its field can (name_choice), and of what is sealed it says only that it changed.
 */
struct str form_difference(struct arena *arena, const struct form *form, const void *before, const void *after);
/* What was typed into the form that was sent, in words, without what is empty: for a page that cannot show the form. */
struct form_view form_typed(struct request *rq, struct form_view view);
/* A field of one of several forms on a page, its id made the act's own. */
struct field_view field_of_act(struct request *rq, struct field_view field, const char *act);
/* Where assets/picker.js searches for what a FIELD_NAMED names. */
void form_search(struct form_view *view, const char *name, struct url address);
/* Offers choices for a FIELD_CHOICE. */
void form_offer(struct request *rq, struct form_view *view, const char *name, struct choices choices);
/* The end of a page function that shows one form alone. */
struct reply reply_form(struct request *rq, struct form_page_view *view);
