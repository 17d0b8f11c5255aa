/*
 * rule_actions.c - lines and coverage rules: new ones, and the end of old ones.
 */
#include "features/network/actions.h"

#include "platform/audit/audit.h"

#include "gen/network_texts.h"

static bool audit_rule(const struct doing *doing, struct division division, int64_t number, const char *action,
                       struct error *err)
{
    struct audit_event event = { .district = division_district(division),
                                 .account = doing->by,
                                 .action = str_of(action),
                                 .subject = str_format(doing->arena, "rule:%lld", (long long)number) };
    return audit_append(doing->txn, &event, err);
}

bool rule_create(const struct doing *doing, const struct rule_input *input, int64_t *ret_number, struct error *err)
{
    struct rule_last last;
    if (input->measure != MEASURE_ALWAYS && input->at_least == 0) {
        (void)problem_add(doing->problems, STR("at_least"), t_rule_at_least_required());
        return error_fail(err, ERROR_REFUSED, "a threshold of nothing");
    }
    if (input->valid_from.days > date_of(doing->txn->now).days) {
        (void)problem_add(doing->problems, STR("valid_from"), t_rule_from_later());
        return error_fail(err, ERROR_REFUSED, "a rule of the future");
    }
    if (!rule_last(doing->txn->db, doing->arena, &last, err))
        return false;
    struct rule_add_args rule = { .rule = last.rule + 1,
                                  .line = { (int32_t)input->line },
                                  .division = input->division,
                                  .unit_kind = (enum unit_kind)input->kind,
                                  .measure = (enum rule_measure)input->measure,
                                  .at_least = input->at_least,
                                  .basis_zh = input->basis_zh,
                                  .basis_en = input->basis_en.len > 0 ? input->basis_en : input->basis_zh,
                                  .valid_from = input->valid_from,
                                  .valid_to = DATE_NEVER };
    if (!rule_add(doing->txn, &rule, NULL, err) ||
        !audit_rule(doing, rule.division, rule.rule, "rule.add", err))
        return false;
    *ret_number = rule.rule;
    return true;
}

bool rule_finish(const struct doing *doing, const struct rule_by_number *rule, struct error *err)
{
    struct rule_end_args end = { .rule = rule->rule, .valid_to = date_of(doing->txn->now) };
    return rule_end(doing->txn, &end, err) && audit_rule(doing, rule->division, rule->rule, "rule.end", err);
}

bool line_create(const struct doing *doing, const struct line_input *input, struct error *err)
{
    struct line_last last;
    struct line_by_code same;
    bool found;
    struct line_by_code_args which = { .code = input->code };
    if (!line_last(doing->txn->db, doing->arena, &last, err) ||
        !line_by_code(doing->txn->db, &which, doing->arena, &same, &found, err))
        return false;
    if (found)
        (void)problem_add(doing->problems, STR("code"), t_line_code_double(same.name_zh));
    if (last.line >= LINE_MAX)
        (void)problem_add(doing->problems, STR("code"), t_line_too_many(LINE_MAX));
    if (found || last.line >= LINE_MAX)
        return error_fail(err, ERROR_REFUSED, "a line that cannot be");
    struct line_add_args line = { .line = { (int32_t)last.line + 1 },
                                  .code = input->code,
                                  .name_zh = input->name_zh,
                                  .name_en = input->name_en,
                                  .short_zh = input->short_zh,
                                  .short_en = input->short_en,
                                  .groups_zh = input->groups_zh,
                                  .groups_en = input->groups_zh,
                                  .valid_from = date_of(doing->txn->now),
                                  .valid_to = DATE_NEVER };
    struct audit_event event = { .account = doing->by,
                                 .action = STR("line.add"),
                                 .subject = str_format(doing->arena, "line:%d", line.line.n),
                                 .detail = input->name_zh };
    return line_add(doing->txn, &line, NULL, err) && audit_append(doing->txn, &event, err);
}
