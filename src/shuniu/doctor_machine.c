/*
 * doctor_machine.c - the clock, the limits of a process, and what the kernel has.
 */
#include "shuniu/doctor.h"

#include "platform/limits.h"

#include <errno.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <unistd.h>

/* --- the clock --------------------------------------------------------------------------------------------------- */

enum { YEAR_FIRST = 2026, YEAR_LAST = 2100, SECONDS_AHEAD = 120 };

/* A clock that was set back: the data has been written later than now. */
static bool is_behind_data(struct doctor *doctor)
{
    static const char *const names[] = { "shuniu.db", "shuniu.db-wal" };
    struct stat it;
    bool is_behind = false;
    for (ptrdiff_t i = 0; i < COUNT_OF(names); i++)
        if (stat(name_in(doctor, doctor->options->data, names[i]), &it) == 0)
            is_behind = is_behind || it.st_mtime > doctor->now.us / 1000000 + SECONDS_AHEAD;
    return is_behind;
}

static void check_time_service(struct doctor *doctor)
{
    struct timex clock = { .modes = 0 };
    int state = adjtimex(&clock);
    if (state < 0) {
        found(doctor, VERDICT_LOOK, "clock", "nobody can be asked here whether it is set by a time service (%s)",
              strerror(errno));
    } else if (state == TIME_ERROR || (clock.status & STA_UNSYNC) != 0) {
        found(doctor, VERDICT_LOOK, "clock", "no time service sets it");
        advise("apt install systemd-timesyncd, timedatectl set-ntp true; in a machine of a cloud its own service");
    } else {
        found(doctor, VERDICT_FINE, "clock", "a time service sets it, within %ld ms", clock.maxerror / 1000);
    }
}

void check_clock(struct doctor *doctor)
{
    int year = civil_of_date(date_of(doctor->now)).year;
    const char *text = str_z(doctor->arena, instant_minute(doctor->arena, doctor->now));
    if (year < YEAR_FIRST || year > YEAR_LAST) {
        found(doctor, VERDICT_BROKEN, "clock", "it says %s", text);
        advise("stop the server, set the clock, start it again: deadlines and the audit go by it");
    } else if (!doctor->options->db && is_behind_data(doctor)) {
        found(doctor, VERDICT_BROKEN, "clock", "it says %s, and the data was written after that", text);
        advise("see which is right: date, ls -l --time-style=full-iso %s", doctor->options->data);
    } else {
        found(doctor, VERDICT_FINE, "clock", "%s in China", text);
    }
    check_time_service(doctor);
}

/* --- limits ------------------------------------------------------------------------------------------------------ */

/* Beside the connections: the data once for each thread, the log, what listens. */
enum { FILES_BESIDE = 256 };

void check_limits(struct doctor *doctor)
{
    const uint64_t need = LIMIT_CONNECTIONS + FILES_BESIDE;
    struct rlimit files, size, memory;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || getrlimit(RLIMIT_FSIZE, &size) != 0 ||
        getrlimit(RLIMIT_AS, &memory) != 0)
        BUG("getrlimit: %s", strerror(errno));
    if (files.rlim_cur < need) {
        found(doctor, VERDICT_LOOK, "limits", "%llu files at once; all connections need %llu",
              (unsigned long long)files.rlim_cur, (unsigned long long)need);
        advise("a server started from here: ulimit -n %llu; the unit has LimitNOFILE", (unsigned long long)need);
    } else {
        found(doctor, VERDICT_FINE, "limits", "%llu files at once", (unsigned long long)files.rlim_cur);
    }
    if (size.rlim_cur != RLIM_INFINITY) {
        found(doctor, VERDICT_BROKEN, "limits", "a file may have %llu bytes: the data stops growing there",
              (unsigned long long)size.rlim_cur);
        advise("ulimit -f unlimited");
    }
    if (memory.rlim_cur != RLIM_INFINITY) {
        found(doctor, VERDICT_LOOK, "limits", "memory ends at %llu bytes of addresses, of which SQLite maps up to 2^30 for each connection",
              (unsigned long long)memory.rlim_cur);
        advise("ulimit -v unlimited; hold memory by MemoryMax= of the unit");
    }
}

/* --- the kernel -------------------------------------------------------------------------------------------------- */

void check_kernel(struct doctor *doctor)
{
    long level = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    uint32_t action = SECCOMP_RET_KILL_PROCESS;
    bool has_seccomp = syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
    if (level > 0) {
        found(doctor, VERDICT_FINE, "kernel", "Landlock, level %ld: the server opens its own files only", level);
    } else {
        found(doctor, VERDICT_LOOK, "kernel", "no Landlock: the server could open any file its user may");
        advise("add landlock to lsm= on the kernel's command line; in a container see its seccomp profile");
    }
    if (has_seccomp) {
        found(doctor, VERDICT_FINE, "kernel", "seccomp: system calls the server does not need are refused");
    } else {
        found(doctor, VERDICT_LOOK, "kernel", "no seccomp: the server could make any system call");
        advise("a kernel with CONFIG_SECCOMP_FILTER; Debian's has it");
    }
}
