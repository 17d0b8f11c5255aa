// A server that follows another one: what may be a little old is read there and says so; nothing depends on it.
// usage: with_postgres replica.mjs SHUNIU
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { PASSWORD, signIn } from "./people.mjs";
import { fetchOne, finish, get, ok, post, sleep, start } from "./wire.mjs";

const shuniu = process.argv[2];
const root = process.env.SHUNIU_TEST_POSTGRES;
const leader = /[?&]host=([^&]+)/.exec(root)[1];
const bin = `/usr/lib/postgresql/${readdirSync("/usr/lib/postgresql").sort((a, b) => a - b).at(-1)}/bin`;
const dir = mkdtempSync(path.join(os.tmpdir(), "shuniu-replica-")), data = path.join(dir, "data");
const keys = ["--keys", `${dir}.keys/keys`];
chmodSync(dir, 0o755);
const asUser = process.getuid() === 0 ? ["runuser", "-u", "postgres", "--"] : [];

function as(...words) {
    const [name, ...more] = [...asUser, ...words];
    return spawnSync(name, more, { cwd: dir, stdio: "ignore" }).status === 0;
}

const sql = (socket, text) => execFileSync(path.join(bin, "psql"), ["-h", socket, "-U", "shuniu", "-d", "postgres", "-Atqc", text],
    { encoding: "utf8" }).trim();

const OLD = /This page comes from a replica/, OLD_EXPORT = /It comes from a replica/;
const TREND = "/network/trend?at=440606102", VILLAGE = 440606102001;

function follow() {
    if (asUser.length > 0)
        execFileSync("chown", ["postgres:", dir]);
    process.on("exit", () => {
        as(path.join(bin, "pg_ctl"), "-D", data, "-m", "immediate", "stop");
        for (const folder of [dir, `${dir}.keys`])
            rmSync(folder, { recursive: true, force: true });
    });
    ok(as(path.join(bin, "pg_basebackup"), "-h", leader, "-U", "shuniu", "-D", data, "-R", "--no-sync", "-c", "fast") &&
        as(path.join(bin, "pg_ctl"), "-D", data, "-o", `-k ${dir}`, "-l", path.join(dir, "log"), "-w", "start"), "a second server follows");
}

function fill() {
    spawnSync(shuniu, ["keys", "make", ...keys]);
    for (const [input, ...words] of [["", "territory", "load", "--csv", "tests/scenes/territory.csv"],
        ["", "district", "open", "440606", ...keys], [`${PASSWORD}\n`, "account", "create", "chief", "X"]])
        spawnSync(shuniu, [...words, "--db", root], { input });
}

const english = (who) => `${who.cookie}Accept-Language: en\r\n`;
const page = (server, who, target) => fetchOne(server.port, get(target, english(who)));
const send = (server, who, target, fields) =>
    fetchOne(server.port, post(target, new URLSearchParams({ csrf: who.csrf, ...fields }).toString(), english(who)));
// The figures of the trend: what each village has to cover, and has.
const figures = (text) => [...text.matchAll(/class="quiet">(\d+\/\d+)</g)].map(([, figure]) => figure).join(" ");

async function caughtUp() {
    const at = sql(leader, "SELECT pg_current_wal_lsn()");
    for (let tenths = 0; tenths < 100 && sql(dir, `SELECT pg_last_wal_replay_lsn() >= '${at}'`) !== "t"; tenths++)
        await sleep(100);
}

async function exported(server, who) {
    const asked = await send(server, who, "/units/export?at=440606102", {});
    for (let tenths = 0; tenths < 200; tenths++, await sleep(100)) {
        const shown = await page(server, who, asked.headers.location ?? "/");
        if (/The export is ready/.test(shown.body))
            return shown.body;
    }
    return "no export";
}

async function clerk(server) {
    const chief = await signIn(server.port, "chief", PASSWORD);
    const made = await send(server, chief, "/accounts/new", { login: "clerk", name: "X", role: 1, line: 1, division: 440606102 });
    const first = /<code[^>]*>([^<]*)<\/code>/.exec(made.body)?.[1] ?? "";
    const who = await signIn(server.port, "clerk", first);
    const changed = await send(server, who, "/account/password", { old: first, new: PASSWORD, again: PASSWORD });
    ok(changed.status === 303, "a town officer", `${made.status} ${changed.status} ${changed.body}`);
    return who;
}

/* --- one that follows --------------------------------------------------------------------------------------------- */

async function behind(server) {
    await caughtUp();
    sql(dir, "SELECT pg_wal_replay_pause()");
    const who = await clerk(server); // whom the replica does not know
    const old = await page(server, who, TREND);
    ok(/<h1>.*<\/h1>[^]*This page comes from a replica and may be a little behind; the newest record there is of \d{4}-\d\d-\d\d \d\d:\d\d\./.test(old.body),
        "below the heading it says how old at most", old.body);
    ok(old.status === 200 && OLD.test(old.body), "the trend comes from the replica and says so, also to whom it does not know", old.body);
    const unit = { kind: 1, division: VILLAGE, uscc_missing: "none", employees: 30, name: "new" };
    ok((await send(server, who, "/units/new", unit)).status === 303, "a firm is registered");
    ok(figures(old.body) !== "" && figures((await page(server, who, TREND)).body) === figures(old.body), "there it is not yet");
    const other = await page(server, who, "/units?at=440606102");
    ok(other.status === 200 && !OLD.test(other.body) && />new</.test(other.body), "other pages are of this moment");
    ok(OLD_EXPORT.test(await exported(server, who)), "an export comes from there and says so");
    sql(dir, "SELECT pg_wal_replay_resume()");
    await caughtUp();
    const now = await page(server, who, TREND);
    ok(OLD.test(now.body) && figures(now.body) !== figures(old.body), "and then it is");
    return who;
}

/* --- one that says nothing ---------------------------------------------------------------------------------------- */

function signal(name) {
    const first = Number(readFileSync(path.join(data, "postmaster.pid"), "latin1").split("\n")[0]);
    const children = execFileSync("ps", ["-o", "pid=", "--ppid", String(first)], { encoding: "utf8" }).trim().split(/\s+/);
    [first, ...children.map(Number)].forEach((pid) => process.kill(pid, name));
}

async function silent(server, who) {
    signal("SIGSTOP");
    const trend = await page(server, who, TREND);
    ok(trend.status === 200 && !OLD.test(trend.body) && figures(trend.body) !== "", "a paused one is passed by", trend.body);
    ok(/"event":"replica","detail":"passed by/.test(server.log), "the log says so", server.log);
    const before = server.log.match(/passed by/g).length;
    const report = await exported(server, who);
    ok(/The export is ready/.test(report) && !OLD_EXPORT.test(report), "exports too");
    ok(server.log.match(/passed by/g).length === before, "it is not asked again at once");
    signal("SIGCONT");
}

async function stop(server) {
    server.child.kill("SIGTERM");
    const end = await server.exited;
    ok(end.code === 0 && !/Sanitizer|runtime error:|BUG/.test(server.log), "the server ends with 0", server.log);
    rmSync(server.dir, { recursive: true });
    rmSync(`${server.dir}.keys`, { recursive: true });
}

fill();
follow();
const serve = (replica) => start(shuniu, () => {}, ["--db", root, "--replica", replica, ...keys]);
let server = await serve(root.replace(leader, dir));
const who = await behind(server);
await silent(server, who);
await stop(server);

server = await serve(root);
const trend = await page(server, who, TREND);
ok(trend.status === 200 && !OLD.test(trend.body) && figures(trend.body) !== "", "a server that leads is no replica");
await stop(server);
const alone = spawnSync(shuniu, ["serve", "--data", dir, "--replica", root], { encoding: "utf8" });
ok(alone.status === 2 && /goes with --db/.test(alone.stderr), "a file has none", alone.stderr);
finish();
