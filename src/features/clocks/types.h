/*
 * types.h - the words of clocks: what a time limit is for.  The numbers are stored; they never change their meaning.
 */
#pragma once

/* What has to have happened when a clock is due. */
enum clock_kind {
    CLOCK_NOTIFY = 1,    /* written notice of receipt, or of where it went */
    CLOCK_CONTACT = 2,   /* the first contact with the person */
    CLOCK_CLOSE = 3,     /* the matter is closed */
    CLOCK_CALL_BACK = 4, /* the person was asked whether it helped */
    CLOCK_MEDIATION = 5, /* an agreement, or the word that there is none */
    CLOCK_KIND_COUNT
};

enum matter_type {
    MATTER_INQUIRY = 1,
    MATTER_HELP = 2,
    MATTER_COMPLAINT = 3,
    MATTER_REPORT = 4, /* 举报 */
    MATTER_SUGGESTION = 5,
    MATTER_TYPE_COUNT
};

/* How a matter came in. */
enum matter_channel {
    CHANNEL_COUNTER = 1,
    CHANNEL_PHONE = 2,
    CHANNEL_WEB = 3,
    CHANNEL_LETTER = 4,
    CHANNEL_VISIT = 5, /* door to door */
    CHANNEL_MEETING = 6,
    CHANNEL_DEPUTY = 7,
    CHANNEL_WOMENS_HOME = 8,
    CHANNEL_HOTLINE_12345 = 9,
    CHANNEL_PETITION_OFFICE = 10,
    CHANNEL_SOCIAL_ORGANISATION = 11,
    CHANNEL_API = 12,
    CHANNEL_COUNT
};

/* Why a clock may be paused. */
enum pause_reason {
    PAUSE_PAPERS = 1,        /* the person has to bring papers */
    PAUSE_APPRAISAL = 2,     /* by experts */
    PAUSE_COURT = 3,         /* court or arbitration goes first */
    PAUSE_FORCE_MAJEURE = 4,
    PAUSE_ANSWERED = 5, /* not a person's to choose: between an answer and its reopening */
    PAUSE_REASON_COUNT
};
