// SIGTERM under load: 30 busy clients get whole replies until the end, and what was acknowledged is on the disk.
// usage: stop.mjs SHUNIU
import net from "node:net";
import { finish, get, ok, post, replies, sleep, start, stop } from "./wire.mjs";

const CLIENTS = 30, LIMIT_SECONDS = 6;
const FORM = "login=nobody&password=nothing-at-all";

// Asks for one thing after another on one connection until the server closes it.
function client(port, bytes, tally) {
    return new Promise((resolve) => {
        const socket = net.connect({ port, host: "127.0.0.1" });
        let pending = Buffer.alloc(0);
        socket.on("connect", () => socket.write(bytes));
        socket.on("data", (data) => {
            pending = Buffer.concat([pending, data]);
            const [reply] = replies(pending);
            if (!reply || reply.isCut)
                return;
            tally.whole++;
            tally.statuses[reply.status] = (tally.statuses[reply.status] ?? 0) + 1;
            pending = Buffer.alloc(0);
            if (reply.headers.connection !== "close")
                socket.write(bytes);
        });
        socket.on("error", () => { tally.resets++; });
        socket.on("close", () => {
            tally.cut += pending.length > 0 ? 1 : 0;
            resolve();
        });
    });
}

const server = await start(process.argv[2]);
const tally = { whole: 0, cut: 0, resets: 0, statuses: {} };
const clients = Array.from({ length: CLIENTS }, (_, i) =>
    client(server.port, i % 10 === 0 ? post("/sign-in", FORM) : get(i % 3 === 0 ? "/healthz" : "/sign-in"), tally));
await sleep(1500);
const before = tally.whole;
const seconds = await stop(server);
await Promise.all(clients);
const detail = JSON.stringify(tally);
ok(before > CLIENTS, `${CLIENTS} clients were busy`, detail);
ok(tally.cut === 0, "no reply was cut off", detail);
ok(Object.keys(tally.statuses).every((status) => ["200", "422", "429", "503"].includes(status)), "and none was strange", detail);
ok(seconds <= LIMIT_SECONDS, `it took at most ${LIMIT_SECONDS} s`, `${seconds} s`);
finish();
