// What the raw-socket tests share: a server on a free port, a connection that sends bytes as they are, TAP.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

/* --- TAP ------------------------------------------------------------------------------------------------------ */

let count = 0, failures = 0;

export function ok(holds, name, detail = "") {
    count++;
    failures += holds ? 0 : 1;
    console.log(`${holds ? "ok" : "not ok"} ${count} - ${name}`);
    if (!holds && detail !== "")
        console.log(String(detail).slice(0, 2000).replace(/^/gm, "# "));
}

export function finish() {
    console.log(`1..${count}`);
    process.exit(failures > 0 ? 1 : 0);
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/* --- the server ----------------------------------------------------------------------------------------------- */

// The keys beside the data; an old program has none, and needs none.
export const makeKeys = (shuniu, dir) => spawnSync(shuniu, ["keys", "make", "--data", dir]);

// Starts 'shuniu serve' on a free port with data and keys of its own; the log line 'started' tells where.  prepare: fills it first;
// more: further options.
export async function start(shuniu, prepare = () => {}, more = []) {
    const dir = mkdtempSync(path.join(os.tmpdir(), "shuniu-wire-"));
    makeKeys(shuniu, dir);
    prepare(dir);
    const child = spawn(shuniu, ["serve", "--data", dir, "--port", "0", ...more], { stdio: ["ignore", "ignore", "pipe"] });
    const server = { child, dir, shuniu, log: "", port: 0 };
    server.exited = new Promise((resolve) => child.on("exit", (code, signal) => resolve({ code, signal })));
    process.on("exit", () => {
        child.kill("SIGKILL");
        rmSync(`${dir}.keys`, { recursive: true, force: true });
    });
    child.stderr.on("data", (data) => { server.log += data; });
    for (let tenths = 0; tenths < 300 && server.port === 0; tenths++) {
        await sleep(100);
        server.port = Number(/"event":"started","detail":"http:[^"]*:(\d+)"/.exec(server.log)?.[1] ?? 0);
    }
    if (server.port === 0)
        throw new Error(`the server did not start: ${server.log}`);
    return server;
}

// Ends it, and checks what every test asks: a clean end, nothing from a sanitizer, data that opens again.
export async function stop(server) {
    const begin = Date.now();
    server.child.kill("SIGTERM");
    const end = await server.exited;
    const seconds = (Date.now() - begin) / 1000;
    ok(end.code === 0, "the server ends with 0", `${JSON.stringify(end)}\n${server.log}`);
    ok(!/Sanitizer|runtime error:|BUG/.test(server.log), "nothing from sanitizers or checks", server.log);
    const verify = spawnSync(server.shuniu, ["audit", "verify", "--data", server.dir], { encoding: "utf8" });
    ok(verify.status === 0, "the data opens again and its audit chains hold", verify.stdout + verify.stderr);
    rmSync(server.dir, { recursive: true });
    rmSync(`${server.dir}.keys`, { recursive: true, force: true });
    return seconds;
}

/* --- the wire ------------------------------------------------------------------------------------------------- */

// All replies in what was received; a last one that is cut off is marked.  bodiless: of HEAD.
export function replies(bytes, bodiless = false) {
    const text = bytes.toString("latin1");
    const found = [];
    for (let at = 0; at < text.length;) {
        const end = text.indexOf("\r\n\r\n", at);
        const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(text.slice(at, at + 20))?.[1] ?? 0);
        if (end < 0 || status === 0) {
            found.push({ status, headers: {}, body: text.slice(at), isCut: true });
            break;
        }
        const headers = {};
        for (const line of text.slice(at, end).split("\r\n").slice(1))
            headers[line.slice(0, line.indexOf(":")).toLowerCase()] = line.slice(line.indexOf(":") + 1).trim();
        const length = bodiless || status === 304 || status < 200 ? 0 : Number(headers["content-length"] ?? 0);
        const body = text.slice(end + 4, end + 4 + length);
        if (status >= 200)
            found.push({ status, headers, body, isCut: body.length < length });
        at = end + 4 + length;
    }
    return found;
}

// Sends bytes and waits for the server to close; gives up after 'first' ms without an answer, or 'quiet' ms without a
// further byte of one.  half: closes its own sending side at once.
export function exchange(port, bytes, { first = 15000, quiet = 300, half = false } = {}) {
    return new Promise((resolve) => {
        const begin = Date.now();
        const chunks = [];
        const socket = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
        const done = (isClosed) => {
            clearTimeout(timer);
            socket.destroy();
            resolve({ bytes: Buffer.concat(chunks), isClosed, ms: Date.now() - begin });
        };
        let timer = setTimeout(() => done(false), first);
        socket.on("connect", () => half ? socket.end(bytes) : socket.write(bytes));
        socket.on("data", (data) => {
            chunks.push(data);
            clearTimeout(timer);
            timer = setTimeout(() => done(false), quiet);
        });
        socket.on("end", () => done(true));
        socket.on("error", () => done(true));
    });
}

export const get = (target, more = "") => `GET ${target} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;

export function post(target, body, more = "") {
    return `POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n${more}\r\n${body}`;
}

export async function fetchOne(port, bytes, bodiless = false) {
    const got = await exchange(port, bytes.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"), { quiet: 15000 });
    return replies(got.bytes, bodiless)[0] ?? { status: 0, headers: {}, body: "", isCut: true };
}

export async function metric(port, name) {
    const { body } = await fetchOne(port, get("/metrics"));
    return Number(new RegExp(`^shuniu_${name} (\\d+)$`, "m").exec(body)?.[1] ?? NaN);
}
