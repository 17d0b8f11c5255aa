/*
 * replay.c - runs a target over every file of its corpus, with any compiler: the regressions, as a test.
 *
 * usage: replay FOLDER.  Speaks TAP.  Each input is copied to memory of its exact size, so that the sanitizer sees a
 * read past its end.
 */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>

enum { INPUT_BYTES = 1024 * 1024 };

static struct str read_file(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return (struct str){ 0 };
    char *bytes = arena_new(arena, char, INPUT_BYTES);
    ptrdiff_t len = (ptrdiff_t)fread(bytes, 1, INPUT_BYTES, file);
    (void)fclose(file);
    return (struct str){ bytes, len };
}

static void run_one(const char *path)
{
    struct arena whole = { 0 }, exact = { 0 }, arena = { 0 };
    struct str input = read_file(path, &whole);
    fuzz_one(str_copy(&exact, input), &arena);
    arena_release(&arena);
    arena_release(&exact);
    arena_release(&whole);
}

int main(int argc, char **argv)
{
    char path[4096];
    int count = 0;
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (!folder) {
        fputs("usage: replay FOLDER\n", stderr);
        return 2;
    }
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        run_one(path);
        printf("ok %d - %s\n", ++count, entry->d_name);
        (void)fflush(stdout); /* the next one may stop the process */
    }
    (void)closedir(folder);
    printf("1..%d\n", count);
    return count > 0 ? 0 : 1;
}
