// Half-closed sockets, pipelining, thousands of idle connections; with 'ratio' also what 200 slow ones cost the others.
// usage: network.mjs SHUNIU [IDLE [ratio]]
import { execFileSync } from "node:child_process";
import net from "node:net";
import { exchange, fetchOne, finish, get, metric, ok, post, replies, sleep, start, stop } from "../serve/wire.mjs";

// src/platform/limits.h
const CONNECTIONS = 2000, PER_ADDRESS = 500, IDLE_SECONDS = 15;
const FORM = "login=nobody&password=nothing-at-all";
const [shuniu, idle = "10000", extent = ""] = process.argv.slice(2);

function connect(port, localAddress = "127.0.0.1") {
    return new Promise((resolve) => {
        const socket = net.connect({ port, host: "127.0.0.1", localAddress, noDelay: true, allowHalfOpen: true });
        socket.on("error", () => resolve(socket));
        socket.on("close", () => { socket.isGone = true; });
        socket.on("end", () => { socket.isGone = true; socket.destroy(); });
        socket.on("connect", () => resolve(socket));
    });
}

/* --- half-closed, pipelined --------------------------------------------------------------------------------------- */

async function halfClosed(port) {
    const { bytes } = await exchange(port, get("/healthz"), { half: true });
    ok(replies(bytes).map((one) => one.status).join() === "200", "who says no more after its request still gets the answer");
    // Where the end comes together with the request, on a busy machine, libmicrohttpd sometimes closes instead: no browser does that.
    let said = "";
    for (let tries = 0; tries < 8 && said !== "422"; tries++) {
        await sleep(tries * 200);
        const form = await exchange(port, post("/sign-in", FORM), { half: true });
        said = replies(form.bytes).map((one) => one.status).join();
    }
    ok(said === "422", "so does, on a quiet machine, who waits for a password to be checked", said);
    for (const [name, part] of [["in the headers", "GET /healthz HTTP/1.1\r\nHos"], ["in the body", post("/sign-in", FORM).slice(0, -5)],
        ["before a byte", ""]]) {
        const got = await exchange(port, part, { half: true });
        ok(got.isClosed && replies(got.bytes).every((one) => one.status === 400), `who stops ${name} is let go`,
            got.bytes.toString("latin1"));
    }
    const many = await Promise.all(Array.from({ length: 200 }, () => connect(port)));
    many.forEach((socket, i) => i % 2 === 0 ? socket.end() : socket.end(get("/healthz")));
    let open = many.length;
    for (let tenths = 0; tenths < (IDLE_SECONDS + 5) * 10 && open > 3; tenths++) {
        await sleep(100);
        open = await metric(port, "connections");
    }
    ok(open <= 3, "200 half-closed connections are given back", `${open} are open`);
    many.forEach((socket) => socket.destroy());
}

async function pipelined(port) {
    const paths = Array.from({ length: 40 }, (_, i) => ["/healthz", "/sign-in", `/nothing-${i}`][i % 3]);
    const wanted = paths.map((path) => path === "/healthz" || path === "/sign-in" ? 200 : 303).join();
    const got = replies((await exchange(port, paths.map((path) => get(path)).join(""))).bytes);
    ok(got.map((one) => one.status).join().replaceAll("404", "303") === wanted && got.every((one) => !one.isCut),
        "40 requests at once are answered in their order", got.map((one) => one.status).join());
    const mixed = post("/sign-in", FORM) + get("/healthz") + post("/sign-in", FORM) + get("/healthz");
    const answers = replies((await exchange(port, mixed, { quiet: 3000 })).bytes).map((one) => one.status);
    ok(answers.join() === "422,200,422,200", "what is asked behind a slow form waits for it", answers.join());
    const byBytes = await connect(port);
    const chunks = [];
    byBytes.on("data", (data) => chunks.push(data));
    for (const byte of get("/healthz") + get("/sign-in"))
        byBytes.write(byte);
    await sleep(500);
    ok(replies(Buffer.concat(chunks)).map((one) => one.status).join() === "200,200", "byte by byte is the same");
    byBytes.destroy();
}

/* --- idle connections --------------------------------------------------------------------------------------------- */

// Is this connection still answered?
function isAnswered(socket) {
    return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(false), 5000);
        socket.once("data", (data) => { clearTimeout(timer); resolve(/^HTTP\/1\.1 200/.test(data.toString("latin1"))); });
        socket.write(get("/healthz"));
    });
}

async function oneAddress(port) {
    const all = await Promise.all(Array.from({ length: PER_ADDRESS + 200 }, () => connect(port, "127.0.0.9")));
    await sleep(500);
    const open = all.filter((socket) => !socket.isGone);
    ok(open.length > 0 && open.length <= PER_ADDRESS, `one address has at most ${PER_ADDRESS}, the others are closed at once`,
        `${open.length}`);
    ok(await isAnswered(open[0]), "those it has are answered");
    const { status } = await fetchOne(port, get("/healthz"));
    ok(status === 200, "and so is everybody else", `${status}`);
    all.forEach((socket) => socket.destroy());
}

// Somebody at work on a connection of their own: a request each 200 ms.
function worker(port) {
    const one = { asked: 0, missed: 0, isOver: false };
    one.ended = (async () => {
        const socket = await connect(port);
        while (!one.isOver) {
            one.asked++;
            one.missed += await isAnswered(socket) ? 0 : 1;
            await sleep(200);
        }
        socket.destroy();
    })();
    return one;
}

// 25 addresses with 400 each, none of which asks for anything.
async function manyIdle(port, wanted) {
    const limit = Number(execFileSync("sh", ["-c", "ulimit -Hn"], { encoding: "utf8" })) || 1 << 20;
    const count = Math.min(wanted, limit - 1000);
    const regular = worker(port);
    const begin = Date.now();
    await sleep(500);
    const idle = [];
    for (let made = 0; made < count; made += 400)
        idle.push(...await Promise.all(Array.from({ length: 400 }, () => connect(port, `127.0.1.${1 + made / 400}`))));
    const held = idle.filter((socket) => !socket.isGone).length;
    // a newcomer waits until the silent ones are let go, and no longer
    const newcomer = await exchange(port, get("/metrics"), { first: 120000 });
    const [reply] = replies(newcomer.bytes);
    const open = Number(/^shuniu_connections (\d+)$/m.exec(reply?.body ?? "")?.[1] ?? NaN);
    ok(reply?.status === 200, "a newcomer gets in", `${newcomer.ms} ms`);
    ok(open <= CONNECTIONS, `never more than ${CONNECTIONS} are served`, `${open}`);
    console.log(`# ${count} idle connections, ${held} of them held or waiting; a newcomer was answered after ` +
        `${(newcomer.ms / 1000).toFixed(1)} s, the worker ${regular.asked} times in ${((Date.now() - begin) / 1000).toFixed(0)} s`);
    idle.forEach((socket) => socket.destroy());
    regular.isOver = true;
    await regular.ended;
    ok(regular.asked > 2 && regular.missed === 0, `who is at work beside ${count} idle connections is answered all the time`,
        `${regular.missed} of ${regular.asked} were not`);
    for (let tenths = 0, left = open; tenths < 300 && left > 3; tenths++) {
        await sleep(100);
        left = await metric(port, "connections");
    }
    ok(await metric(port, "connections") <= 3, "and all is as before when they have gone");
}

/* --- what slow ones cost ------------------------------------------------------------------------------------------ */

// 200 that send or read a byte now and then, until they are let go, and come again.
function slowSweep(port) {
    const sweep = { isOver: false, sockets: new Set(), made: 0 };
    const head = "GET /sign-in HTTP/1.1\r\nHost: x\r\nX-Slow: ", body = post("/sign-in", FORM);
    const one = async (i) => {
        while (!sweep.isOver) {
            const socket = await connect(port);
            sweep.made++;
            sweep.sockets.add(socket);
            if (i % 4 === 3) {
                socket.pause(); // asks for much and reads nothing
                socket.write(get("/sign-in").repeat(50));
            }
            const text = i % 2 === 0 ? head + "a".repeat(1000) : body;
            for (let at = 0; !sweep.isOver && !socket.isGone && at < text.length && !socket.destroyed; at++) {
                if (i % 4 !== 3)
                    socket.write(text[at]);
                await sleep(100 + i % 7 * 10);
            }
            socket.destroy();
            sweep.sockets.delete(socket);
        }
    };
    sweep.ended = Promise.all(Array.from({ length: 200 }, (_, i) => one(i)));
    sweep.stop = async () => {
        sweep.isOver = true;
        sweep.sockets.forEach((socket) => socket.destroy());
        await sweep.ended;
    };
    return sweep;
}

// Requests one after the other on one connection for a while: { perSecond, p99 }.
async function work(port, seconds) {
    const socket = await connect(port), waits = [];
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
        const begin = performance.now();
        await new Promise((resolve) => { socket.once("data", resolve); socket.write(get("/healthz")); });
        waits.push(performance.now() - begin);
    }
    socket.destroy();
    waits.sort((a, b) => a - b);
    return { perSecond: waits.length / seconds, p99: waits[Math.floor(waits.length * 0.99)] };
}

async function ratio(port) {
    const ROUNDS = 7, SECONDS = 2, ratios = [];
    for (let round = 0; round < ROUNDS; round++) {
        const alone = await work(port, SECONDS);
        const sweep = slowSweep(port);
        await sleep(1000);
        const beside = await work(port, SECONDS);
        await sweep.stop();
        await sleep(300);
        ratios.push({ alone, beside, ratio: beside.perSecond / alone.perSecond });
        console.log(`# alone ${alone.perSecond.toFixed(0)} per s, p99 ${alone.p99.toFixed(2)} ms; beside 200 slow ones ` +
            `${beside.perSecond.toFixed(0)} per s, p99 ${beside.p99.toFixed(2)} ms`);
    }
    const median = ratios.map((one) => one.ratio).sort((a, b) => a - b)[ROUNDS >> 1];
    ok(median >= 0.75, `beside 200 slow connections others keep ${(median * 100).toFixed(0)} % of their speed (>= 75 %)`);
}

const server = await start(shuniu);
await halfClosed(server.port);
await pipelined(server.port);
await oneAddress(server.port);
await sleep(500);
await manyIdle(server.port, Number(idle));
if (extent === "ratio")
    await ratio(server.port);
await stop(server);
finish();
