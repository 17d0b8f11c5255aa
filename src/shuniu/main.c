/*
 * main.c - the command line.
 */
#include "base/parse.h"
#include "shuniu/commands.h"

#include <getopt.h>
#include <sodium/core.h>
#include <string.h>
#include <sys/stat.h>

/* To add a command: one row here, its function in a file of this folder. */
static const struct command commands[] = {
    { "serve", "[--user NAME] [--replica postgres://...]", "run the server; started by root, as this user",
      command_serve },
    { "territory load", "--package DIR | --csv FILE", "load the tree of divisions", command_territory_load },
    { "district open", "CODE", "make a district's towns and villages known to the network", command_district_open },
    { "demo", "shunde", "fill a district with invented data, to look at and to learn", command_demo },
    { "account create", "LOGIN NAME", "make an administrator of the nation; the password is read from standard input",
      command_account_create },
    { "audit verify", "[--anchor FILE]", "walk the audit chains, and hold them against anchors", command_audit_verify },
    { "audit anchor", "", "print what the chains are now, to be published", command_audit_anchor },
    { "keys make", "[--suite xchacha | sm]", "make the key file of a new installation", command_keys_make },
    { "keys list", "", "list the keys, and how many values each of them seals", command_keys_list },
    { "keys rotate", "[--suite xchacha | sm]", "add a key and make it the current one", command_keys_rotate },
    { "keys add", "[--suite xchacha | sm]", "add a key for later: where several servers must have it first", command_keys_add },
    { "keys use", "N", "make key N the current one", command_keys_use },
    { "keys reseal", "", "put all values under the current key", command_keys_reseal },
    { "keys retire", "N", "take key N away, if no value needs it", command_keys_retire },
    { "keys lost", "[HOW-MANY]", "count what the key file does not open; give up as many values", command_keys_lost },
    { "recount", "", "count everything again and compare with the live figures", command_recount },
    { "backup", "FILE", "copy the data, while the server runs", command_backup },
    { "restore", "FILE", "put a copy in place of the data; the old data is kept beside it", command_restore },
    { "doctor", "[--backups DIR]", "look at the installation and say what to do", command_doctor },
    { "upgrade", "", "bring data of an older version to this one, as 'serve' does; the old data is kept beside it",
      command_upgrade },
    { "copy", "--from PLACE --to PLACE", "move an installation: PLACE is a data folder or postgres://...", command_copy },
    { "check shard", "", "prove that tables and queries can be spread over servers by district", command_check_shard },
    { "shard", "", "spread the tables (Citus), or print the SQL that would", command_shard },
    { "routes", "", "list every address with the capability it needs", command_routes },
};

static const char general[] =
    "usage: shuniu COMMAND [--data DIR] [--keys FILE] [--db postgres://...] [--address A] [--port N] [--behind-tls] [--behind-proxy]\n";

/* How many words of the line the command's name is; 0: it is another one. */
static int matched(const struct command *command, const struct options *options)
{
    char name[64];
    for (int words = 1; words <= 2 && words <= options->word_count; words++) {
        if (words == 1)
            (void)snprintf(name, sizeof name, "%s", options->words[0]);
        else
            (void)snprintf(name, sizeof name, "%s %s", options->words[0], options->words[1]);
        if (strcmp(name, command->name) == 0)
            return words;
    }
    return 0;
}

/* --- help -------------------------------------------------------------------------------------------------------- */

static void show(FILE *to, const struct command *command)
{
    fprintf(to, "  shuniu %s%s%s\n      %s\n", command->name, command->usage[0] ? " " : "", command->usage, command->help);
}

/* All, the one that was typed, or those that begin with the word that was: 'keys'. */
static bool is_asked(const struct command *command, const struct options *options)
{
    struct str first, rest;
    (void)str_cut(str_of(command->name), ' ', &first, &rest);
    return options->word_count == 0 || matched(command, options) > 0 ||
           (options->word_count == 1 && str_equal(first, str_of(options->words[0])));
}

static int unknown(const struct options *options)
{
    fprintf(stderr, "shuniu: there is no command '%s'; 'shuniu --help' lists them\n", options->words[0]);
    return 2;
}

static int help(const struct options *options)
{
    int shown = 0;
    for (ptrdiff_t i = 0; i < COUNT_OF(commands); i++) {
        if (!is_asked(&commands[i], options))
            continue;
        if (shown++ == 0)
            printf("%s\n", general);
        show(stdout, &commands[i]);
    }
    return shown > 0 ? 0 : unknown(options);
}

static int usage(void)
{
    fprintf(stderr, "%s\n", general);
    for (ptrdiff_t i = 0; i < COUNT_OF(commands); i++)
        show(stderr, &commands[i]);
    return 2;
}

/* --- the line ---------------------------------------------------------------------------------------------------- */

/* Where the word of such an option goes; NULL: it has none. */
static const char **word_of(int option, struct options *options)
{
    switch (option) {
    case 'd':
        return &options->data;
    case 'f':
        return &options->from;
    case 't':
        return &options->to;
    case 'b':
        return &options->db;
    case 'R':
        return &options->replica;
    case 'a':
        return &options->address;
    case 'c':
        return &options->csv;
    case 'k':
        return &options->package;
    case 'K':
        return &options->keys;
    case 'S':
        return &options->suite;
    case 'A':
        return &options->anchor;
    case 'B':
        return &options->backups;
    case 'u':
        return &options->user;
    default:
        return NULL;
    }
}

static bool take_option(int option, const char *typed, struct options *options, struct error *err)
{
    int64_t port;
    const char **word = word_of(option, options);
    if (word)
        *word = optarg;
    if (option == '?')
        return error_fail(err, ERROR_INPUT, "%s: no such option, or its word is missing", typed);
    if (option == 'd')
        options->has_data = true;
    else if (option == 's')
        options->is_https = true;
    else if (option == 'x')
        options->is_behind_proxy = true;
    else if (option == 'h')
        options->is_help = true;
    else if (option == 'p' && !parse_int(str_of(optarg), 0, 65535, &port))
        return error_fail(err, ERROR_INPUT, "--port wants a number up to 65535, not '%s'", optarg);
    else if (option == 'p')
        options->port = (int)port;
    return true;
}

static bool parse_options(int argc, char **argv, struct options *options, struct error *err)
{
    static const struct option known[] = {
        { "data", required_argument, NULL, 'd' },    { "address", required_argument, NULL, 'a' },
        { "port", required_argument, NULL, 'p' },    { "csv", required_argument, NULL, 'c' },
        { "package", required_argument, NULL, 'k' }, { "behind-tls", no_argument, NULL, 's' },
        { "behind-proxy", no_argument, NULL, 'x' },  { "user", required_argument, NULL, 'u' },
        { "backups", required_argument, NULL, 'B' },
        { "db", required_argument, NULL, 'b' },      { "replica", required_argument, NULL, 'R' },
        { "from", required_argument, NULL, 'f' },    { "to", required_argument, NULL, 't' },
        { "keys", required_argument, NULL, 'K' },    { "suite", required_argument, NULL, 'S' },
        { "anchor", required_argument, NULL, 'A' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    opterr = 0; /* said here, as everything else */
    int option = getopt_long(argc, argv, "h", known, NULL);
    for (; option != -1; option = getopt_long(argc, argv, "h", known, NULL))
        if (!take_option(option, argv[optind - 1], options, err))
            return false;
    for (; optind < argc; optind++) {
        if (options->word_count == WORDS_MAX)
            return error_fail(err, ERROR_INPUT, "'%s' is a word too many", argv[optind]);
        options->words[options->word_count++] = argv[optind];
    }
    return true;
}

int main(int argc, char **argv)
{
    struct options options = { .data = "data", .address = "127.0.0.1", .port = 8440 };
    struct error err;
    (void)umask(S_IRWXG | S_IRWXO); /* whatever is made here is for the one who runs it: data, log, backups */
    if (!parse_options(argc, argv, &options, &err)) {
        fprintf(stderr, "shuniu: %s\nshuniu: 'shuniu COMMAND --help' says what a command takes\n", err.detail);
        return 2;
    }
    if (options.is_help)
        return help(&options);
    if (options.word_count == 0)
        return usage();
    if (sodium_init() < 0)
        BUG("libsodium does not start");
    for (ptrdiff_t i = 0; i < COUNT_OF(commands); i++) {
        int words = matched(&commands[i], &options);
        if (words == 0)
            continue;
        options.word_count -= words;
        memmove(options.words, options.words + words, (size_t)options.word_count * sizeof options.words[0]);
        return commands[i].run(&options);
    }
    return unknown(&options);
}
