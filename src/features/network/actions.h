/*
 * actions.h - what people change in the network: units, organisations, blank spots.
 *
 * Every function loads, decides, stores and audits in the caller's transaction.  It returns false with problems added
 * (err->kind ERROR_REFUSED) for what the person has to mend, or with a fault.  Access has been asked by the caller
 * for the record's own division and line.
 */
#pragma once
#include "features/network/coverage.h"
#include "features/network/rules.h"
#include "platform/web/doing.h"

struct unit_input {
    int64_t kind; /* enum unit_kind; only when new */
    struct division division; /* only when new */
    struct str name, uscc, uscc_missing, industry, contact;
    int64_t employees, women, youth, league_members, disabled;
    bool is_closed;
    int64_t version; /* that the person saw; 0 when new */
};

/* What a unit is from its registration on. */
struct unit_key {
    int64_t district;
    struct unit_id id;
    enum unit_kind kind;
    struct division division;
};

/* The row and its words in the index, nothing else; uscc is normal.  For the form and the import alike. */
bool unit_store_new(struct txn *txn, const struct unit_key *key, const struct unit_input *input, struct str uscc,
                    struct arena *arena, struct error *err) MUST_USE;
/* ERROR_CONFLICT: input->version is not the stored one. before: as it is stored. */
bool unit_store_edit(struct txn *txn, const struct unit_key *key, const struct unit_input *before,
                     const struct unit_input *input, struct str uscc, struct arena *arena, struct error *err) MUST_USE;

/* A stored unit as the form shows it. ret_unread: why its contact does not open (contact_unread()), if so; NULL. */
struct unit_input unit_input_of(const struct db *db, const struct unit_by_id *unit, enum lang lang, struct arena *arena,
                                struct error *ret_unread);
/* What the form and an import check alike; uscc is uscc_normal(). Doubles are looked for by the caller. */
void unit_check(struct problems *problems, const struct unit_input *input, struct str uscc);
struct unit_figures unit_figures_of(enum unit_kind kind, struct division division, const struct unit_input *input);
bool unit_create(const struct doing *doing, const struct book *book, const struct unit_input *input,
                 struct unit_id *ret, struct error *err) MUST_USE;
/* ERROR_CONFLICT: somebody changed it since that version. */
bool unit_edit(const struct doing *doing, const struct book *book, const struct unit_by_id *unit,
               const struct unit_input *input, struct error *err) MUST_USE;

struct line_input {
    struct str code, name_zh, name_en, short_zh, short_en, groups_zh;
};

/* A further line, in force from today; what it covers follows from rules that name it. */
bool line_create(const struct doing *doing, const struct line_input *input, struct error *err) MUST_USE;

struct rule_input {
    int64_t line, kind, measure, at_least;
    struct division division; /* where it holds; 0: everywhere */
    struct str basis_zh, basis_en;
    struct date valid_from;
};

/* A new rule; units are held against it by coverage_reapply(). */
bool rule_create(const struct doing *doing, const struct rule_input *input, int64_t *ret_number, struct error *err) MUST_USE;
/* Ends a rule with today. ERROR_CONFLICT: it has ended already, or begins later. */
bool rule_finish(const struct doing *doing, const struct rule_by_number *rule, struct error *err) MUST_USE;

struct organisation_input {
    int64_t line, regime; /* line only when new */
    struct division division; /* only when new */
    struct str name, uscc, uscc_missing, approval_doc, contact;
    int64_t state; /* enum organisation_state it is registered in; only when new; 0: established */
    struct date founded_on; /* zero: not yet */
    int64_t term_years, members, members_women;
    struct date term_ends_on; /* zero: the last election, else founded_on, plus the term */
    int64_t version;
};

/* As it is stored; ret_unread as of unit_input_of(). */
struct organisation_input organisation_input_of(const struct db *db, const struct organisation_by_id *row, enum lang lang,
                                                struct arena *arena, struct error *ret_unread);
/* Whether one of this line and name stands, or is prepared, in the place already. */
bool organisation_has_twin(const struct doing *doing, struct line line, struct division division, struct str name,
                           bool *ret, struct error *err) MUST_USE;
bool organisation_create(const struct doing *doing, const struct organisation_input *input,
                         struct organisation_id *ret, struct error *err) MUST_USE;
/* Corrects what is known of it; what happens to it are the steps of its life. */
bool organisation_edit(const struct doing *doing, const struct organisation_by_id *organisation,
                       const struct organisation_input *input, struct error *err) MUST_USE;
/* The day a term ends that begins on this one; DATE_NEVER: without terms. */
struct date term_after(struct date from, int64_t term_years);
/*
 * The organisation of the district that a person named: by its number, as the picker sends it, or by its whole name.
 * None, or several of that name, is a problem of the field.
 */
bool organisation_named(const struct doing *doing, int64_t district, struct str typed, const char *field,
                        struct organisation_by_id *ret, struct error *err) MUST_USE;
bool organisation_audit(const struct doing *doing, int64_t district, struct organisation_id id, const char *action,
                        struct str detail, struct error *err) MUST_USE;

struct life_input {
    int64_t version;
    struct date happened_on;
    struct str document, note;
    struct str successor;     /* of a merger: a number or a name */
    struct date term_ends_on; /* of a re-election; zero: the day plus the term */
    int64_t members, members_women;
};

/* Units whose coverage one step may change: more would keep the writer from others. */
enum { HELD_MAX = 2000 };

/*
 * What the end of an organisation took, as far as it may be given back: the pairs that nothing covers now, or that its
 * successor still does.  Of one that has not ended, or never stood: nothing.
 */
struct ending {
    int64_t event; /* 0: none */
    struct organisation_id successor; /* of a merger; 0: none */
    struct coverage_ended_list_rows pairs;
    int64_t lost; /* pairs that are covered otherwise by now */
};

bool organisation_ending(struct db *db, const struct organisation_by_id *organisation, struct arena *arena,
                         struct ending *ret, struct error *err) MUST_USE;
/*
 * Moves an organisation one step of its life on.  Dissolved, it covers nothing: its pairs are blank again where they are
 * due.  Merged, they move to the successor: those whose own body it cannot be, jointly.  Either way its relations end.
 * Restored, it gets back what organisation_ending() tells, and the relations to what has not ended itself.
 * into: what organisation_named() found for a merger, asked of access by the caller; NULL for other steps.
 * ERROR_CONFLICT: it has moved meanwhile, or the step is not possible.
 */
bool organisation_act(const struct doing *doing, const struct organisation_by_id *organisation, enum life_act act,
                      const struct life_input *input, const struct organisation_by_id *into, struct error *err) MUST_USE;
/* The first step: an organisation that was added just now. */
bool organisation_log_first(const struct doing *doing, const struct organisation_add_args *organisation,
                            struct error *err) MUST_USE;

struct relation_input {
    int64_t relation; /* enum relation_kind; plus RELATION_KIND_COUNT: the other one is that to this one */
    struct str other;  /* a number or a name */
    struct date since; /* zero: today */
    struct str note;
};

/* 0 or less, or RELATION_KIND_COUNT and more: none. ret_inward: the other one is that to this one. */
enum relation_kind relation_kind_of(const struct relation_input *input, bool *ret_inward);
bool relation_create(const struct doing *doing, const struct organisation_by_id *organisation,
                     const struct relation_input *input, struct error *err) MUST_USE;
/* ERROR_CONFLICT: it has ended already; ERROR_NOT_FOUND: it is none of this organisation. */
bool relation_finish(const struct doing *doing, const struct organisation_by_id *organisation, struct relation_id id,
                     struct date until, struct error *err) MUST_USE;
/* All that hold end on a day, by a step of its life, each told of on both sides; and what that step ended holds again. */
bool relations_finish_all(const struct doing *doing, const struct organisation_by_id *organisation, int64_t event,
                          struct date until, struct error *err) MUST_USE;
bool relations_resume(const struct doing *doing, const struct organisation_by_id *organisation, int64_t event,
                      struct error *err) MUST_USE;

struct spot_input {
    int64_t version; /* that the person saw */
    struct str note;
    int64_t form;         /* enum coverage_form, to cover */
    int64_t organisation; /* an existing one; 0: found a new one with the fields below */
    struct str organisation_name, approval_doc;
    int64_t regime;         /* of the new one; 0: as its kind of unit mostly has it */
    struct date founded_on;
    int64_t term_years;     /* 0: none */
    int64_t members, members_women;
    struct date expires_on; /* of an exemption */
};

struct finding_input {
    int64_t line;
    struct str reason;
};

/* A blank spot that a person found, of a unit that no rule makes due in that line and nothing covers. */
bool spot_find(const struct doing *doing, const struct unit_by_id *unit, const struct finding_input *input,
               struct spot_id *ret, struct error *err) MUST_USE;

/* Moves a spot one step on. ERROR_CONFLICT: it has moved meanwhile, or the step is not possible from its state. */
bool spot_act(const struct doing *doing, const struct spot_by_id *spot, enum spot_act act,
              const struct spot_input *input, struct error *err) MUST_USE;

struct assign_input {
    int64_t version;
    int64_t owner; /* account; 0: nobody */
    struct str plan;
    struct date deadline;
};

/* The owner is one of those who may work on it, or nobody; the deadline lies in the next three years, or stays. */
bool spot_assign_to(const struct doing *doing, const struct spot_by_id *spot, const struct assign_input *input,
                    struct error *err) MUST_USE;
/* A contact or a remark, without a step. ERROR_CONFLICT: the spot is closed. */
bool spot_note(const struct doing *doing, const struct spot_by_id *spot, struct str note, struct error *err) MUST_USE;
