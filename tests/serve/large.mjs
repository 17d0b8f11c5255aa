// Large bodies: read only for who may send one, from the head alone, only a few at a time and few of one account, and while they come.
// usage: large.mjs SHUNIU
import net from "node:net";
import { importer, people, prepare } from "./people.mjs";
import { exchange, fetchOne, finish, get, ok, replies, sleep, start, stop } from "./wire.mjs";

// src/platform/limits.h
const LARGE_BODIES = 8, EACH = 2, BODY_SECONDS = 10, MARGIN_SECONDS = 3, FORM_LIMIT = 256 * 1024, UPLOAD_LIMIT = 32 * 1024 * 1024;

function head(length, cookie) {
    return "POST /units/import HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n" +
        `Content-Length: ${length}\r\n${cookie}\r\n`;
}

// The status that answers a head without a byte of its body; 0: none, the server waits for the body.
async function statusOf(port, bytes) {
    return replies((await exchange(port, bytes, { first: 1000 })).bytes)[0]?.status ?? 0;
}

// A connection that has announced a large body and sends none of it.
async function hold(port, cookie, length = FORM_LIMIT + 1) {
    const socket = net.connect({ port, host: "127.0.0.1" });
    socket.on("error", () => {});
    await new Promise((resolve) => socket.on("connect", resolve));
    socket.write(head(length, cookie));
    return socket;
}

async function admission(port, cookie, chief) {
    ok(await statusOf(port, head(FORM_LIMIT + 1, "")) === 413, "a visitor's large body is refused from its head");
    ok(await statusOf(port, head(FORM_LIMIT + 1, "Cookie: session=none\r\n")) === 413, "so is one with a wrong session");
    ok(await statusOf(port, head(FORM_LIMIT + 1, chief)) === 413, "so is one of somebody without the right");
    ok(await statusOf(port, head(UPLOAD_LIMIT + 1, cookie)) === 413, "so is one over the limit of the address");
    ok(await statusOf(port, head(FORM_LIMIT + 1, cookie)) === 0, "that of a person who may send it is waited for");
    const chunk = `10000\r\n${"a".repeat(0x10000)}\r\n`;
    const chunked = head(0, cookie).replace("Content-Length: 0", "Transfer-Encoding: chunked");
    ok([0, 413].includes(await statusOf(port, chunked + chunk.repeat(8))), "in chunks it is held to the limit of forms");
    const whole = await exchange(port, head(1 << 20, cookie) + "a".repeat(1 << 20));
    const { status } = replies(whole.bytes)[0] ?? { status: 0 };
    ok([400, 403, 422].includes(status), "a whole large body is read", status);
}

async function fewOfOne(port, cookie, other) {
    const held = await Promise.all(Array.from({ length: EACH }, () => hold(port, cookie)));
    await sleep(300);
    ok(await statusOf(port, head(FORM_LIMIT + 1, cookie)) === 503, `no more than ${EACH} of one account at the same time`);
    ok(await statusOf(port, head(FORM_LIMIT + 1, other)) === 0, "another account may send meanwhile");
    ok((await fetchOne(port, get("/sign-in"))).status === 200, "and others are answered");
    held.forEach((socket) => socket.destroy());
    await sleep(300);
    ok(await statusOf(port, head(FORM_LIMIT + 1, cookie)) === 0, "one that has gone leaves its place");
}

async function onlyAFew(port, cookies, last) {
    const held = await Promise.all(cookies.flatMap((cookie) => Array.from({ length: EACH }, () => hold(port, cookie))));
    await sleep(300);
    ok(held.length === LARGE_BODIES && await statusOf(port, head(FORM_LIMIT + 1, last)) === 503, `no more than ${LARGE_BODIES} of all`);
    held.forEach((socket) => socket.destroy());
    await sleep(300);
}

// Seconds until the server ends a body of 32 MiB that is given pieces of so many bytes, one each half second.
async function lasts(port, cookie, first, piece) {
    const socket = await hold(port, cookie, UPLOAD_LIMIT);
    const begin = Date.now();
    const ended = new Promise((resolve) => socket.on("close", resolve));
    socket.resume();
    socket.write("a".repeat(first));
    const timer = setInterval(() => socket.write("a".repeat(piece)), 500);
    await Promise.race([ended, sleep(40000)]);
    clearInterval(timer);
    socket.destroy();
    return (Date.now() - begin) / 1000;
}

async function onlyWhileItComes(port, cookie, other) {
    const near = (seconds, limit) => seconds >= limit - 1 && seconds <= limit + MARGIN_SECONDS;
    const [stands, drips] = await Promise.all([lasts(port, cookie, 1 << 20, 0), lasts(port, cookie, 1, 1)]);
    ok(near(stands, BODY_SECONDS), `a body of which a megabyte came and then nothing ends after ${BODY_SECONDS} s`, `${stands} s`);
    ok(near(drips, BODY_SECONDS), "so does one that comes byte by byte", `${drips} s`);
    const slow = await lasts(port, other, 1, 8 * 1024);
    ok(slow > 35, "one that comes at twice the slowest rate goes on", `${slow} s`);
}

const server = await start(process.argv[2], prepare);
const { chief, clerk } = await people(server.port);
await admission(server.port, clerk.cookie, chief.cookie);
const others = [];
for (const login of ["first", "second", "third"])
    others.push((await importer(server.port, chief, login)).cookie);
const last = (await importer(server.port, chief, "last")).cookie;
await fewOfOne(server.port, clerk.cookie, last);
await onlyAFew(server.port, [clerk.cookie, ...others], last);
await onlyWhileItComes(server.port, clerk.cookie, last);
await stop(server);
finish();
