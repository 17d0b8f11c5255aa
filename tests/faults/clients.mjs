// 64 clients that change things and keep a journal of what was acknowledged.
//
// Every change has a mark of its own, K<round>.<client>.<n>, that it leaves in everything it writes; an entry of the
// journal is { mark, kind, isAcked, ... }.  What was sent and not answered stays in it unacknowledged.
import net from "node:net";
import { page } from "../../bench/wire.mjs";
import { replies } from "../serve/wire.mjs";
import { draftText } from "./journal.mjs";

const CONTACT = 1, REFUSE = 6, COVER = 10; // src/features/network/rules.h
export const CLIENTS = { movers: 28, noters: 8, stories: 22, drafters: 6 };

// One keep-alive connection; ask() gives { status, location, body }, or null when the server is gone.
class Wire {
    constructor(port) {
        this.socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
        this.pending = Buffer.alloc(0);
        this.take = () => {};
        this.isGone = false;
        this.socket.on("data", (data) => {
            this.pending = this.pending.length > 0 ? Buffer.concat([this.pending, data]) : data;
            const [reply] = replies(this.pending);
            if (!reply || reply.isCut)
                return;
            this.pending = Buffer.alloc(0);
            this.take({ status: reply.status, location: reply.headers.location ?? "", body: reply.body });
        });
        const gone = () => { this.isGone = true; this.take(null); };
        this.socket.on("error", gone);
        this.socket.on("close", gone);
    }

    ask(text) {
        return new Promise((resolve) => {
            this.take = resolve;
            this.isGone ? resolve(null) : this.socket.write(text);
        });
    }
}

const get = (who, path) => `GET ${path} HTTP/1.1\r\nHost: x\r\nCookie: ${who.cookie}\r\n\r\n`;

function post(who, path, fields) {
    const body = new URLSearchParams({ csrf: who.csrf, ...fields }).toString();
    return `POST ${path} HTTP/1.1\r\nHost: x\r\nCookie: ${who.cookie}\r\n` +
        `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

// A change with its entry in the journal; null: not acknowledged, and the client ends.
async function change(run, wire, who, entry, path, fields, expected = 303) {
    run.journal.push(entry);
    const reply = await wire.ask(post(who, path, { once: entry.mark, ...fields }));
    if (reply === null)
        return null;
    if (reply.status !== expected) {
        run.strange.push(`${entry.kind} ${entry.mark}: ${reply.status}`);
        return null;
    }
    entry.isAcked = true;
    run.acked++;
    return reply;
}

/* --- what they do ------------------------------------------------------------------------------------------------ */

// A blank spot goes to and fro between 'contacted' and 'refused'.
async function mover(run, wire, who, name, spot) {
    const text = await wire.ask(get(who, spot.path)); // where a killed change has left it
    if (text === null)
        return;
    let version = Number(/name="version" value="(\d+)"/.exec(text.body)[1]);
    let act = [CONTACT, REFUSE].find((n) => new RegExp(`/acts/${n}[?"]`).test(text.body));
    for (let n = 0; ; n++) {
        const mark = `${name}.${n}`;
        const entry = { mark, kind: "act", spot: spot.id, action: act === CONTACT ? "contact" : "refuse" };
        if (await change(run, wire, who, entry, `${spot.path}/acts/${act}`, { version, note: mark }) === null)
            return;
        version++;
        act = act === CONTACT ? REFUSE : CONTACT;
    }
}

async function noter(run, wire, who, name, spot) {
    for (let n = 0; ; n++) {
        const mark = `${name}.${n}`;
        const entry = { mark, kind: "note", spot: spot.id, action: "note" };
        if (await change(run, wire, who, entry, `${spot.path}/notes`, { note: mark }) === null)
            return;
    }
}

// A firm is registered, the blank spot that opens is covered by a new organisation, the firm shrinks: tallies move each time.
async function story(run, wire, who, name) {
    const firm = { kind: 1, division: who.division, uscc_missing: "none", employees: 30 };
    for (let n = 0; ; n += 3) {
        const unit = { mark: `${name}.${n}`, kind: "unit" };
        const made = await change(run, wire, who, unit, "/units/new", { ...firm, name: unit.mark });
        if (made === null)
            return;
        unit.path = made.location.split("?")[0];
        const shown = await wire.ask(get(who, unit.path));
        if (shown === null)
            return;
        const spot = /\/spots\/440606\/(\d+)/.exec(shown.body);
        const cover = { mark: `${name}.${n + 1}`, kind: "cover", spot: spot[1], action: "cover" };
        const founded = { form: 1, organisation_name: cover.mark, founded_on: "2026-01-01" };
        if (await change(run, wire, who, cover, `${spot[0]}/acts/${COVER}`, { version: 1, note: cover.mark, ...founded }) === null)
            return;
        const edit = { mark: `${name}.${n + 2}`, kind: "edit", unit: unit.path.split("/")[3] };
        const smaller = { ...firm, name: unit.mark, uscc_missing: edit.mark, employees: 3, version: 1 };
        if (await change(run, wire, who, edit, `${unit.path}/edit`, smaller) === null)
            return;
    }
}

// What is typed is kept: the last of an address counts.
async function drafter(run, wire, who, name, spot) {
    const address = `${spot.path}/notes`;
    for (let n = 0; ; n++) {
        const entry = { mark: `${name}.${n}`, kind: "draft", address, n };
        if (await change(run, wire, who, entry, "/drafts", { draft: address, note: draftText(entry.mark, run.round, n), once: "" }, 204) === null)
            return;
    }
}

// All at once until the server is gone.  people: { officer, worker }, each { cookie, csrf, division }.
export function load(port, round, people, spots) {
    const run = { round, journal: [], acked: 0, strange: [], wires: [] };
    let client = 0;
    const begin = (what, who, more) => {
        const wire = new Wire(port);
        run.wires.push(wire);
        return what(run, wire, who, `K${round}.${client++}`, more);
    };
    const work = [];
    for (let i = 0; i < CLIENTS.movers; i++)
        work.push(begin(mover, people.officer, spots[i]));
    for (let i = 0; i < CLIENTS.noters; i++)
        work.push(begin(noter, people.officer, spots[CLIENTS.movers + (i >> 1)])); // two on each
    for (let i = 0; i < CLIENTS.stories; i++)
        work.push(begin(story, people.worker));
    for (let i = 0; i < CLIENTS.drafters; i++)
        work.push(begin(drafter, people.officer, spots[CLIENTS.movers + CLIENTS.noters + i]));
    run.ended = Promise.all(work);
    return run;
}

export async function csrfOf(server, cookie) {
    return /name="csrf" value="([^"]+)"/.exec(await page(server, "/account", cookie))[1];
}
