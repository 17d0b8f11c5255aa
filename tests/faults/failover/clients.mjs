// People at work through a failover: who meets an error sends the same form again until it is acknowledged, as a person
// would.  The journal is that of ../journal.mjs.
import net from "node:net";
import { replies, sleep } from "../../serve/wire.mjs";

const CONTACT = 1, REFUSE = 6, COVER = 10; // src/features/network/rules.h
const PATIENCE_MS = 120000;                // longer than any answer may take
export const VILLAGE = 440606102001;

// One keep-alive connection; ask() gives { status, location, body }; status 0: it was closed without an answer.
class Wire {
    constructor(port) {
        this.port = port;
        this.socket = null;
    }

    open() {
        let pending = Buffer.alloc(0);
        const socket = net.connect({ port: this.port, host: "127.0.0.1", noDelay: true });
        const gone = () => {
            this.socket = this.socket === socket ? null : this.socket;
            this.take?.({ status: 0, location: "", body: "" });
        };
        socket.on("data", (data) => {
            pending = pending.length > 0 ? Buffer.concat([pending, data]) : data;
            const [reply] = replies(pending);
            if (!reply || reply.isCut)
                return;
            pending = Buffer.alloc(0);
            if (/close/i.test(reply.headers.connection ?? ""))
                this.socket = null;
            this.take?.({ status: reply.status, location: reply.headers.location ?? "", body: reply.body });
        });
        socket.on("error", gone);
        socket.on("close", gone);
        return socket;
    }

    ask(text) {
        this.socket ??= this.open();
        return new Promise((resolve) => {
            const timer = setTimeout(() => this.socket?.destroy(), PATIENCE_MS);
            this.take = (reply) => {
                clearTimeout(timer);
                this.take = null;
                resolve(reply);
            };
            this.socket.write(text);
        });
    }
}

const get = (who, path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n${who.cookie}\r\n`;

export function post(who, path, fields) {
    const body = new URLSearchParams({ csrf: who.csrf, ...fields }).toString();
    return `POST ${path} HTTP/1.1\r\nHost: x\r\n${who.cookie}` +
        `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

class Person {
    constructor(run, who, name) {
        Object.assign(this, { run, who, name });
        this.wire = new Wire(run.port);
        this.rng = () => Math.random();
    }

    // One answer, with what it was noted.
    async once(text) {
        const asked = performance.now();
        const reply = await this.wire.ask(text);
        this.run.longestMs = Math.max(this.run.longestMs, performance.now() - asked);
        return reply;
    }

    // The same again until it is answered; null: the end of the round came first.
    async until(text, expected) {
        for (;;) {
            const reply = await this.once(text);
            if (reply.status === expected && !reply.location.startsWith("/sign-in"))
                return reply;
            const isFault = reply.status === 0 || reply.status >= 500;
            if (!isFault) {
                this.run.strange.push(`${this.name}: ${reply.status} ${reply.location} to ${text.split("\r\n")[0]}`);
                return null;
            }
            const what = reply.status === 0 ? "closed" : String(reply.status);
            this.run.errors.set(what, (this.run.errors.get(what) ?? 0) + 1);
            this.run.disturbed.add(this.name);
            if (this.run.isOver)
                return null;
            await sleep(150 + 200 * this.rng());
        }
    }

    async change(entry, path, fields) {
        this.run.journal.push(entry);
        const reply = await this.until(post(this.who, path, { once: entry.mark, ...fields }), 303);
        if (reply === null)
            return null;
        entry.isAcked = true;
        this.run.acked.push(performance.now());
        await sleep(this.run.thinkMs);
        return this.run.isOver ? null : reply;
    }

    page(path) {
        return this.until(get(this.who, path), 200);
    }
}

/* --- what they do ------------------------------------------------------------------------------------------------ */

// A blank spot goes to and fro between 'contacted' and 'refused'.
async function mover(person, spot) {
    const shown = await person.page(spot.path);
    let version = Number(/name="version" value="(\d+)"/.exec(shown?.body)?.[1]);
    let act = [CONTACT, REFUSE].find((n) => new RegExp(`/acts/${n}[?"]`).test(shown?.body));
    for (let n = 0; version && act; n++, version++, act = act === CONTACT ? REFUSE : CONTACT) {
        const mark = `${person.name}.${n}`;
        const entry = { mark, kind: "act", spot: spot.id, action: act === CONTACT ? "contact" : "refuse" };
        if (await person.change(entry, `${spot.path}/acts/${act}`, { version, note: mark }) === null)
            return;
    }
}

async function noter(person, spot) {
    for (let n = 0; ; n++) {
        const mark = `${person.name}.${n}`;
        const entry = { mark, kind: "note", spot: spot.id, action: "note" };
        if (await person.change(entry, `${spot.path}/notes`, { note: mark }) === null)
            return;
    }
}

const FIRM = { kind: 1, division: VILLAGE, uscc_missing: "none", employees: 30 };

// A firm is registered, the blank spot that opens is covered by a new organisation, the firm shrinks: tallies move each time.
async function story(person) {
    for (let n = 0; ; n += 3) {
        const unit = { mark: `${person.name}.${n}`, kind: "unit" };
        const made = await person.change(unit, "/units/new", { ...FIRM, name: unit.mark });
        const path = made?.location.split("?")[0];
        const shown = made && await person.page(path);
        const spot = /\/spots\/440606\/(\d+)/.exec(shown?.body);
        if (!spot)
            return;
        const cover = { mark: `${person.name}.${n + 1}`, kind: "cover", spot: spot[1], action: "cover" };
        const founded = { form: 1, organisation_name: cover.mark, founded_on: "2026-01-01" };
        if (await person.change(cover, `${spot[0]}/acts/${COVER}`, { version: 1, note: cover.mark, ...founded }) === null)
            return;
        const edit = { mark: `${person.name}.${n + 2}`, kind: "edit", unit: path.split("/")[3] };
        const smaller = { ...FIRM, name: unit.mark, uscc_missing: edit.mark, employees: 3, version: 1 };
        if (await person.change(edit, `${path}/edit`, smaller) === null)
            return;
    }
}

// All at once until end() is called.  who: { cookie, csrf }; spots: { path, id }, one for each mover and noter.
export function load(port, round, who, clients, spots, thinkMs) {
    const run = { port, thinkMs, journal: [], acked: [], strange: [], errors: new Map(), disturbed: new Set(), longestMs: 0,
        isOver: false };
    const work = [];
    for (let i = 0; i < clients; i++) {
        const person = new Person(run, who, `K${round}.${i}`);
        work.push([mover, noter, story, story][i % 4](person, spots[i % spots.length]));
    }
    run.end = async () => {
        run.isOver = true;
        await Promise.all(work);
    };
    return run;
}
