/*
 * limits.h - everything a user controls has a limit, and all limits stand here.
 *
 * A request past a limit is refused with a clear answer (413, 431, 429, 503 or a message beside the field); nothing
 * is cut off silently.
 */
#pragma once

enum {
    /* connections */
    LIMIT_CONNECTIONS = 2000,
    LIMIT_CONNECTIONS_PER_ADDRESS = 500,
    LIMIT_HEADER_SECONDS = 10,     /* from connect, or from the end of the last request, to the end of the headers */
    LIMIT_IDLE_SECONDS = 15,       /* keep-alive without a request */
    LIMIT_BODY_SECONDS = 10,       /* a body may stand still; and to send it or read a reply, plus what its size takes at the slowest rate */
    LIMIT_BODY_BYTES_PER_SECOND = 8 * 1024,
    LIMIT_STOP_SECONDS = 5,        /* for running requests to end at shutdown */

    /* a request */
    LIMIT_CONNECTION_MEMORY = 16 * 1024, /* request line and headers, all together */
    LIMIT_FORM_BYTES = 256 * 1024,
    LIMIT_UPLOAD_BYTES = 32 * 1024 * 1024,
    LIMIT_LARGE_BODIES = 8,        /* bodies over LIMIT_FORM_BYTES at the same time */
    LIMIT_LARGE_BODIES_EACH = 2,   /* of one account */
    LIMIT_PARAMS = 200,            /* fields of a form or a query */
    LIMIT_PAGE_BYTES = 8 * 1024 * 1024,

    /* work in progress */
    LIMIT_WRITER_QUEUE = 4096,
    LIMIT_WRITER_BATCH = 256,
    LIMIT_WORKERS = 2,             /* password hashing takes 19 MiB each */
    LIMIT_WORKER_QUEUE = 128,

    /* a database server (platform/db/postgres.c) */
    LIMIT_CONNECT_SECONDS = 3,     /* to all hosts of the address at once */
    LIMIT_SILENT_HOST_MS = 1000,   /* for the others, once one of them has said no */
    LIMIT_AWAY_MS = 500,           /* then requests that read try again; until then they are refused at once */
    LIMIT_AWAY_WAIT_SECONDS = 20,  /* a form that is sent waits so long before it is begun (platform/serve/outage.h) */
    LIMIT_REPLICA_REST_SECONDS = 30, /* one that failed is passed by for so long */
    LIMIT_SILENCE_MS = 2000,       /* of a server that owes an answer; then it is asked whether it lives */
    LIMIT_STATEMENT_SECONDS = 30,  /* then the server counts as lost, and the connection is closed */
    LIMIT_LONG_STATEMENT_SECONDS = 600, /* of a recount, or of a whole audit chain */
    LIMIT_RECONNECT_SECONDS = 60,  /* changes wait so long for a server to come back, or another to take over */

    /* what a reading connection keeps of results (platform/db/cache.h) */
    LIMIT_CACHED_PARAMS = 16,      /* of one query */
    LIMIT_CACHE_BYTES = 1 << 20,

    /* people */
    LIMIT_SESSION_HOURS = 12,
    LIMIT_SIGN_IN_FAILURES = 5,    /* then each further try waits twice as long */
    LIMIT_SIGN_IN_WAIT_SECONDS = 900,
    /*
     * Wrong passwords from one address, whatever the login; IPv6: from one /64.  Offices share an address, often a whole
     * district's network: so many are free, and from then on one each LIMIT_ADDRESS_FORGET_SECONDS, which a person in a
     * hurry does not notice for long and a program that guesses does.
     */
    LIMIT_ADDRESS_FAILURES = 60,
    LIMIT_ADDRESS_FORGET_SECONDS = 15,
    LIMIT_ADDRESSES = 10 * 1000,   /* of which this is remembered; beyond, the one with the fewest is forgotten */
    LIMIT_FAMILIAR_DAYS = 30,      /* an account that has signed in from there since may go on trying */
    LIMIT_FAMILIAR = 10,           /* networks of one account that are remembered */
    LIMIT_PASSWORD_MIN = 10,
    LIMIT_PASSWORD_MAX = 200,

    /* what was typed and not sent */
    LIMIT_DRAFT_BYTES = 64 * 1024, /* of one draft, encoded */
    LIMIT_DRAFTS = 50,             /* of one account; then the oldest goes */
    LIMIT_DRAFT_DAYS = 30,
    LIMIT_RESCUE_HOURS = 12,       /* after its end a session still says whose a form is that comes too late */
    LIMIT_DONE_HOURS = 24,         /* a form sent again is known for so long */

    /* lists and texts */
    LIMIT_ROWS = 20,               /* rows of one page of a list: an old screen shows them without much scrolling */
    LIMIT_NAME = 120,              /* characters */
    LIMIT_NOTE = 4000,

    /* workbooks that people upload (.xlsx) */
    LIMIT_SHEET_PARTS = 2000,      /* files in the zip */
    LIMIT_SHEET_UNPACKED = 512 * 1024 * 1024, /* bytes of all parts read */
    LIMIT_SHEET_RATIO = 200,       /* unpacked to packed, of one part over 1 MiB; sheets have 5 to 40 */
    LIMIT_SHEET_ROWS = 200 * 1000,
    LIMIT_SHEET_COLUMNS = 200,
    LIMIT_SHEET_CELL_BYTES = 16000, /* LIMIT_NOTE characters of four bytes */
    LIMIT_SHEET_STRINGS = 3 * 1000 * 1000,
    LIMIT_SHEET_STRING_BYTES = 128 * 1024 * 1024,

    /* long work */
    LIMIT_JOB_DAYS = 7,            /* then a job and its result are deleted */
    LIMIT_JOBS_WAITING = 200,      /* in the queue, of everybody */
    LIMIT_JOBS_UNFINISHED = 5,     /* of one account: each may keep an upload */
    LIMIT_JOBS_KEPT = 20,          /* of one account, when they are over: each may keep a workbook to download */
    LIMIT_JOB_PAYLOAD = 64 * 1024 * 1024 /* what a job keeps for its next step */
};
