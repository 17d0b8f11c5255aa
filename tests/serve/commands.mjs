// The commands beside the server: what they refuse, what they leave as it is, and the status they end with.
// usage: commands.mjs SHUNIU
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync,
    writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fetchOne, finish, ok, post, start, stop } from "./wire.mjs";

const shuniu = process.argv[2];
const PASSWORD = "seven-lychees-in-a-bowl";
const folder = mkdtempSync(path.join(os.tmpdir(), "shuniu-commands-"));
const at = (name) => path.join(folder, name);

const isRoot = process.getuid() === 0;
const territory = new URL("../scenes/territory.csv", import.meta.url).pathname;

function run(words, dir, input = "") {
    const { status, stdout, stderr } = spawnSync(shuniu, [...words, "--data", dir], { input, encoding: "utf8" });
    return { status, text: stdout + stderr };
}

function refuses(words, dir, why, name, input = "") {
    const { status, text } = run(words, dir, input);
    ok(status === 1 && why.test(text) && !/Sanitizer|runtime error:/.test(text), name, `${status}\n${text}`);
}

function mistyped() {
    for (const words of [["audit", "verify"], ["recount"], ["backup", at("b.db")]])
        refuses(words, at("nowhere"), /no data at/, `${words[0]}: data that is not there`);
    ok(!existsSync(at("nowhere")) && !existsSync(at("b.db")), "and none of them makes it");
}

function account() {
    const create = ["account", "create", "chief", "何佩珊"];
    refuses(create, at("a"), /too short/, "account create: a short password", "short\n");
    refuses(create, at("a"), /contains the login/, "account create: one with the login in it", "the-chief-of-all\n");
    ok(!existsSync(at("a")), "and no data is made for them");
    writeFileSync(at("file"), "");
    refuses(create, at("file"), /cannot|unable|Not a directory/i, "account create: data that cannot be opened", `${PASSWORD}\n`);
    ok(run(create, at("a"), `${PASSWORD}\n`).status === 0, "account create: a good password");
    refuses(create, at("a"), /there already/, "account create: the login once more", `${PASSWORD}\n`);
}

function help() {
    const plain = (...words) => spawnSync(shuniu, words, { encoding: "utf8" });
    const all = plain("--help"), one = plain("backup", "--help"), several = plain("keys", "-h");
    ok(all.status === 0 && /shuniu recount\n/.test(all.stdout) && all.stderr === "", "--help is an answer", all.stderr);
    ok(one.status === 0 && /shuniu backup FILE/.test(one.stdout) && !/recount/.test(one.stdout), "of one command", one.stdout);
    ok(several.status === 0 && /keys make/.test(several.stdout) && /keys retire/.test(several.stdout) && !/recount/.test(several.stdout),
        "of those that begin with a word", several.stdout);
    for (const [why, ...words] of [[/--port wants a number/, "serve", "--port", "http"], [/--prot/, "serve", "--prot", "1"],
        [/no command 'seve'/, "seve"], [/no command 'seve'/, "seve", "--help"]]) {
        const { status, stdout, stderr } = plain(...words);
        ok(status === 2 && why.test(stderr) && stdout === "" && !/recount/.test(stderr), `${words.join(" ")}: the reason alone`, stderr);
    }
}

// What is said to do about it is about what happened.
function advice() {
    refuses(["serve", "--port", "0", "--user", "nobody-of-that-name"], at("new"), /no such user\nNothing was changed/, "an unknown user");
    refuses(["territory", "load", "--csv", territory, "--db", "file.db"], at("new"), /--db wants postgres.*\nNothing was changed/, "a wrong option");
    const { text } = run(["audit", "verify", "--db", "postgres://nobody@127.0.0.1:1/none"], at("new"));
    ok(/cannot connect/.test(text) && /See the address after --db, the password in \.pgpass/.test(text), "no database server", text);
}

// Whoever may not look into a folder does not hear that nothing is there.
function anotherUser() {
    if (!isRoot) {
        ok(true, "the data of somebody else # SKIP only root can be two people");
        return;
    }
    run(["account", "create", "chief", "X"], at("theirs"), `${PASSWORD}\n`);
    chmodSync(folder, 0o711);
    for (const words of [["recount"], ["audit", "verify"]]) {
        const { status, stderr } = spawnSync(shuniu, [...words, "--data", at("theirs")], { encoding: "utf8", uid: 65534, gid: 65534 });
        ok(status === 1 && /Permission denied\nAnother user may/.test(stderr), `${words.join(" ")}: the data of somebody else`, stderr);
    }
    chmodSync(folder, 0o700);
}

function backup() {
    run(["account", "create", "chief", "X"], at("b"), `${PASSWORD}\n`);
    symlinkSync(at("elsewhere"), at("link.db"));
    refuses(["backup", at("link.db")], at("b"), /not overwritten/, "backup: a link that leads nowhere");
    refuses(["backup", at("none/x.db")], at("b"), /No such file/, "backup: no such folder");
    const script = "trap '' XFSZ; ulimit -f 40; exec \"$0\" backup \"$1\" --data \"$2\"";
    const cut = spawnSync("sh", ["-c", script, shuniu, at("cut.db"), at("b")], { encoding: "utf8" });
    ok(cut.status === 1 && readdirSync(folder).every((name) => !name.startsWith("cut")), "backup: no room, and nothing is left of it",
        cut.stderr + readdirSync(folder));
    ok(run(["backup", at("cut.db")], at("b")).status === 0 && statSync(at("cut.db")).size > 40 * 512, "backup: later, of the same name");
    refuses(["restore", at("not-there.db")], at("b"), /not-there\.db/, "restore: a file that is not there");
    writeFileSync(at("short.db"), readFileSync(at("cut.db")).subarray(0, 20000));
    writeFileSync(at("garbage.db"), "garbage ".repeat(1000));
    for (const name of ["short.db", "garbage.db"])
        refuses(["restore", at(name)], at("b"), /^(?![^]*PRAGMA)[^]*no backup/, `restore: ${name}, without our own SQL in the answer`);
}

function anchors() {
    const dir = at("anchored");
    run(["account", "create", "chief", "X"], dir, `${PASSWORD}\n`);
    ok(/no anchors were held against them/.test(run(["audit", "verify"], dir).text), "audit verify says that there were no anchors");
    run(["audit", "anchor"], dir);
    const { text } = run(["audit", "verify"], dir);
    ok(text.includes(`1 anchors: all fit, the last of `) && text.includes(`in ${dir}/anchors.txt`), "and which ones there were", text);
}

function demonstration() {
    run(["account", "create", "chief", "X"], at("real"), `${PASSWORD}\n`);
    run(["territory", "load", "--csv", territory], at("real"));
    run(["keys", "make"], at("real"));
    refuses(["demo", "shunde"], at("real"), /there are accounts already/, "demo: never among real people");
    const { text } = run(["territory", "load", "--csv", territory], at("quiet"));
    ok(!/\r/.test(text) && /provinces/.test(text), "no progress where nobody looks", text);
}

async function copy() {
    const server = await start(shuniu, (dir) => run(["account", "create", "chief", "X"], dir, `${PASSWORD}\n`));
    const place = (to) => spawnSync(shuniu, ["copy", "--from", server.dir, "--to", at(to)], { encoding: "utf8" });
    const during = place("copy1");
    ok(during.status === 1 && /in use: stop the server first/.test(during.stderr) && !existsSync(at("copy1")),
        "copy: not while it is served, and no new place is made", during.stderr);
    server.child.kill("SIGTERM");
    await server.exited;
    const after = place("copy2");
    ok(after.status === 0 && /Not copied: the key file, and anchors\.txt/.test(after.stdout), "copy: once it rests", after.stdout + after.stderr);
    rmSync(server.dir, { recursive: true });
}

// In a killed server's folder: the log that it left is no reason to wait; a server that runs is one.
async function restore() {
    const dead = await start(shuniu, (dir) => run(["account", "create", "chief", "X"], dir, `${PASSWORD}\n`));
    ok(run(["backup", at("good.db")], dead.dir).status === 0, "backup while the server runs");
    refuses(["restore", at("good.db")], dead.dir, /in use/, "restore while the server runs");
    const wrong = await fetchOne(dead.port, post("/sign-in", "login=chief&password=wrong-this-time"));
    ok(wrong.status === 422, "a sign-in that fails is written down");
    dead.child.kill("SIGKILL");
    await dead.exited;
    ok(statSync(path.join(dead.dir, "shuniu.db-wal")).size > 0, "a killed server leaves its log");
    writeFileSync(at("empty.db"), "");
    writeFileSync(at("letter.db"), "a letter, not a database. ".repeat(1000));
    copyFileSync(at("good.db"), at("same.db"));
    refuses(["restore", at("empty.db")], dead.dir, /empty/, "restore: an empty file");
    refuses(["restore", at("letter.db")], dead.dir, /not a database/, "restore: a letter");
    ok(statSync(at("empty.db")).size === 0, "and neither is written to");
    ok(!existsSync(path.join(dead.dir, "shuniu.db.before")), "nor is the data moved");
    const { status, text } = run(["restore", at("good.db")], dead.dir);
    ok(status === 0 && existsSync(path.join(dead.dir, "shuniu.db.before")), "restore after a kill", text);
    ok(!existsSync(at("good.db-wal")) && spawnSync("cmp", [at("good.db"), at("same.db")]).status === 0,
        "the backup is as it was");
    ok(run(["audit", "verify"], dead.dir).status === 0, "and the data holds");
    rmSync(dead.dir, { recursive: true });
}

mistyped();
help();
advice();
anotherUser();
account();
backup();
anchors();
demonstration();
await copy();
await restore();
await stop(await start(shuniu, (dir) => rmSync(dir, { recursive: true }))); // serve makes what is not there
rmSync(folder, { recursive: true });
finish();
