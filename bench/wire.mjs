// Servers, sign-ins and loads for the benchmark.  Every load is bounded in time.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import net from "node:net";

export const PASSWORD = "shunde-demo-2026"; // of the demo's invented people
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

const CLIENTS = 64;
const TICKS = Number(execFileSync("getconf", ["CLK_TCK"]));
const children = [];
process.on("exit", () => children.forEach((child) => child.kill("SIGKILL")));
let nextPort = 12000 + (process.pid % 2000) * 10; // two benchmarks at once do not meet

// An installation is two folders: its data, and the keys to it.
export function copyData(from, to) {
    cpSync(from, to, { recursive: true });
    cpSync(`${from}.keys`, `${to}.keys`, { recursive: true });
}

// The server on the first core, the load on the second: neither takes time from the other.
const pinned = (core, command) => spawnSync("taskset", ["-c", String(core), "true"]).status === 0
    ? ["taskset", "-c", String(core), ...command] : command;

// 'shuniu serve', or static_server with a reply in a file.
export async function serve(program, data, { reply = null, ready = "/healthz", more = [] } = {}) {
    const port = nextPort++;
    const command = reply === null ? [program, "serve", "--data", data, "--port", String(port), ...more]
        : [program, data, String(port), reply];
    const [name, ...words] = pinned(0, command);
    const begin = performance.now();
    const child = spawn(name, words, { stdio: ["ignore", "ignore", "pipe"] });
    const server = { child, port, log: "" };
    child.stderr.on("data", (bytes) => { server.log += bytes; });
    server.exited = new Promise((resolve) => child.on("exit", resolve));
    children.push(child);
    for (;;) {
        if (child.exitCode !== null || performance.now() - begin > 20000)
            throw new Error(`${command.join(" ")} did not start: ${server.log}`);
        const status = await fetch(`http://127.0.0.1:${port}${ready}`, { redirect: "manual" })
            .then((reply) => reply.status, () => 0);
        if (status > 0)
            break;
        await sleep(2);
    }
    server.startMs = performance.now() - begin;
    return server;
}

export async function stop(server) {
    server.child.kill("SIGTERM");
    await server.exited;
}

export async function signIn(server, login, password = PASSWORD) {
    const reply = await fetch(`http://127.0.0.1:${server.port}/sign-in`, {
        method: "POST", redirect: "manual", body: new URLSearchParams({ login, password }),
    });
    const cookie = reply.headers.get("set-cookie")?.split(";")[0];
    if (reply.status !== 303 || !cookie)
        throw new Error(`${login} cannot sign in: ${reply.status}`);
    return cookie;
}

export async function page(server, target, cookie) {
    const reply = await fetch(`http://127.0.0.1:${server.port}${target}`, { headers: { cookie }, redirect: "manual" });
    const text = await reply.text();
    if (reply.status !== 200)
        throw new Error(`${target}: ${reply.status} ${server.log.slice(-500)}`);
    return text;
}

// Writes the whole reply, head and body, to a file; returns its size.
export function capture(server, target, cookie, file) {
    const bytes = execFileSync("curl", ["-s", "-i", "-H", `Cookie: ${cookie}`, `http://127.0.0.1:${server.port}${target}`],
        { maxBuffer: 1 << 26 });
    writeFileSync(file, bytes);
    return bytes.length - bytes.indexOf("\r\n\r\n") - 4;
}

export function privateKiB(server) {
    const text = readFileSync(`/proc/${server.child.pid}/smaps_rollup`, "utf8");
    return [...text.matchAll(/^Private_(?:Clean|Dirty): +(\d+) kB$/gm)].reduce((sum, match) => sum + Number(match[1]), 0);
}

// What the program itself holds, without the pages of the data file that it has in view.
export function anonymousKiB(server) {
    return Number(/^Anonymous: +(\d+) kB$/m.exec(readFileSync(`/proc/${server.child.pid}/smaps_rollup`, "utf8"))[1]);
}

function cpuMs(server) {
    const fields = readFileSync(`/proc/${server.child.pid}/stat`, "latin1").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 1000 / TICKS;
}

// Pages as fast as 64 connections get them: { rps, cpuUs } of one run.
export async function load(server, target, cookie, seconds) {
    const before = cpuMs(server);
    const [name, ...words] = pinned(1, ["wrk", "-t1", `-c${CLIENTS}`, `-d${seconds}s`, "-H", `Cookie: ${cookie}`,
        `http://127.0.0.1:${server.port}${target}`]);
    const wrk = spawn(name, words, { stdio: ["ignore", "pipe", "ignore"] });
    let stdout = "";
    wrk.stdout.on("data", (bytes) => { stdout += bytes; });
    await new Promise((resolve) => wrk.on("close", resolve));
    if (/Non-2xx|Socket errors/.test(stdout))
        throw new Error(`${target}:\n${stdout}`);
    const requests = Number(/(\d+) requests in/.exec(stdout)[1]);
    return { rps: Number(/Requests\/sec: +([\d.]+)/.exec(stdout)[1]), cpuUs: (cpuMs(server) - before) * 1000 / requests };
}

/* --- changes -------------------------------------------------------------------------------------------------- */

const ACT_CONTACT = 1, ACT_REFUSE = 6; // src/features/network/rules.h: these two can follow each other for ever

// A form that can be sent again and again: request() is what to send next, done() is called when it was made.
export function post(path, cookie, fields) {
    const once = Date.now().toString(16).padStart(11, "0") + Math.random().toString(36).slice(2, 15).padEnd(13, "0"); // as once_key()
    const body = new URLSearchParams({ once, ...fields }).toString();
    return `POST ${path} HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\n` +
        `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

class Spot {
    constructor(fields) { Object.assign(this, fields); }
    request() {
        return post(`${this.path}/acts/${this.act}`, this.cookie, { csrf: this.csrf, version: this.version, note: "电话联系了单位负责人。" });
    }
    done() {
        this.version++;
        this.act = this.act === ACT_CONTACT ? ACT_REFUSE : ACT_CONTACT;
    }
}

// 64 open blank spots of one line in a state from which one of the two acts leads on.
export async function openSpots(server, cookie, csrf) {
    const found = [];
    let list = "/spots?at=440606&line=1";
    while (found.length < CLIENTS && list) {
        const text = await page(server, list, cookie);
        for (const [, path] of text.matchAll(/href="(\/spots\/440606\/\d+)[?"]/g)) {
            const spot = await page(server, path, cookie);
            const version = Number(/name="version" value="(\d+)"/.exec(spot)?.[1]);
            const act = [ACT_CONTACT, ACT_REFUSE].find((n) => new RegExp(`/acts/${n}[?"]`).test(spot));
            if (act && version && found.length < CLIENTS)
                found.push(new Spot({ path, version, act, cookie, csrf }));
        }
        list = /href="(\/spots\?[^"]*after=[^"]*)"/.exec(text)?.[1].replaceAll("&amp;", "&");
    }
    if (found.length < CLIENTS)
        throw new Error(`only ${found.length} blank spots to work on`);
    return found;
}

// One client sends its form, again and again; every 303 is a change on the disk.
function sender(port, form, until, waits) {
    return new Promise((resolve, reject) => {
        const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
        let begin = performance.now();
        socket.on("connect", () => socket.write(form.request()));
        socket.on("error", reject);
        socket.on("data", (data) => {
            const text = data.toString("latin1");
            if (!text.startsWith("HTTP/1.1 303"))
                return reject(new Error(text.slice(0, 300)));
            const now = performance.now();
            waits.push(now - begin);
            form.done();
            begin = now;
            now < until ? socket.write(form.request()) : socket.end(resolve);
        });
    });
}

// { perSecond, p99 } of one run of 64 clients, each with a form of its own.
export async function changes(server, forms, seconds) {
    const waits = [], begin = performance.now();
    await Promise.all(forms.map((form) => sender(server.port, form, begin + seconds * 1000, waits)));
    const elapsed = (performance.now() - begin) / 1000;
    waits.sort((a, b) => a - b);
    return { perSecond: waits.length / elapsed, p99: waits[Math.floor(waits.length * 0.99)] };
}
