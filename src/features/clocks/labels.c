#include "features/clocks/labels.h"

#include "gen/clocks_texts.h"

struct text label_clock_kind(enum clock_kind kind)
{
    switch (kind) {
    case CLOCK_NOTIFY:
        return t_clock_notify();
    case CLOCK_CONTACT:
        return t_clock_contact();
    case CLOCK_CLOSE:
        return t_clock_close();
    case CLOCK_CALL_BACK:
        return t_clock_call_back();
    case CLOCK_MEDIATION:
        return t_clock_mediation();
    case CLOCK_KIND_COUNT:
        break;
    }
    BUG("clock kind %d", (int)kind);
}

const char *clock_kind_name(enum clock_kind kind)
{
    static const char *const names[CLOCK_KIND_COUNT] = {
        [CLOCK_NOTIFY] = "notify",       [CLOCK_CONTACT] = "contact",     [CLOCK_CLOSE] = "close",
        [CLOCK_CALL_BACK] = "call-back", [CLOCK_MEDIATION] = "mediation",
    };
    assert(kind >= CLOCK_NOTIFY && kind < CLOCK_KIND_COUNT);
    return names[kind];
}

struct text label_matter_type(enum matter_type type)
{
    switch (type) {
    case MATTER_INQUIRY:
        return t_matter_inquiry();
    case MATTER_HELP:
        return t_matter_help();
    case MATTER_COMPLAINT:
        return t_matter_complaint();
    case MATTER_REPORT:
        return t_matter_report();
    case MATTER_SUGGESTION:
        return t_matter_suggestion();
    case MATTER_TYPE_COUNT:
        break;
    }
    BUG("matter type %d", (int)type);
}

struct text label_matter_channel(enum matter_channel channel)
{
    switch (channel) {
    case CHANNEL_COUNTER:
        return t_channel_counter();
    case CHANNEL_PHONE:
        return t_channel_phone();
    case CHANNEL_WEB:
        return t_channel_web();
    case CHANNEL_LETTER:
        return t_channel_letter();
    case CHANNEL_VISIT:
        return t_channel_visit();
    case CHANNEL_MEETING:
        return t_channel_meeting();
    case CHANNEL_DEPUTY:
        return t_channel_deputy();
    case CHANNEL_WOMENS_HOME:
        return t_channel_womens_home();
    case CHANNEL_HOTLINE_12345:
        return t_channel_hotline_12345();
    case CHANNEL_PETITION_OFFICE:
        return t_channel_petition_office();
    case CHANNEL_SOCIAL_ORGANISATION:
        return t_channel_social_organisation();
    case CHANNEL_API:
        return t_channel_api();
    case CHANNEL_COUNT:
        break;
    }
    BUG("channel %d", (int)channel);
}

struct text label_pause_reason(enum pause_reason reason)
{
    switch (reason) {
    case PAUSE_PAPERS:
        return t_pause_papers();
    case PAUSE_APPRAISAL:
        return t_pause_appraisal();
    case PAUSE_COURT:
        return t_pause_court();
    case PAUSE_FORCE_MAJEURE:
        return t_pause_force_majeure();
    case PAUSE_ANSWERED:
        return t_pause_answered();
    case PAUSE_REASON_COUNT:
        break;
    }
    BUG("reason of a pause %d", (int)reason);
}

struct text label_clock_unit(enum clock_unit unit)
{
    switch (unit) {
    case CLOCK_DAYS:
        return t_clock_unit_days();
    case CLOCK_WORKING_DAYS:
        return t_clock_unit_working_days();
    case CLOCK_HOURS:
        return t_clock_unit_hours();
    }
    BUG("unit of time %d", (int)unit);
}

struct text label_duration(enum clock_unit unit, int64_t amount)
{
    switch (unit) {
    case CLOCK_DAYS:
        return t_duration_days(amount);
    case CLOCK_WORKING_DAYS:
        return t_duration_working_days(amount);
    case CLOCK_HOURS:
        return t_duration_hours(amount);
    }
    BUG("unit of time %d", (int)unit);
}

struct text label_time_limit(const struct time_limit *limit)
{
    if (limit->unit == CLOCK_DAYS && limit->moves_to_working_day)
        return t_duration_days_moved(limit->amount);
    return label_duration(limit->unit, limit->amount);
}
