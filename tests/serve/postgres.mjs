// A server on PostgreSQL: moved there and back, its tables fit to be spread, and a database that goes away in the middle.
// usage: with_postgres postgres.mjs SHUNIU
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { finish, ok, sleep, start } from "./wire.mjs";

const shuniu = path.resolve(process.argv[2]);
const root = process.env.SHUNIU_TEST_POSTGRES;
const socket = /[?&]host=([^&]+)/.exec(root)[1];
const bin = `/usr/lib/postgresql/${readdirSync("/usr/lib/postgresql").sort((a, b) => a - b).at(-1)}/bin`;
const folder = mkdtempSync(path.join(os.tmpdir(), "shuniu-postgres-"));
const PASSWORD = "seven-lychees-in-a-bowl";
const keys = ["--keys", path.join(folder, "keys", "keys")]; // one file for all places

const sql = (database, text) => execFileSync(path.join(bin, "psql"),
    ["-h", socket, "-U", "shuniu", "-d", database, "-Atqc", text], { encoding: "utf8" }).trim();
const address = (database) => root.replace("/postgres?", `/${database}?`);

function run(words, input = "") {
    const where = words.includes("--data") || words[0] === "copy" ? [] : ["--data", path.join(folder, "none")]; // no anchors of somebody else's
    const { status, stdout, stderr } = spawnSync(shuniu, [...words, ...where], { input, encoding: "utf8" });
    return { status, text: stdout + stderr };
}

function says(words, status, what, name, input = "") {
    const got = run(words, input);
    ok(got.status === status && what.test(got.text) && !/Sanitizer|runtime error:/.test(got.text), name, `${got.status}\n${got.text}`);
}

function fill(place) {
    run(["territory", "load", "--csv", "tests/scenes/territory.csv", ...place]);
    run(["district", "open", "440606", ...place, ...keys]);
    run(["account", "create", "chief", "X", ...place], `${PASSWORD}\n`);
}

async function moving() {
    const first = path.join(folder, "first"), second = path.join(folder, "second");
    fill(["--data", first]);
    sql("postgres", "CREATE DATABASE moved");
    const to = address("moved");
    says(["copy", "--from", first, "--to", to], 0, /^\d+ rows copied; each was read again and is the same/m, "copy: a file to PostgreSQL");
    says(["copy", "--from", first, "--to", to], 1, /has rows in 'audit_event' already/, "copy: never over what is there");
    const other = spawn(path.join(bin, "psql"), [to.replace("?", "?application_name=shuniu&"), "-c", "SELECT pg_sleep(60)"], { stdio: "ignore" });
    for (let tenths = 0; tenths < 100 && sql("moved", "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'") === "0"; tenths++)
        await sleep(100);
    says(["copy", "--from", to, "--to", second], 1, /1 other connections use it: stop the server first/, "copy: not while it is served");
    other.kill();
    sql("moved", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'");
    says(["copy", "--from", to, "--to", second], 0, /rows copied/, "copy: and back");
    const dump = (dir) => execFileSync("sqlite3", [path.join(dir, "shuniu.db"), ".dump"], { encoding: "utf8" }).split("\n")
        .filter((line) => line.startsWith("INSERT INTO") && !/_search_|INTO shuniu |sqlite_schema/.test(line)).sort();
    const [before, after] = [dump(first), dump(second)];
    ok(before.length > 50 && before.join("\n") === after.join("\n"), `the ${before.length} rows that come back are those that went`);
    says(["audit", "verify", "--db", to], 0, /all fit/, "the chains hold there");
    says(["recount", "--db", to], 0, /equal the full count/, "and so do the figures");
    says(["copy", "--from", first], 2, /usage/, "copy: where to");
    says(["keys", "list", "--db", to, ...keys], 0, /^key 1 .* [1-9]\d* values {2}current$/m, "what is sealed is sealed there, under the same key");
    says(["keys", "list", "--db", to], 1, /named by --keys FILE/, "which nobody looks for beside a folder");
}

// Those of another installation, in the folder that is taken when none is named.
function anchors(to) {
    const beside = path.join(folder, "beside"), plain = (...words) => spawnSync(shuniu, words, { cwd: beside, encoding: "utf8" });
    mkdirSync(beside);
    run(["account", "create", "other", "X", "--data", path.join(beside, "data")], `${PASSWORD}\n`);
    run(["audit", "anchor", "--data", path.join(beside, "data")]);
    const before = readFileSync(path.join(beside, "data", "anchors.txt"), "utf8");
    const verified = plain("audit", "verify", "--db", to), anchored = plain("audit", "anchor", "--db", to);
    ok(verified.status === 0 && /no anchors were held against them/.test(verified.stdout), "audit verify --db: no anchors that nobody named", verified.stdout);
    ok(anchored.status === 0 && /chains/.test(anchored.stdout) && readFileSync(path.join(beside, "data", "anchors.txt"), "utf8") === before,
        "audit anchor --db: nor is one put there", anchored.stderr);
    says(["audit", "anchor", "--db", to, "--data", path.join(folder, "second")], 0, /chains/, "audit anchor: into the folder that was named");
    says(["audit", "verify", "--db", to, "--data", path.join(folder, "second")], 0, /1 anchors: all fit, .* in .*second\/anchors\.txt/, "and held against that");
}

function doctor(to) {
    const asks = ["doctor", "--db", to, "--data", path.join(folder, "no-folder"), "--backups", folder, ...keys];
    says(asks, 1, /fine +data +schema \d+, UTF8, \d+ events fit their \d+ chains/, "doctor: the chains of a server");
    says(asks, 1, /fine +server +its clock is that of this machine/, "doctor: its clock");
    says(asks, 1, /fine +keys/, "doctor: its keys");
    says(asks, 1, /look +folder .*no-folder is no folder/, "doctor: a folder of anchors that is not there");
    says(asks, 1, /look +backup .*not looked at/, "doctor: backups that it cannot see");
    sql("moved", "UPDATE audit_event SET detail = detail || 'X' WHERE district = 0 AND seq = 1");
    says(asks, 1, /BROKEN +data +event 1 of district 0/, "doctor: a changed event");
    sql("moved", "UPDATE audit_event SET detail = left(detail, -1) WHERE district = 0 AND seq = 1");
    sql("postgres", "CREATE DATABASE bytes ENCODING SQL_ASCII LOCALE 'C' TEMPLATE template0");
    says(["doctor", "--db", address("bytes")], 1, /BROKEN +server +.*SQL_ASCII, not UTF8/, "doctor: another encoding");
    says(["doctor", "--db", address("nowhere")], 1, /BROKEN +server +.*\n +-> See the address after --db/, "doctor: no such database");
}

function spreading() {
    const to = address("moved");
    says(["check", "shard", "--db", to], 0, /^\d+ tables are spread by district; .* 0 faults$/m, "check shard: no fault");
    says(["shard", "--db", to], 0, /create_distributed_table\('unit', 'district', colocate_with => '\w+'\)/, "shard: the SQL, where there is no Citus");
    sql("moved", "CREATE UNIQUE INDEX by_name ON unit (name)");
    says(["check", "shard", "--db", to], 1, /by_name is unique without the district/, "check shard: finds a key without the district");
    sql("moved", "DROP INDEX by_name");
    sql("postgres", "CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
    says(["recount", "--db", address("ascii")], 1, /of encoding SQL_ASCII, not UTF8/, "a database of bytes is no place for texts");
    sql("postgres", "CREATE DATABASE empty");
    says(["check", "shard", "--db", address("nowhere")], 1, /does not exist/, "check shard: no such database");
    says(["audit", "verify", "--db", address("empty")], 1, /an empty database/, "an empty database is not filled by reading");
    sql("empty", "CREATE TABLE mine (n int)");
    says(["audit", "verify", "--db", address("empty")], 1, /not one of this program/, "and a foreign one is not touched");
    anchors(to);
    doctor(to);
    says(["doctor", "--db", to], 1, /BROKEN +server +PostgreSQL does not wait until changes are on the disk/, "doctor: a careless server, as this one is");
    says(["audit", "verify", "--db", "file.db"], 1, /--db wants postgres/, "--db is an address");
}

/* --- a database that goes away ------------------------------------------------------------------------------------- */

let cookie = "";

async function ask(server, target, form) {
    const reply = await fetch(`http://127.0.0.1:${server.port}${target}`, {
        method: form ? "POST" : "GET", redirect: "manual", body: form && new URLSearchParams(form),
        headers: { cookie, origin: `http://127.0.0.1:${server.port}` },
    });
    const set = reply.headers.get("set-cookie");
    if (set)
        cookie = set.split(";")[0];
    return { status: reply.status, text: await reply.text() };
}

async function change(server) {
    const csrf = /name="csrf" value="([^"]+)"/.exec((await ask(server, "/network/lines/new")).text)?.[1];
    const name = `x${Date.now() % 1000000000}`;
    return { csrf, code: name, name_zh: name, name_en: name, short_zh: "x", short_en: "x", groups_zh: "x", groups_en: "x" };
}

const backends = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'shuniu'";

async function lost() {
    sql("postgres", "CREATE DATABASE live");
    sql("postgres", "ALTER DATABASE live SET synchronous_commit = on");
    const place = ["--db", address("live")];
    const server = await start(shuniu, () => fill(place), [...place, ...keys]);
    const signedIn = await ask(server, "/sign-in", { login: "chief", password: PASSWORD });
    ok(signedIn.status === 303 && cookie !== "", "somebody signs in", signedIn.text);
    ok((await ask(server, "/network")).status === 200, "pages come");

    sql("postgres", backends);
    ok((await ask(server, "/network")).status === 200, "connections that were cut while they lay idle are made again");
    sql("postgres", backends);
    let form = await change(server);
    sql("postgres", backends);
    let reply = await ask(server, "/network/lines/new", form);
    ok(reply.status === 303, "so is the writer's", `${reply.status} ${reply.text}`);

    /* the transaction waits for the lock, and is cut off before it has changed anything */
    form = await change(server);
    const holder = spawnSync("sh", ["-c", `"${bin}/psql" -h "${socket}" -U shuniu -d live -qc "BEGIN; SELECT 1 FROM shuniu FOR UPDATE; SELECT pg_sleep(2); COMMIT" >/dev/null & echo $!`]);
    ok(holder.status === 0, "another program holds the lock");
    await sleep(500);
    let answer = ask(server, "/network/lines/new", form);
    await sleep(500);
    sql("postgres", `${backends} AND query LIKE '%FOR UPDATE%'`);
    reply = await answer;
    ok(reply.status === 303, "a change whose connection is lost before it began is made on another one", `${reply.status}`);
    ok(sql("live", `SELECT count(*) FROM line WHERE code = '${form.code}'`) === "1", "once");

    /* COMMIT is done and waits for a standby that is not there: its answer never comes */
    form = await change(server);
    sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    sql("postgres", "SELECT pg_reload_conf()");
    await sleep(500);
    answer = ask(server, "/network/lines/new", form);
    for (let tenths = 0; tenths < 100 && sql("postgres", "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") === "0"; tenths++)
        await sleep(100);
    ok(sql("postgres", `${backends} AND wait_event = 'SyncRep'`) === "1", "the connection is cut while it waits for the answer to COMMIT");
    reply = await answer;
    ok(reply.status === 303, "the mark of the commit is found: the person is told 'saved'", `${reply.status}`);
    sql("postgres", "ALTER SYSTEM RESET synchronous_standby_names");
    sql("postgres", "SELECT pg_reload_conf()");
    ok(sql("live", `SELECT count(*) FROM line WHERE code = '${form.code}'`) === "1", "and it is there, once");

    server.child.kill("SIGTERM");
    const end = await server.exited;
    ok(end.code === 0 && !/Sanitizer|runtime error:|BUG/.test(server.log), "the server ends with 0", server.log);
    says(["audit", "verify", ...place], 0, /all fit/, "the chains hold after all of it");
    rmSync(server.dir, { recursive: true });
    rmSync(`${server.dir}.keys`, { recursive: true });
}

run(["keys", "make", ...keys]);
await moving();
spreading();
await lost();
rmSync(folder, { recursive: true });
finish();
