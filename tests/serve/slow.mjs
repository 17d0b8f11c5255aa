// Clients that are slow, silent, many or gone: they end near their limits and stop nobody else.
// usage: slow.mjs SHUNIU
import net from "node:net";
import { exchange, fetchOne, finish, get, metric, ok, post, sleep, start, stop } from "./wire.mjs";

// src/platform/limits.h; the watchdog looks four times a second
const HEADER_SECONDS = 10, IDLE_SECONDS = 15, REPLY_SECONDS = 10, MARGIN_SECONDS = 3;
const FORM = "login=nobody&password=nothing-at-all";

function connect(port) {
    return new Promise((resolve, reject) => {
        const socket = net.connect({ port, host: "127.0.0.1" }, () => resolve(socket));
        socket.on("error", reject);
    });
}

// Seconds until the server closes; feed() sends something every half second, or nothing.
async function lasts(port, first, feed) {
    const socket = await connect(port);
    socket.on("error", () => {});
    socket.resume();
    const begin = Date.now();
    socket.write(first);
    const timer = setInterval(() => { if (feed() !== "") socket.write(feed()); }, 500);
    await Promise.race([new Promise((resolve) => socket.on("close", resolve)), sleep(60000)]);
    clearInterval(timer);
    socket.destroy();
    return (Date.now() - begin) / 1000;
}

const near = (seconds, limit) => seconds >= limit - 1 && seconds <= limit + MARGIN_SECONDS;

async function limits(port) {
    const [drip, silent, idle] = await Promise.all([
        lasts(port, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ", () => "a"),
        lasts(port, "", () => ""),
        lasts(port, get("/healthz"), () => ""),
    ]);
    ok(near(drip, HEADER_SECONDS), `headers byte by byte end after ${HEADER_SECONDS} s`, `${drip} s`);
    ok(near(silent, HEADER_SECONDS), `a silent connection ends after ${HEADER_SECONDS} s`, `${silent} s`);
    ok(near(idle, IDLE_SECONDS), `an idle keep-alive connection ends after ${IDLE_SECONDS} s`, `${idle} s`);
}

// 100 in the headers, 100 in the body: others are answered as if they were not there.
async function many(port) {
    const slow = await Promise.all(Array.from({ length: 200 }, () => connect(port)));
    slow.forEach((socket, i) => {
        socket.on("error", () => {});
        socket.write(i % 2 === 0 ? "GET /healthz HT" : post("/sign-in", FORM).slice(0, -5));
    });
    const begin = Date.now();
    for (let i = 0; i < 50; i++)
        if ((await fetchOne(port, get("/sign-in"))).status !== 200)
            return ok(false, "others are answered beside 200 slow connections", `request ${i}`);
    const mean = (Date.now() - begin) / 50;
    ok(mean < 200, "others are answered beside 200 slow connections", `${mean} ms each`);
    slow.forEach((socket) => socket.resetAndDestroy());
}

// Each waits suspended, for the hash or for the commit, when its client is gone.
async function resets(port) {
    const sockets = await Promise.all(Array.from({ length: 100 }, () => connect(port)));
    sockets.forEach((socket) => {
        socket.on("error", () => {});
        socket.write(post("/sign-in", FORM));
    });
    await sleep(200);
    sockets.forEach((socket) => socket.resetAndDestroy());
    const reply = await fetchOne(port, post("/sign-in", FORM));
    // 429: the hundred wrong passwords count for the address
    ok([422, 429].includes(reply.status), "100 sign-ins reset while they wait: the next one is answered", JSON.stringify(reply));
    let open = 100;
    for (let tenths = 0; tenths < 300 && open > 3; tenths++) {
        await sleep(100);
        open = await metric(port, "connections");
    }
    ok(open <= 3, "and all of the hundred are given back", `${open} connections`);
}

// 300 connections that ask for a page again and again and are reset in the middle of it.
async function rudeReaders(port) {
    for (let round = 0; round < 3; round++) {
        const sockets = await Promise.all(Array.from({ length: 100 }, () => connect(port)));
        sockets.forEach((socket) => {
            socket.on("error", () => {});
            socket.write(get("/sign-in").repeat(20));
        });
        await sleep(5);
        sockets.forEach((socket) => socket.resetAndDestroy());
    }
    const got = await exchange(port, get("/healthz"));
    ok(/^HTTP\/1\.1 200/.test(got.bytes.toString("latin1")), "300 readers gone in the middle: the next one is answered");
}

// A client that asks for more than the kernel buffers and reads none of it: the reply it stands at has its own time.
async function neverReads(port) {
    const socket = await connect(port);
    socket.on("error", () => {});
    socket.pause();
    const others = await metric(port, "connections");
    socket.write(get("/sign-in").repeat(4000));
    const begin = Date.now();
    let open = others;
    while (open >= others && Date.now() - begin < 60000) {
        await sleep(250);
        open = await metric(port, "connections");
    }
    const seconds = (Date.now() - begin) / 1000;
    socket.destroy();
    ok(near(seconds, REPLY_SECONDS), `a reply that is not read ends after ${REPLY_SECONDS} s`, `${seconds} s`);
}

const server = await start(process.argv[2]);
await Promise.all([limits(server.port), (async () => {
    await many(server.port);
    await resets(server.port);
    await rudeReaders(server.port);
})()]);
await neverReads(server.port);
await stop(server);
finish();
