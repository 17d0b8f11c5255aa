// Everything at the same time: pages, changes, password hashing, exports and imports in the background, connections that
// come and go.  What it is for is what a sanitizer sees meanwhile: script/lint runs it with ThreadSanitizer.
// usage: load.mjs SHUNIU
import http from "node:http";
import { PASSWORD, people, prepare } from "./people.mjs";
import { finish, ok, start, stop } from "./wire.mjs";

const CLIENTS = 16, ROUNDS = 12;

function ask(port, agent, { method = "GET", target, body = "", cookie = "", type = "application/x-www-form-urlencoded" }) {
    return new Promise((resolve, reject) => {
        const headers = { Cookie: cookie };
        if (method === "POST")
            Object.assign(headers, { "Content-Type": type, "Content-Length": Buffer.byteLength(body) });
        const request = http.request({ port, host: "127.0.0.1", method, path: target, headers, agent }, (reply) => {
            let text = "";
            reply.setEncoding("utf8");
            reply.on("data", (data) => { text += data; });
            reply.on("end", () => resolve({ status: reply.statusCode, location: reply.headers.location ?? "", text }));
        });
        request.on("error", reject);
        request.end(body);
    });
}

const multipart = (csrf) => "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + csrf +
    "\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xlsx\"\r\n\r\nPK nothing\r\n--b--\r\n";

// What one client does in a round; each step says which statuses are right.
function steps(client, round, { cookie, csrf }) {
    const unit = `csrf=${csrf}&name=${encodeURIComponent(`负载${client}号${round}厂`)}&kind=1&division=440606102` +
        `&uscc_missing=none&employees=30&once=${client}-${round}`;
    return [
        { target: "/", cookie, right: [200] },
        { target: "/units?at=440606102", cookie, right: [200] },
        { method: "POST", target: "/units/new", body: unit, cookie, right: [303], kind: "unit" },
        { method: "POST", target: "/units/new", body: unit, cookie, right: [303], kind: "twice" },
        { target: "/network?at=440606102", cookie, right: [200] },
        { target: "/spots?at=440606102&line=1", cookie, right: [200] },
        { method: "POST", target: "/units/export", body: `csrf=${csrf}`, cookie, right: [303, 409, 413, 422, 429, 503] },
        { method: "POST", target: "/units/import", body: multipart(csrf), cookie, type: "multipart/form-data; boundary=b",
            right: [303, 409, 413, 422, 429, 503] },
        { method: "POST", target: "/drafts", body: `csrf=${csrf}&draft=/units/new&name=${round}`, cookie, right: [204] },
        { target: "/metrics", right: [200] },
        { target: "/units.xlsx?at=440606102", cookie, right: [200] },
        ...(round === 0 ? [{ method: "POST", target: "/sign-in", right: [303],
            body: `login=clerk&password=${encodeURIComponent(PASSWORD)}` }] : []),
    ];
}

async function run(port, client, clerk) {
    const found = { wrong: [], units: [] };
    for (let round = 0; round < ROUNDS; round++) {
        const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
        let made = "";
        for (const step of steps(client, round, clerk)) {
            const reply = await ask(port, agent, step);
            if (!step.right.includes(reply.status))
                found.wrong.push(`${step.method ?? "GET"} ${step.target}: ${reply.status}`);
            if (step.kind === "unit")
                found.units.push(made = reply.location.split("?")[0]);
            if (step.kind === "twice" && reply.location.split("?")[0] !== made)
                found.wrong.push(`sent twice: ${made}, then ${reply.location}`);
        }
        agent.destroy();
    }
    return found;
}

const server = await start(process.argv[2], prepare);
const { cookie, csrf } = (await people(server.port)).clerk;
const clerk = { csrf, cookie: cookie.slice("Cookie: ".length).trim() };
const found = await Promise.all(Array.from({ length: CLIENTS }, (_, client) => run(server.port, client, clerk)));
const wrong = found.flatMap((one) => one.wrong), units = found.flatMap((one) => one.units);
ok(wrong.length === 0, `${CLIENTS} clients at the same time are answered as one would be`, [...new Set(wrong)].join("\n"));
ok(new Set(units).size === CLIENTS * ROUNDS, "each made its own units, and each once", units.length);
const agent = new http.Agent();
const shown = await Promise.all(units.map((target) => ask(server.port, agent, { target, cookie: clerk.cookie })));
ok(shown.every(({ status }) => status === 200), "and all of them are there",
    shown.filter(({ status }) => status !== 200).length);
await stop(server);
finish();
