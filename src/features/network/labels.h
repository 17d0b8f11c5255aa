/*
 * labels.h - stored numbers in words.
 */
#pragma once
#include "features/network/book.h"
#include "features/network/rules.h"
#include "platform/i18n/text.h"

struct text label_kind(enum unit_kind kind);
struct text label_regime(enum regime regime);
struct text label_form(enum coverage_form form);
struct text label_spot_state(enum spot_state state);
struct text label_act(enum spot_act act);
struct text label_organisation_state(enum organisation_state state);
struct text label_life_act(enum life_act act);
struct text label_life_event(struct str act);         /* of its history: 成立, 换届 ... */
/* As a heading before the other one's name: 领导, or 受其领导 seen from the other side. */
struct text label_relation(enum relation_kind kind, bool is_inward);
/* Why a pair is due: the rule's condition, a person's finding, or not at all. rule: what book_rule() gives. */
struct text label_due(const struct rule_entry *rule, int64_t due_rule);
struct text label_event(struct str act);              /* of a timeline: "contact", "open", "assign" ... */
struct text label_condition(const struct coverage_rule *rule); /* 职工 ≥ 25 人 */
struct text label_measure(enum rule_measure measure);          /* 职工人数 */
struct text label_children(enum division_level level); /* what the rows of a matrix are */
