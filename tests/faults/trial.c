#include "faults/trial.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SHOWN = 4000 };

static void show(int fd)
{
    char text[SHOWN];
    ssize_t len = pread(fd, text, sizeof text - 1, 0);
    text[len > 0 ? len : 0] = '\0';
    struct str line, rest = str_of(text);
    bool more = rest.len > 0;
    while (more) {
        more = str_cut(rest, '\n', &line, &rest);
        printf("# %.*s\n", STR_ARG(line));
    }
}

static bool says(int fd, const char *what)
{
    char text[SHOWN];
    ssize_t len = pread(fd, text, sizeof text - 1, 0);
    return str_find((struct str){ text, len > 0 ? len : 0 }, str_of(what)) >= 0;
}

static enum trial_end end_of(int status, int fd)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) <= TRIAL_NOT_HIT)
        return (enum trial_end)WEXITSTATUS(status);
    bool has_stopped = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && says(fd, ": bug: ");
    return has_stopped ? TRIAL_STOPPED : TRIAL_CRASHED;
}

enum trial_end trial_run(trial_fn *trial, void *self, int64_t n)
{
    int status, fd = fileno(tmpfile());
    (void)fflush(NULL);
    pid_t child = fork();
    if (child < 0)
        BUG("no process");
    if (child == 0) {
        (void)dup2(fd, STDOUT_FILENO);
        (void)dup2(fd, STDERR_FILENO);
        enum trial_end end = trial(self, n);
        (void)fflush(NULL);
        _exit((int)end);
    }
    if (waitpid(child, &status, 0) != child)
        BUG("a child is lost");
    enum trial_end end = end_of(status, fd);
    if (end == TRIAL_FAILED || end == TRIAL_CRASHED) {
        printf("# trial %lld ended with status %x\n", (long long)n, (unsigned)status);
        show(fd);
    }
    close(fd);
    return end;
}
