/*
 * doctor.c - shuniu doctor: looks at an installation and says what is fine, what to look at, what is broken, and what to
 * do.  It changes nothing, and may be run beside the server.
 */
#include "shuniu/doctor.h"

#include <stdarg.h>
#include <sys/stat.h>

/* To add a check: one row here, its function in a doctor_*.c. */
static const struct check {
    void (*run)(struct doctor *doctor);
    bool is_of_folder; /* of data in a file: left out with --db */
} checks[] = {
    { check_folder, true }, { check_files, true },   { check_disk, true },    { check_data, true },
    { check_backups, true }, { check_keys, false }, { check_server, false },  { check_clock, false },  { check_limits, false },
    { check_kernel, false },
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
    printf("%-7s %-8s ", words[verdict], thing);
    va_start(args, format);
    (void)vprintf(format, args);
    va_end(args);
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
        fputs("usage: shuniu doctor [--data DIR] [--backups DIR]\n", stderr);
        return 2;
    }
    if (has_folder && (stat(options->data, &it) != 0 || !S_ISDIR(it.st_mode))) {
        found(&doctor, VERDICT_BROKEN, "folder", "%s is no folder", options->data);
        advise("give the folder of the data as --data; 'shuniu territory load' makes a new one");
        return 1;
    }
    for (ptrdiff_t i = 0; i < COUNT_OF(checks); i++)
        if (has_folder || !checks[i].is_of_folder)
            checks[i].run(&doctor);
    printf("\n%d fine, %d to look at, %d broken\n", doctor.counts[VERDICT_FINE], doctor.counts[VERDICT_LOOK],
           doctor.counts[VERDICT_BROKEN]);
    arena_release(&arena);
    return doctor.counts[VERDICT_BROKEN] > 0;
}
