/*
 * views.h - what the network's pages show: plain data, authorised and formatted.
 */
#pragma once
#include "features/network/rules.h"
#include "platform/web/forms.h"
#include "platform/web/frame.h"
#include "platform/web/lists.h"

struct cell_view {
    struct str tone; /* "hi", "mid", "low" or empty */
    bool has_rate, has_blank, has_links; /* a past day's figures have no rows to open */
    int64_t rate_whole, rate_tenths; /* 80 and 1: 80.1 % */
    int64_t covered, to_cover, blank;
    struct url rows, blanks; /* the coverage behind the rate; the blank spots */
};

struct cells {
    struct cell_view *at;
    ptrdiff_t n;
};

struct matrix_row {
    struct str name;
    bool has_link;
    struct url url;
    struct cells cells;
};

struct matrix_rows {
    struct matrix_row *at;
    ptrdiff_t n;
};

struct matrix_view {
    const struct frame *frame;
    struct str place;
    struct instant now;
    bool is_past;
    struct date on;
    struct str on_text, today_text, at, line; /* of the form that asks for another day */
    struct text row_heading; /* 镇街, 村居, 市 ... */
    struct links columns;    /* the lines */
    struct matrix_rows rows;
    struct cells total;
    int64_t blank, late, covered, to_cover;
    bool has_tiles; /* the figures that are counted live: a district or smaller */
    bool has_map;   /* there are places below, to be drawn */
    int64_t closed_this_month, closed_last_month, median_days, term_over;
    bool has_median, may_edit;
    struct url blanks_url, late_url, closed_url, term_url, rules_url, trend_url, map_url, new_unit_url, export_url;
};

/* A place as an area; numbers of the drawing are texts. */
struct map_tile {
    struct str name, tone, x, y, w, h, text_x, name_y, rate_y;
    bool has_name; /* there is room for it */
    struct url url;
    int64_t rate_whole, rate_tenths, covered, to_cover, blank;
};

struct map_tiles {
    struct map_tile *at;
    ptrdiff_t n;
};

struct map_view {
    const struct frame *frame;
    struct str place, line;
    struct text row_heading;
    bool is_past;
    struct date on;
    bool has_places;        /* there are some below, whether or not anything is due there */
    struct map_tiles tiles; /* the largest first */
    struct map_tile total;  /* its figures alone */
    struct url matrix_url;
};

struct trend_line {
    struct str name, tone, points; /* points of an SVG polyline */
};

struct trend_lines {
    struct trend_line *at;
    ptrdiff_t n;
};

struct trend_cell {
    struct str rate;
    int64_t covered, to_cover, blank;
};

struct trend_cells {
    struct trend_cell *at;
    ptrdiff_t n;
};

struct trend_month {
    struct str name;
    struct trend_cells cells;
};

struct trend_months {
    struct trend_month *at;
    ptrdiff_t n;
};

/* A label on an axis and where it stands. */
struct trend_mark {
    struct str label, at;
};

struct trend_marks {
    struct trend_mark *at;
    ptrdiff_t n;
};

struct trend_view {
    const struct frame *frame;
    struct str place;
    struct trend_lines lines;
    struct trend_months months; /* the newest first */
    struct trend_marks marks, ticks;
    struct url matrix_url;
};

struct line_view {
    struct str name, short_name, groups, bodies;
};

struct line_views {
    struct line_view *at;
    ptrdiff_t n;
};

struct lines_view {
    const struct frame *frame;
    struct line_views lines;
    bool may_add;
    struct url new_url;
};

struct rule_view {
    struct str line, place, kind, basis;
    struct text condition;
    struct date from;
    bool may_end, is_of_today; /* a rule holds for one day at least */
    struct url end_url;
};

struct rule_views {
    struct rule_view *at;
    ptrdiff_t n;
};

struct rules_view {
    const struct frame *frame;
    struct rule_views rules;
    bool may_add;
    struct url new_url, lines_url;
};

struct spot_row {
    struct str unit, place, line;
    struct text kind, state;
    int64_t employees;
    struct text due;
    struct date found_on, deadline;
    struct str owner;
    bool is_open, is_late;
    struct url url;
};

struct spot_rows {
    struct spot_row *at;
    ptrdiff_t n;
};

struct spots_view {
    const struct frame *frame;
    struct str place;
    struct search_view search;
    struct links filters;
    struct spot_rows rows;
    bool has_more, shows_line;
    struct url more, export_url;
};

struct spot_view {
    const struct frame *frame;
    struct spot_row spot;
    struct str basis, plan, version, organisation;
    struct url unit_url, organisation_url;
    bool has_organisation, may_edit, has_conflict;
    struct text found_by;
    struct event_views events;
    struct step_views steps;
    struct form_view typed; /* into a form that cannot be sent any more */
    struct form_view assign;
    struct url assign_url, note_url;
    struct form_view note;
    struct date closed_on;
};

struct unit_row {
    struct str name, place, uscc;
    struct text kind;
    int64_t employees, league_members;
    bool is_closed;
    struct url url;
};

struct unit_rows {
    struct unit_row *at;
    ptrdiff_t n;
};

struct units_view {
    const struct frame *frame;
    struct str place;
    struct str typed, kind, at, line; /* of the search form */
    struct links filters;
    struct unit_rows rows;
    bool has_more, may_edit, may_export, leaves_out_places; /* places are in no workbook: nobody edits them */
    struct url more, new_url, import_url, export_url;
};

struct pair_view {
    struct str line;
    struct text status;
    struct str basis;
    struct str organisation;
    bool is_blank, is_covered, is_finding;
    struct url url; /* the spot, or the organisation */
    bool has_url;
    struct date since;
};

struct pair_views {
    struct pair_view *at;
    ptrdiff_t n;
};

struct unit_view {
    const struct frame *frame;
    struct event_views events;
    struct str name, place, uscc, uscc_missing, industry, contact;
    struct text kind;
    bool is_closed, may_edit, is_place;
    int64_t employees, women, youth, league_members, disabled;
    struct instant changed_at;
    struct pair_views pairs;
    struct spot_rows spots; /* open and closed, the newest first */
    struct url edit_url;
    bool may_find; /* report a blank spot that no rule finds */
    struct form_view finding;
    struct url find_url;
};

struct organisation_row {
    struct str name, place, line;
    struct date founded_on, term_ends_on;
    bool has_term, is_term_over, is_founded, is_established, has_ended;
    struct text state;
    int64_t members;
    struct url url;
};

struct organisation_rows {
    struct organisation_row *at;
    ptrdiff_t n;
};

struct organisations_view {
    const struct frame *frame;
    struct str place;
    struct search_view search;
    struct links filters;
    struct organisation_rows rows;
    bool has_more, may_edit;
    struct text lead;
    struct url more, new_url, export_url;
};

struct covered_row {
    struct str name, place;
    struct text kind, form;
    struct date since;
    int64_t employees;
    bool is_blank;
    struct url url;
};

struct covered_rows {
    struct covered_row *at;
    ptrdiff_t n;
};

/* A step of an organisation's life. */
struct life_view {
    struct date happened_on;
    struct instant at;
    struct text what;
    struct str document, note, who, successor;
    bool has_successor, has_term, has_members;
    struct url successor_url;
    struct date term_ends_on;
    int64_t members, members_women;
};

struct life_views {
    struct life_view *at;
    ptrdiff_t n;
};

struct relation_row {
    struct text what;
    struct str name, place, line, note;
    struct url url, end_url;
    struct date since, until;
    bool has_ended, may_end, is_open; /* is_open: its form came back with problems */
    struct form_view end;
};

struct relation_rows {
    struct relation_row *at;
    ptrdiff_t n;
};

struct organisation_view {
    const struct frame *frame;
    struct event_views changes;
    struct life_views life;
    struct relation_rows relations;
    struct organisation_row organisation;
    struct text regime;
    struct str uscc, uscc_missing, approval_doc, contact, version;
    int64_t members_women;
    struct covered_rows units;
    bool may_edit, has_conflict, is_units_cut, may_relate, is_relating;
    struct step_views steps;
    struct form_view typed; /* into the form of a step that is not possible any more */
    struct form_view relation;
    struct url edit_url, relate_url;
};

/* One part of a figure, with the rows behind it. */
struct part_view {
    struct text label;
    int64_t count;
    struct url url;
    bool is_current;
};

struct part_views {
    struct part_view *at;
    ptrdiff_t n;
};

struct rate_view {
    bool is_known;
    int64_t whole, tenths; /* 80 and 1: 80.1 % */
    int64_t covered, to_cover;
};

/* So many are due for this reason. */
struct reason_view {
    bool has_kind;
    struct text kind, condition;
    struct str basis;
    int64_t count;
};

struct reason_views {
    struct reason_view *at;
    ptrdiff_t n;
};

struct coverage_view {
    const struct frame *frame;
    struct str place, line;
    struct rate_view rate;
    struct part_views parts;
    struct covered_rows rows;
    bool has_more;
    struct url more, export_url, matrix_url, why_url, rules_url;
    bool is_explained; /* then also: */
    int64_t due, exempt;
    struct reason_views reasons;
    bool has_before;
    struct date before_on;
    struct rate_view before;
};

struct today_view {
    const struct frame *frame;
    struct str name;
    struct spot_rows mine; /* the first by deadline */
    int64_t mine_count, late;
    bool has_more;
    struct url mine_url;
    bool has_network;
    struct url network_url, blanks_url;
    struct today_sections sections; /* of the other features */
    bool has_home;
    struct str home;
    int64_t home_blank, home_late;
    struct url home_late_url;
};
