// Wrong passwords count by the address they come from; what a proxy says of it counts only where one is announced.
// usage: address.mjs SHUNIU
import { spawnSync } from "node:child_process";
import { fetchOne, finish, ok, post, start, stop } from "./wire.mjs";

const shuniu = process.argv[2];
const FAILURES = 60; // LIMIT_ADDRESS_FAILURES
const PASSWORD = "seven-lychees-in-a-bowl";

const from = (...hops) => `X-Forwarded-For: ${hops.join(", ")}\r\n`;

// Nobody of that login each time, so that no account is locked.
async function fail(port, header, times = 1) {
    const statuses = [];
    for (let i = 0; i < times; i++)
        statuses.push((await fetchOne(port, post("/sign-in", `login=nobody-${i}&password=wrong`, header))).status);
    return statuses;
}

function prepare(dir) {
    for (const login of ["chief", "other"])
        spawnSync(shuniu, ["account", "create", login, "何佩珊", "--data", dir], { input: `${PASSWORD}\n` });
}

const signIn = async (port, login, header, password = PASSWORD) =>
    (await fetchOne(port, post("/sign-in", `login=${login}&password=${password}`, header))).status;

// The reply of the first try that is held, or of the last of a few.
async function untilHeld(port, header) {
    let reply = null;
    for (let i = 0; i < 10 && reply?.status !== 429; i++)
        reply = await fetchOne(port, post("/sign-in", `login=nobody-${i}&password=wrong`, header));
    return reply;
}

const all = (statuses, wanted) => statuses.every((status) => status === wanted);

// The clock goes on meanwhile, and each LIMIT_ADDRESS_FORGET_SECONDS forgets a failure: a few more make it sure.
async function behindProxy() {
    const { port, ...server } = await start(shuniu, prepare, ["--behind-proxy"]);
    ok(await signIn(port, "chief", from("203.0.113.9")) === 303, "somebody signs in from there");
    const first = await fail(port, from("203.0.113.9"), FAILURES);
    ok(all(first, 422), `${FAILURES} wrong passwords are only wrong`, first);
    const held = await untilHeld(port, from("203.0.113.9"));
    ok(held.status === 429, "then the address is held", held.status);
    ok(/输错密码的次数太多/.test(Buffer.from(held.body, "latin1").toString()), "and told so", held.body);
    ok(await signIn(port, "chief", from("203.0.113.9")) === 303, "who signed in from there before still may");
    ok(await signIn(port, "chief", from("203.0.113.9"), "wrong") === 429, "with the right password, else all hear the same");
    ok((await untilHeld(port, from("203.0.113.9"))).status === 429 && await signIn(port, "other", from("203.0.113.9")) === 429,
        "and nobody else, with any");
    const spoofed = await fail(port, from("198.51.100.1", "203.0.113.9"), 3);
    ok(spoofed.includes(429), "whatever it writes before the proxy's own word", spoofed);
    ok(all(await fail(port, from("203.0.113.9", "198.51.100.1")), 422), "another address is not");
    ok(all(await fail(port, ""), 422), "nor is one the proxy says nothing of");
    await stop({ port, ...server });
}

async function alone() {
    const server = await start(shuniu);
    const statuses = [];
    for (let i = 0; i < FAILURES + 10; i++)
        statuses.push(...await fail(server.port, from(`203.0.113.${i}`)));
    ok(statuses.includes(429), "without --behind-proxy the header is nothing", statuses);
    await stop(server);
}

await behindProxy();
await alone();
finish();
