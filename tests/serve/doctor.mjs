// shuniu doctor: each thing that can be wrong with an installation is made wrong, and must be found.
// usage: doctor.mjs SHUNIU
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync,
    symlinkSync, truncateSync, utimesSync, writeFileSync, writeSync, closeSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { finish, get, fetchOne, ok, start, stop } from "./wire.mjs";

const shuniu = process.argv[2];
const HOUR = 3600;
const isRoot = process.getuid() === 0;
const folder = mkdtempSync(path.join(os.tmpdir(), "shuniu-doctor-"));
const at = (...names) => path.join(folder, ...names);
const run = (words, input = "") => spawnSync(shuniu, words, { input, encoding: "utf8" });

function must(words, input) {
    const { status, stderr } = run(words, input);
    if (status !== 0)
        throw new Error(`${words.join(" ")}: ${stderr}`);
}

const doctor = (more = ["--data", at("data"), "--backups", at("backups")]) => run(["doctor", ...more]);

// Asks the doctor about an installation that 'spoil' has done something to; the line must be there, with this verdict.
function expect(name, verdict, line, spoil, more) {
    for (const one of ["data", "backups"]) {
        rmSync(at(one), { recursive: true, force: true });
        cpSync(at(`good-${one}`), at(one), { recursive: true, preserveTimestamps: true });
    }
    spoil();
    const { status, stdout, stderr } = doctor(more);
    const said = stdout.split("\n").filter((text) => text.startsWith(verdict)).some((text) => line.test(text));
    ok(said && status === (verdict === "BROKEN" ? 1 : 0) && stderr === "", [verdict, name].filter(Boolean).join(": "),
        `status ${status}\n${stdout}${stderr}`);
}

function write(file, position, bytes) {
    const fd = openSync(file, "r+");
    writeSync(fd, bytes, 0, bytes.length, position);
    closeSync(fd);
}

// One letter of a stored word is another one.
function change(file, word) {
    const position = readFileSync(file).indexOf(word);
    if (position < 0)
        throw new Error(`${word} is not in ${file}`);
    write(file, position, Buffer.from("X"));
}

function age(file, seconds) {
    const then = Date.now() / 1000 - seconds;
    utimesSync(file, then, then);
}

const db = at("data", "shuniu.db"), backup = at("backups", "1.db");

function places() {
    expect("a folder for its owner alone", "fine", /folder .* alone/, () => {});
    expect("a folder others can enter", "BROKEN", /folder .*mode 755/, () => chmodSync(at("data"), 0o755));
    expect("a file others could open", "look", /files .*mode 644/, () => chmodSync(db, 0o644));
    expect("a link", "BROKEN", /files .*a link/, () => {
        renameSync(db, at("data", "real.db"));
        symlinkSync("real.db", db);
    });
    expect("what a restore left", "look", /files .*left over/, () => writeFileSync(at("data", "shuniu.db.before"), ""));
    expect("room on the disk, or the lack of it", "", /disk .*MiB are free/, () => {});
    expect("the way back from an upgrade", "look", /files .*before-v6 is .*contacts of persons in the clear/,
        () => writeFileSync(at("data", "shuniu.db.before-v6"), ""));
    if (isRoot)
        expect("a file of somebody else", "BROKEN", /files .*nobody's/, () => chownSync(db, 65534, 65534));
    else
        ok(true, "BROKEN: a file of somebody else # SKIP only root can make one");
}

// Asked by somebody who may not look: no advice to put anything aside.
function stranger() {
    if (!isRoot) {
        ok(true, "BROKEN: asked by a stranger # SKIP only root can be two people");
        return;
    }
    chmodSync(folder, 0o711);
    const { status, stdout } = spawnSync(shuniu, ["doctor", "--data", at("good-data")], { encoding: "utf8", uid: 65534, gid: 65534 });
    ok(status === 1 && /^BROKEN +data .*Permission denied\n +-> .*sudo -u/m.test(stdout) && !/put .* aside/.test(stdout),
        "BROKEN: asked by a stranger", stdout);
    chmodSync(folder, 0o700);
}

// A disk of its own, as small as that, for one process.
function smallDisk() {
    const script = 'mount -t tmpfs -o size=80m,mode=700 none "$1" && cp "$2" "$1/shuniu.db" && exec "$3" doctor --data "$1"';
    const { status, stdout, stderr } =
        spawnSync("unshare", ["-m", "sh", "-c", script, "sh", at("data"), at("good-data", "shuniu.db"), shuniu],
            { encoding: "utf8" });
    if (!stdout) {
        ok(true, `BROKEN: a full disk # SKIP cannot make one: ${stderr.trim()}`);
        return;
    }
    ok(status === 1 && /^BROKEN +disk +\d+ MiB are free/m.test(stdout), "BROKEN: a full disk", stdout);
    ok(/^look +disk .*tmpfs/m.test(stdout), "look: data in memory", stdout);
}

function data() {
    expect("data that is whole", "fine", /data .*undamaged, \d+ events/, () => {});
    expect("durable settings", "fine", /engine .*log/, () => {});
    expect("no log", "look", /engine .*delete/, () => write(db, 18, Buffer.from([1, 1])));
    expect("no data", "BROKEN", /data .*no data/, () => rmSync(db));
    expect("a letter", "BROKEN", /data .*cannot be opened/, () => writeFileSync(db, "a letter. ".repeat(10000)));
    expect("data of another version", "BROKEN", /data .*schema 99/, () => write(db, 60, Buffer.from([0, 0, 0, 99])));
    expect("a damaged page", "BROKEN", /data .*(damaged|cannot be)/, () => write(db, 4096, Buffer.alloc(8192, 0xA5)));
    const { stdout: table } = doctor(["--data", at("data")]);
    ok(table.split("\n").every((line) => /^(fine|look|BROKEN|   |$|\d+ fine)/.test(line)), "what the engine says stays on its line", table);
    expect("a changed event", "BROKEN", /data .*does not fit its audit chain/, () => change(db, "accounts.create"));
    const { status, stdout } = doctor(["--data", at("nowhere")]);
    ok(status === 1 && /^BROKEN +folder/.test(stdout) && !existsSync(at("nowhere")), "BROKEN: no folder, and none is made");
    ok(run(["doctor", "word"]).status === 2, "a word too many is a wrong use");
}

function backups() {
    expect("a backup of today", "fine", /backup .* 0 hours old/, () => {});
    expect("a backup that can be restored", "fine", /backup +schema \d+, undamaged/, () => {});
    expect("no word where backups are", "look", /backup .*not said/, () => {}, ["--data", at("data")]);
    expect("no folder of backups", "BROKEN", /backup .*No such file/, () => rmSync(at("backups"), { recursive: true }));
    expect("no backup", "BROKEN", /backup .*there is none/, () => rmSync(backup));
    expect("a backup of yesterday but one", "look", /backup .* 30 hours old/, () => age(backup, 30.5 * HOUR));
    expect("a backup of last week", "BROKEN", /backup .* 192 hours old/, () => age(backup, 192.5 * HOUR));
    expect("the newest counts", "fine", /backup .*2\.db is 0 hours old/, () => {
        cpSync(backup, at("backups", "2.db"));
        age(backup, 192 * HOUR);
    });
    expect("a backup of tomorrow", "look", /backup .*future/, () => age(backup, -24 * HOUR));
    expect("a backup others can read", "BROKEN", /backup .*mode 644/, () => {
        chmodSync(at("backups"), 0o755);
        chmodSync(backup, 0o644);
    });
    expect("a backup on the disk of the data", "look", /backup .*disk of the data/, () => {});
    expect("half a backup", "BROKEN", /backup .*(cannot be|damaged)/, () => truncateSync(backup, 100000));
    expect("an empty backup", "BROKEN", /backup .*cannot be restored/, () => truncateSync(backup, 0));
    expect("a backup of another version", "BROKEN", /backup .*schema 99/, () => write(backup, 60, Buffer.from([0, 0, 0, 99])));
    expect("a backup with a changed event", "BROKEN", /backup .*audit chain/, () => change(backup, "accounts.create"));
}

function keys() {
    const file = at("data.keys", "keys");
    expect("a key file", "fine", /keys .*1 keys, number 1/, () => {});
    expect("a key file others can read", "BROKEN", /keys .*by others/, () => chmodSync(file, 0o644));
    chmodSync(file, 0o600);
    expect("a damaged key file", "BROKEN", /keys .*not as it was written/, () => change(file, "key 1"));
    rmSync(at("data.keys"), { recursive: true });
    expect("no keys", "BROKEN", /keys .*no key file/, () => {});
    expect("a key file made anew", "BROKEN", /keys .*made anew/, () => {
        must(["keys", "make", "--data", at("data")]);
        must(["keys", "rotate", "--data", at("data")]);
        rmSync(at("data.keys"), { recursive: true });
        must(["keys", "make", "--data", at("elsewhere"), "--keys", file]);
    });
}

function machine() {
    expect("a clock that has the year", "fine", /clock .* in China/, () => {});
    expect("a clock behind the data", "BROKEN", /clock .*written after/, () => age(db, -HOUR));
    expect("a kernel with seccomp", "", /kernel .*seccomp/, () => {});
    expect("a kernel with Landlock, or without", "", /kernel .*Landlock/, () => {});
    const limited = (limit) => spawnSync("sh", ["-c", `ulimit ${limit}; exec "$0" doctor --data "$1"`, shuniu, at("data")],
        { encoding: "utf8" }).stdout;
    const few = limited("-n 256");
    ok(/^look +limits +256 files/m.test(few), "look: few files at once", few);
    const small = limited("-f 100000");
    ok(/^BROKEN +limits +a file may have/m.test(small), "BROKEN: a limit to a file's size", small);
}

async function besideServer() {
    const server = await start(shuniu);
    const { status, stdout } = doctor(["--data", server.dir]);
    ok(status === 0 && /^fine +data/m.test(stdout), "beside a server that runs", stdout);
    ok((await fetchOne(server.port, get("/healthz"))).status === 200, "which goes on");
    await stop(server);
}

must(["keys", "make", "--data", at("data")]);
must(["account", "create", "chief", "何佩珊", "--data", at("good-data")], "seven-lychees-in-a-bowl\n");
mkdirSync(at("good-backups"), { mode: 0o700 });
must(["backup", at("good-backups", "1.db"), "--data", at("good-data")]);
places();
stranger();
smallDisk();
data();
backups();
keys();
machine();
await besideServer();
rmSync(folder, { recursive: true });
finish();
