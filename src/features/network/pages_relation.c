/*
 * pages_relation.c - the relations of an organisation: shown on its page, added and ended there.
 */
#include "features/network/actions.h"
#include "features/network/capabilities.h"
#include "features/network/labels.h"
#include "features/network/pages.h"
#include "platform/limits.h"

#include "gen/network_texts.h"

enum { RELATIONS_SHOWN = 200 };

static const struct field relation_fields[] = {
    { "relation", FIELD_CHOICE, offsetof(struct relation_input, relation), &text_key_label_relation, NULL, true, 1,
      2 * RELATION_KIND_COUNT },
    { "other", FIELD_NAMED, offsetof(struct relation_input, other), &text_key_label_other, NULL, true, 1, LIMIT_NAME },
    { "since", FIELD_DATE, offsetof(struct relation_input, since), &text_key_label_since, &text_key_label_since_hint,
      false, 0, 0 },
    { "note", FIELD_TEXT, offsetof(struct relation_input, note), &text_key_label_relation_note, NULL, false, 0, LIMIT_NAME },
};
const struct form relation_form = FORM(relation_fields, struct relation_input);

struct relation_end_input {
    struct date until;
};

static const struct field relation_end_fields[] = {
    { "until", FIELD_DATE, offsetof(struct relation_end_input, until), &text_key_label_until, NULL, true, 0, 0 },
};
const struct form relation_end_form = FORM(relation_end_fields, struct relation_end_input);

static struct choices relation_choices(struct request *rq)
{
    struct choice *choices = arena_new(rq->arena, struct choice, 2 * RELATION_KIND_COUNT);
    ptrdiff_t n = 0;
    for (int kind = 1; kind < RELATION_KIND_COUNT; kind++)
        for (int inward = 0; inward <= 1; inward++) {
            struct text label = label_relation((enum relation_kind)kind, inward != 0);
            choices[n++] = (struct choice){ kind + inward * RELATION_KIND_COUNT, text_in(rq->arena, rq->lang, label) };
        }
    return (struct choices){ choices, n };
}

/* The two lists have the same columns, seen from this side or from the other. */
struct relation_seen {
    struct relation_id id;
    enum relation_kind kind;
    bool is_inward;
    struct organisation_id other;
    struct line line;
    struct division division;
    struct date since, until;
    struct str name, note;
};

static struct relation_row relation_row_of(struct request *rq, const struct book *book,
                                           const struct organisation_by_id *self, const struct relation_seen *relation)
{
    struct url end = url_path(rq->arena, "/organisations/%lld/%lld/relations/%lld/end", (long long)self->district,
                              (long long)self->id.n, (long long)relation->id.n);
    bool has_ended = relation->until.days < DATE_NEVER.days;
    struct relation_end_input start = { rq->today };
    struct relation_row row = {
        .what = label_relation(relation->kind, relation->is_inward),
        .name = relation->name,
        .place = place_name(rq, relation->division),
        .line = book_line_short(book, rq->lang, relation->line),
        .note = relation->note,
        .url = url_here(rq, organisation_url(rq->arena, self->district, relation->other)),
        .end_url = url_here(rq, end),
        .since = relation->since,
        .until = relation->until,
        .has_ended = has_ended,
        .may_end = !has_ended && access_may(&rq->actor, &cap_network_edit, self->division, self->line),
        .is_open = organisation_was_sent(rq, relation_end_submit) && rq->path_ids[2] == relation->id.n,
    };
    if (row.may_end) {
        row.end = form_show_one(rq, &relation_end_form, &start, row.is_open);
        const char *act = str_z(rq->arena, str_format(rq->arena, "relation-%lld", (long long)relation->id.n));
        form_draft(rq, &row.end, row.end_url);
        row.end.at[0] = field_of_act(rq, row.end.at[0], act);
        row.is_open = row.is_open || row.end.draft.is_there;
    }
    return row;
}

bool relations_fill(struct request *rq, const struct book *book, const struct organisation_by_id *self,
                    struct organisation_view *view)
{
    struct relation_out_list_rows out;
    struct relation_in_list_rows in;
    struct relation_out_list_args out_args = { self->district, self->id, RELATIONS_SHOWN };
    struct relation_in_list_args in_args = { self->district, self->id, RELATIONS_SHOWN };
    if (!relation_out_list(rq->db, &out_args, rq->arena, &out, &rq->err) ||
        !relation_in_list(rq->db, &in_args, rq->arena, &in, &rq->err))
        return false;
    struct relation_row *rows = arena_new(rq->arena, struct relation_row, out.n + in.n);
    ptrdiff_t n = 0;
    for (ptrdiff_t i = 0; i < in.n; i++) {
        const struct relation_in_list *row = &in.at[i];
        struct relation_seen seen = { row->id, row->kind, true, row->organisation, row->line, row->division,
                                      row->since, row->until, row->name, row->note };
        rows[n++] = relation_row_of(rq, book, self, &seen);
    }
    for (ptrdiff_t i = 0; i < out.n; i++) {
        const struct relation_out_list *row = &out.at[i];
        struct relation_seen seen = { row->id, row->kind, false, row->other, row->line, row->division,
                                      row->since, row->until, row->name, row->note };
        rows[n++] = relation_row_of(rq, book, self, &seen);
    }
    view->relations = (struct relation_rows){ rows, n };
    /* sent to one that ended meanwhile: the form says so, with what was typed */
    bool was_sent = organisation_was_sent(rq, relation_add_submit);
    view->may_relate = view->may_edit && (was_sent || !organisation_has_ended(self->state));
    view->relation = form_show(rq, &relation_form, NULL);
    view->relate_url = url_here(rq, url_path(rq->arena, "/organisations/%lld/%lld/relations", (long long)self->district,
                                             (long long)self->id.n));
    form_draft(rq, &view->relation, view->relate_url);
    form_offer(rq, &view->relation, "relation", relation_choices(rq));
    form_search(&view->relation, "other", organisations_json_url(rq->arena, self->district));
    view->is_relating = was_sent || view->relation.draft.is_there;
    return true;
}

/* --- changes --------------------------------------------------------------------------------------------------- */

/* Of one that is another's to work on, a person says only what stands above their own organisation. */
static bool check_reach(struct request *rq, const struct doing *doing, const struct organisation_by_id *row)
{
    const struct relation_input *input = rq->input;
    struct organisation_by_id other;
    bool is_inward;
    enum relation_kind kind = relation_kind_of(input, &is_inward);
    if (!organisation_named(doing, row->district, input->other, "other", &other, &rq->err))
        return false;
    bool stands_above = relation_is_from_above(kind) != is_inward;
    if (!stands_above || access_may(&rq->actor, &cap_network_edit, other.division, other.line))
        return true;
    (void)problem_add(&rq->problems, STR("relation"), t_relation_not_yours(other.name));
    return error_fail(&rq->err, ERROR_REFUSED, "the other one is another's");
}

struct reply relation_add_submit(struct request *rq)
{
    struct organisation_by_id row;
    struct doing doing = { rq->txn, rq->actor.account, &rq->problems, rq->arena };
    if (!organisation_of_path(rq, rq->txn->db, &cap_network_edit, &row))
        return reply_error(rq);
    if (!check_reach(rq, &doing, &row) || !relation_create(&doing, &row, rq->input, &rq->err))
        return organisation_again(rq);
    return organisation_saved(rq, &row);
}

struct reply relation_end_submit(struct request *rq)
{
    const struct relation_end_input *input = rq->input;
    struct organisation_by_id row;
    struct doing doing = { rq->txn, rq->actor.account, &rq->problems, rq->arena };
    if (!organisation_of_path(rq, rq->txn->db, &cap_network_edit, &row))
        return reply_error(rq);
    if (!relation_finish(&doing, &row, (struct relation_id){ rq->path_ids[2] }, input->until, &rq->err))
        return organisation_again(rq);
    return organisation_saved(rq, &row);
}
