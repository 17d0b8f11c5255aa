/*
 * doctor.c - shuniu doctor: looks at an installation and says what is fine, what to look at, what is broken, and what to
 * do.  It changes nothing, and may be run beside the server.
 */
#include "shuniu/doctor.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

/* To add a check: one row here, its function in a doctor_*.c. */
static const struct check {
    void (*run)(struct doctor *doctor);
    bool of_file, of_server; /* where the data is */
} checks[] = {
    { check_folder, true, false },  { check_files, true, false },  { check_disk, true, false }, { check_data, true, false },
    { check_backups, true, false }, { check_server, false, true }, { check_keys, true, true },  { check_clock, true, true },
    { check_limits, true, true },   { check_kernel, true, true },
};

static const char *const words[VERDICT_COUNT] = {
    [VERDICT_FINE] = "fine",
    [VERDICT_LOOK] = "look",
    [VERDICT_BROKEN] = "BROKEN",
};

void found(struct doctor *doctor, enum verdict verdict, const char *thing, const char *format, ...)
{
    va_list args;
    doctor->counts[verdict]++;
    va_start(args, format);
    struct str text = str_format_list(doctor->arena, format, args);
    va_end(args);
    printf("%-7s %-8s ", words[verdict], thing);
    for (ptrdiff_t i = 0; i < text.len; i++) /* what an engine says may have several lines */
        putchar(text.data[i] != '\n' ? text.data[i] : ' ');
    putchar('\n');
}

void advise(const char *format, ...)
{
    va_list args;
    printf("%-16s -> ", "");
    va_start(args, format);
    (void)vprintf(format, args);
    va_end(args);
    putchar('\n');
}

const char *name_in(struct doctor *doctor, const char *folder, const char *name)
{
    return str_z(doctor->arena, str_format(doctor->arena, "%s/%s", folder, name));
}

int command_doctor(const struct options *options)
{
    struct arena arena = { 0 };
    struct doctor doctor = { .arena = &arena, .options = options, .now = instant_now() };
    bool has_folder = options->db == NULL;
    struct stat it;
    if (options->word_count != 0) {
        fputs("usage: shuniu doctor [--data DIR | --db postgres://...] [--keys FILE] [--backups DIR]\n", stderr);
        return 2;
    }
    if (has_folder && stat(options->data, &it) != 0 && errno != ENOENT) {
        found(&doctor, VERDICT_BROKEN, "folder", "%s: %s", options->data, strerror(errno));
        advise("nothing is known of it before its owner asks: sudo -u USER shuniu doctor ...");
        arena_release(&arena);
        return 1;
    }
    if (has_folder && (stat(options->data, &it) != 0 || !S_ISDIR(it.st_mode))) {
        found(&doctor, VERDICT_BROKEN, "folder", "%s is no folder", options->data);
        advise("give the folder of the data as --data; 'shuniu territory load' makes a new one");
        arena_release(&arena);
        return 1;
    }
    for (ptrdiff_t i = 0; i < COUNT_OF(checks); i++)
        if (has_folder ? checks[i].of_file : checks[i].of_server)
            checks[i].run(&doctor);
    printf("\n%d fine, %d to look at, %d broken\n", doctor.counts[VERDICT_FINE], doctor.counts[VERDICT_LOOK],
           doctor.counts[VERDICT_BROKEN]);
    arena_release(&arena);
    return doctor.counts[VERDICT_BROKEN] > 0;
}
