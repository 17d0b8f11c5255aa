// The leader of a cluster is killed, paused past its time and resumed, or hands over, under people at work: nothing
// acknowledged is lost, and people wait no longer than the cluster itself.
// usage: failover.mjs SHUNIU ROUNDS [--clients N] [--think MS] [--only KIND]
//
// Beside the people, one connection to each node writes a row all the time: that is what a client knows that has no better
// idea than to ask everywhere, and the cluster's own time.  In the end it must be shown that the check can find a loss: a
// journal that claims too much, and a cluster that copies asynchronously and loses what its frozen sender kept back.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { PASSWORD, people } from "../../serve/people.mjs";
import { fetchOne, finish, get, ok, sleep } from "../../serve/wire.mjs";
import { check } from "../journal.mjs";
import { load, post, VILLAGE } from "./clients.mjs";
import { Cluster, database, pgPort, TTL_SECONDS } from "./cluster.mjs";
import { Direct } from "./direct.mjs";

const [shuniu, wanted, ...more] = process.argv.slice(2);
const option = (name, fallback) => more.includes(name) ? more[more.indexOf(name) + 1] : fallback;
const ROUNDS = Number(wanted);
const CLIENTS = Number(option("--clients", 32)), THINK_MS = Number(option("--think", 100)), ONLY = option("--only", null);
const STEADY_MS = 3000, AFTER_MS = 5000, ALLOWED_SECONDS = 3, GIVE_UP_SECONDS = 150;
const url = database("shuniu");
const data = mkdtempSync(path.join(os.tmpdir(), "shuniu-failover-data-"));
process.on("exit", () => [data, `${data}.keys`].forEach((folder) => rmSync(folder, { recursive: true, force: true })));
const cluster = new Cluster();

/* --- the program --------------------------------------------------------------------------------------------------- */

const call = (words, input = "") => spawnSync(words[0], words.slice(1), { input, encoding: "utf8", maxBuffer: 1 << 28 });

function run(words, input) {
    const { status, stdout, stderr } = call(words, input);
    if (status !== 0)
        throw new Error(`${words.join(" ")}: ${stdout}${stderr}`);
    return stdout;
}

const program = (...words) => [shuniu, ...words, "--db", url, "--data", data, "--keys", `${data}.keys/keys`];

function ask(sql) {
    const text = run(["psql", "-X", "-q", "-At", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", sql,
        `${url}?target_session_attrs=read-write&connect_timeout=3`]);
    return text.split("\n").filter((line) => line !== "").map((line) => line.split("\t"));
}

async function serve() {
    const [name, ...words] = program("serve", "--port", "0");
    const child = spawn(name, words, { stdio: ["ignore", "ignore", "pipe"] });
    const server = { child, port: 0, log: "" };
    child.stderr.on("data", (bytes) => { server.log = (server.log + bytes).slice(-100000); });
    process.on("exit", () => child.kill("SIGKILL"));
    for (let tenths = 0; tenths < 300 && server.port === 0 && child.exitCode === null; tenths++) {
        await sleep(100);
        server.port = Number(/"event":"started","detail":"http:[^"]*:(\d+)"/.exec(server.log)?.[1] ?? 0);
    }
    if (server.port === 0)
        throw new Error(`the server did not start: ${server.log}`);
    return server;
}

// A tree, a district, an administrator, and one who may edit; a blank spot for each client.
async function prepare() {
    await cluster.start();
    await cluster.sql("CREATE DATABASE shuniu");
    await cluster.sql("CREATE TABLE beat (at TIMESTAMPTZ DEFAULT now())");
    run(program("territory", "load", "--csv", "tests/scenes/territory.csv"));
    run(program("keys", "make"));
    run(program("district", "open", "440606"));
    run(program("account", "create", "chief", "何佩珊"), `${PASSWORD}\n`);
    const server = await serve();
    const { clerk } = await people(server.port);
    const spots = [];
    for (let i = 0; i < CLIENTS; i++) {
        const firm = { kind: 1, division: VILLAGE, uscc_missing: "none", employees: 30, name: `S${i}`, once: `S${i}` };
        const made = await fetchOne(server.port, post(clerk, "/units/new", firm));
        const shown = await fetchOne(server.port, get(made.headers.location?.split("?")[0] ?? "/", clerk.cookie));
        const spot = /\/spots\/440606\/(\d+)/.exec(shown.body);
        if (!spot)
            throw new Error(`no blank spot: ${made.status} ${shown.status}`);
        spots.push({ path: spot[0], id: spot[1] });
    }
    return { server, clerk, spots };
}

/* --- the cluster's own time ---------------------------------------------------------------------------------------- */

// Writes to a node again and again; whoever is no leader refuses.
async function beat(node, pulse) {
    for (let direct = null; !pulse.isOver; await sleep(50)) {
        if (!direct || direct.isGone)
            direct = new Direct(pgPort(node), "postgres");
        const done = await direct.run("INSERT INTO beat DEFAULT VALUES", 60000).then(() => true, () => false);
        if (done)
            pulse.written.push(performance.now());
        if (pulse.isOver)
            direct.socket.destroy();
    }
}

function startPulse() {
    const pulse = { written: [], isOver: false };
    const work = [1, 2, 3].map((node) => beat(node, pulse));
    pulse.end = async () => {
        pulse.isOver = true;
        await Promise.all(work);
    };
    return pulse;
}

// The longest time without one of these moments, in seconds.
function longestGap(moments, from, to) {
    const inside = moments.filter((at) => at > from && at < to);
    const before = moments.filter((at) => at <= from).at(-1) ?? from;
    return [...inside, to].reduce(({ last, most }, at) => ({ last: at, most: Math.max(most, at - last) }),
        { last: before, most: 0 }).most / 1000;
}

/* --- what happens -------------------------------------------------------------------------------------------------- */

// Each: what happens to the leader, and how it is set right when another one leads.
const KINDS = {
    crash: {
        strike: (node) => cluster.crash(node),
        mend: (node) => cluster.startPatroni(node),
    },
    pause: {
        strike: (node) => cluster.pause(node),
        atLeastMs: (TTL_SECONDS + 10) * 1000,
        mend: (node) => cluster.resume(node),
        afterMs: 10000, // the old leader is back, and may believe it still leads
    },
    switchover: { strike: (node) => cluster.switchover(node), mend: () => {} },
    control: {
        strike: async (node) => {
            cluster.freezeSenders(node);
            await sleep(500);
            cluster.crash(node);
        },
        mend: (node) => cluster.startPatroni(node),
    },
};

const total = { lost: 0, faults: [], figures: [] };

function examine(round, run) {
    const { faults, kept } = check(ask, round, run.journal);
    for (const words of [["audit", "verify"], ["recount"]]) {
        const { status, stdout, stderr } = call(program(...words));
        if (status !== 0)
            faults.push(`${words.join(" ")}: ${stdout}${stderr}`);
    }
    return { faults: [...faults, ...run.strange.map((one) => `ANSWER: ${one}`)], kept };
}

async function playRound(state, round, kind) {
    const leader = await cluster.healthy();
    const pulse = startPulse(), busy = load(state.server.port, round, state.clerk, CLIENTS, state.spots, THINK_MS);
    await sleep(STEADY_MS);
    const begin = performance.now();
    await KINDS[kind].strike(leader);
    await cluster.until("another node leads", GIVE_UP_SECONDS, () => cluster.leader(leader));
    const led = performance.now();
    const flows = () => busy.acked.filter((at) => at > led).length >= 20;
    await cluster.until("changes are acknowledged again", GIVE_UP_SECONDS, flows)
        .catch((error) => total.faults.push(`round ${round}: ${error.message}`));
    await sleep(Math.max(0, begin + (KINDS[kind].atLeastMs ?? 0) - performance.now()));
    await sleep(AFTER_MS);
    await KINDS[kind].mend(leader);
    await sleep(KINDS[kind].afterMs ?? 2000);
    const end = performance.now();
    await busy.end();
    await pulse.end();
    await cluster.healthy();
    const { faults, kept } = examine(round, busy);
    return { round, kind, faults, kept, busy, leader: (led - begin) / 1000, cluster: longestGap(pulse.written, begin, end),
        people: longestGap(busy.acked, begin, end), acked: busy.journal.filter((one) => one.isAcked).length };
}

const seconds = (s) => s.toFixed(1).padStart(5);

function report(figure) {
    const errors = [...figure.busy.errors].map(([what, n]) => `${n} x ${what}`).join(", ") || "none";
    const lost = figure.faults.filter((fault) => fault.startsWith("LOST")).length;
    console.log(`# ${figure.kind.padEnd(10)} leader ${seconds(figure.leader)} s, a direct write ${seconds(figure.cluster)} s, ` +
        `people ${seconds(figure.people)} s (${seconds(figure.people - figure.cluster)}); ${figure.acked} acknowledged, ` +
        `${lost} lost; errors ${errors}, seen by ${figure.busy.disturbed.size} of ${CLIENTS}; ` +
        `longest answer ${seconds(figure.busy.longestMs / 1000)} s`);
    return lost;
}

/* --- can a loss be found? ------------------------------------------------------------------------------------------ */

async function prove(state, last) {
    const finds = (journal, what) => check(ask, last.round, journal).faults.some((one) => one.includes(what));
    const invented = { mark: `K${last.round}.0.999999`, kind: "note", spot: "1", action: "note", isAcked: true };
    ok(!finds(last.busy.journal, "LOST"), "the true journal holds");
    ok(finds([...last.busy.journal, invented], "LOST"), "a change that nobody made is missed");
    await cluster.beAsynchronous();
    const figure = await playRound(state, ROUNDS + 1, "control");
    ok(report(figure) > 0, "a cluster that copies asynchronously loses, and it is seen", figure.faults.join("\n"));
}

/* --- all of it ----------------------------------------------------------------------------------------------------- */

const state = await prepare();
const order = ONLY ? [ONLY] : ["crash", "pause", "switchover"];
for (let round = 1; round <= ROUNDS; round++) {
    const figure = await playRound(state, round, order[(round - 1) % order.length]);
    total.lost += report(figure);
    total.figures.push(figure);
    total.faults.push(...figure.faults.map((fault) => `round ${round}: ${fault}`));
}
const acked = total.figures.reduce((sum, figure) => sum + figure.acked, 0);
const late = total.figures.filter((figure) => figure.people > figure.cluster + ALLOWED_SECONDS);
ok(total.lost === 0 && total.faults.length === 0, `${ROUNDS} rounds: ${acked} acknowledged changes, ${total.lost} lost, 0 half`,
    total.faults.slice(0, 20).join("\n"));
ok(late.length === 0, `people wait at most ${ALLOWED_SECONDS} s longer than the cluster takes`,
    late.map((one) => `round ${one.round}, ${one.kind}: ${seconds(one.people)} s, not ${seconds(one.cluster)} s`).join("\n"));
ok(acked > ROUNDS * CLIENTS, "the clients were busy", `${acked} acknowledged`);
await prove(state, total.figures.at(-1));
state.server.child.kill("SIGKILL");
finish();
