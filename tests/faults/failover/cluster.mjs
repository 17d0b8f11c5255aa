// Three nodes of Patroni, PostgreSQL and etcd on loopback, below a temporary folder, as an unprivileged user; and what may
// happen to a node.  docs/scale.md says why etcd's second interface and the strict mode.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { sleep } from "../../serve/wire.mjs";
import { Direct } from "./direct.mjs";

const NODES = [1, 2, 3];
export const TTL_SECONDS = 20;
const BIN = path.join("/usr/lib/postgresql", readdirSync("/usr/lib/postgresql").sort().at(-1), "bin");
export const pgPort = (node) => 6600 + node;
const restPort = (node) => 8100 + node, etcdPort = (node) => 7370 + node, peerPort = (node) => 7380 + node;
const places = (portOf) => NODES.map((node) => `127.0.0.1:${portOf(node)}`).join(",");

// Everything below H is the user's; JSON is YAML.
const patroniFile = (H, node) => JSON.stringify({
    scope: "shuniu",
    name: `n${node}`,
    restapi: { listen: `127.0.0.1:${restPort(node)}`, connect_address: `127.0.0.1:${restPort(node)}` },
    etcd: { hosts: places(etcdPort) },
    bootstrap: {
        dcs: {
            ttl: TTL_SECONDS, loop_wait: 3, retry_timeout: 5, master_start_timeout: 0, maximum_lag_on_failover: 1 << 26,
            synchronous_mode: true, synchronous_mode_strict: true,
            postgresql: {
                use_pg_rewind: true, use_slots: true,
                parameters: { wal_log_hints: "on", wal_keep_size: "512MB", max_wal_senders: 10, max_connections: 100 },
            },
        },
        initdb: [{ encoding: "UTF8" }, { locale: "C.UTF-8" }, "data-checksums"],
        pg_hba: ["host replication rep 127.0.0.1/32 trust", "host all all 127.0.0.1/32 trust", "local all all trust"],
    },
    postgresql: {
        listen: `127.0.0.1:${pgPort(node)}`, connect_address: `127.0.0.1:${pgPort(node)}`,
        data_dir: path.join(H, `pg${node}`), bin_dir: BIN, pgpass: path.join(H, `pgpass${node}`),
        parameters: { unix_socket_directories: H },
        authentication: {
            superuser: { username: "postgres", password: "x" }, replication: { username: "rep", password: "x" },
            rewind: { username: "rewind", password: "x" },
        },
    },
    watchdog: { mode: "off" },
});

/* --- processes ----------------------------------------------------------------------------------------------------- */

const isRoot = process.getuid() === 0;
const idOf = (what) => Number(execFileSync("id", [what, "postgres"], { encoding: "utf8" }));
const user = isRoot ? { uid: idOf("-u"), gid: idOf("-g") } : {};

function send(pid, signal) {
    try {
        process.kill(pid, signal);
    } catch { /* it is over */ }
}

// Of a process: { pid, parent, title }.
function processes() {
    const found = [];
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        try {
            const after = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1).split(" ");
            found.push({ pid: Number(pid), parent: Number(after[1]), title: readFileSync(`/proc/${pid}/cmdline`, "latin1") });
        } catch { /* it is over */ }
    }
    return found;
}

export class Cluster {
    constructor() {
        this.dir = mkdtempSync(path.join(os.tmpdir(), "shuniu-failover-"));
        chmodSync(this.dir, 0o755);
        if (isRoot)
            chownSync(this.dir, user.uid, user.gid);
        this.patroni = {};
        this.etcd = {};
        this.isOver = false;
        process.on("exit", () => this.end());
        for (const signal of ["SIGINT", "SIGTERM"])
            process.on(signal, () => process.exit(1));
    }

    spawn(log, command, ...words) {
        const out = openSync(path.join(this.dir, log), "a");
        const env = { PATH: "/usr/bin:/bin", HOME: this.dir, LC_ALL: "C.UTF-8" };
        return spawn(command, words, { ...user, cwd: this.dir, env, stdio: ["ignore", out, out] });
    }

    startEtcd(node) {
        const all = NODES.map((n) => `e${n}=http://127.0.0.1:${peerPort(n)}`).join(",");
        const own = `http://127.0.0.1:${etcdPort(node)}`, peer = `http://127.0.0.1:${peerPort(node)}`;
        this.etcd[node] = this.spawn(`etcd${node}.log`, "etcd", "--enable-v2=true", "--name", `e${node}`,
            "--data-dir", path.join(this.dir, `etcd${node}`), "--listen-client-urls", own, "--advertise-client-urls", own,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", all,
            "--initial-cluster-state", "new");
    }

    startPatroni(node) {
        this.patroni[node] = this.spawn(`patroni${node}.log`, "patroni", path.join(this.dir, `p${node}.yml`));
    }

    async start() {
        for (const node of NODES) {
            writeFileSync(path.join(this.dir, `p${node}.yml`), patroniFile(this.dir, node), { mode: 0o644 });
            mkdirSync(path.join(this.dir, `etcd${node}`), { mode: 0o700 });
            if (isRoot)
                chownSync(path.join(this.dir, `etcd${node}`), user.uid, user.gid);
            this.startEtcd(node);
        }
        this.startPatroni(1); // the others copy it
        await this.until("the first node leads", 120, () => this.leader());
        this.startPatroni(2);
        this.startPatroni(3);
        await this.healthy();
    }

    // What the nodes say of each other, from the first that answers: [{ name, role, state, lag }].
    async members() {
        for (const node of NODES) {
            const said = await fetch(`http://127.0.0.1:${restPort(node)}/cluster`, { signal: AbortSignal.timeout(2000) })
                .then((reply) => reply.json(), () => null);
            if (said?.members)
                return said.members;
        }
        return [];
    }

    // The node that leads by its own word, which it gives only while it holds the key in etcd; 0: none.
    async leader(except = 0) {
        const says = await Promise.all(NODES.map((node) => node === except ? false :
            fetch(`http://127.0.0.1:${restPort(node)}/primary`, { signal: AbortSignal.timeout(1000) })
                .then((reply) => reply.status === 200, () => false)));
        return says.indexOf(true) + 1;
    }

    async healthy() {
        await this.until("three nodes, one of them in step with the leader", 180, async () => {
            const members = await this.members();
            const has = (role) => members.some((one) => one.role === role);
            return members.length === NODES.length && has("leader") && (has("sync_standby") || !this.isStrict()) &&
                members.every((one) => ["running", "streaming"].includes(one.state) && !(one.lag > 0));
        });
        return this.leader();
    }

    async until(what, seconds, holds) {
        for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(200)) {
            const value = await holds();
            if (value)
                return value;
        }
        throw new Error(`${what}: not within ${seconds} s\n${JSON.stringify(await this.members())}\n${this.said()}`);
    }

    // The end of each log, for whoever has to find out why.
    said() {
        const end = (log) => readFileSync(path.join(this.dir, log), "utf8").split("\n").slice(-15).join("\n");
        return NODES.map((node) => `patroni${node}.log: ${end(`patroni${node}.log`)}`).join("\n");
    }

    isStrict() {
        return !this.isAsync;
    }

    async beAsynchronous() {
        const body = JSON.stringify({ synchronous_mode: false, synchronous_mode_strict: false });
        const reply = await fetch(`http://127.0.0.1:${restPort(await this.leader())}/config`, { method: "PATCH", body });
        if (reply.status !== 200)
            throw new Error(`the mode was not changed: ${reply.status}`);
        this.isAsync = true;
        await sleep(8000); // two of its rounds
    }

    async sql(text, database = "postgres") {
        const direct = new Direct(pgPort(await this.leader()), database);
        await direct.run(text, 10000);
        direct.socket.destroy();
    }

    /* --- what may happen to a node --- */

    postmaster(node) {
        return Number(readFileSync(path.join(this.dir, `pg${node}`, "postmaster.pid"), "latin1").split("\n")[0]);
    }

    // PostgreSQL's processes of a node, the first of them last; it is stopped before they are listed, and makes no more.
    postgres(node) {
        const first = this.postmaster(node);
        send(first, "SIGSTOP");
        return [...processes().filter((one) => one.parent === first), { pid: first, title: "" }];
    }

    crash(node) {
        send(this.patroni[node].pid, "SIGKILL");
        this.postgres(node).forEach((one) => send(one.pid, "SIGKILL"));
    }

    // The whole machine, as when it is moved to another one or its snapshot is taken.
    pause(node) {
        send(this.patroni[node].pid, "SIGSTOP");
        this.paused = this.postgres(node);
        this.paused.forEach((one) => send(one.pid, "SIGSTOP"));
        send(this.etcd[node].pid, "SIGSTOP");
    }

    resume(node) {
        send(this.etcd[node].pid, "SIGCONT");
        this.paused.forEach((one) => send(one.pid, "SIGCONT"));
        send(this.patroni[node].pid, "SIGCONT");
    }

    // What the node writes goes to no other node any more.
    freezeSenders(node) {
        const all = this.postgres(node);
        all.filter((one) => one.title.includes("walsender")).forEach((one) => send(one.pid, "SIGSTOP"));
        send(all.at(-1).pid, "SIGCONT");
    }

    async switchover(node) {
        const body = JSON.stringify({ leader: `n${node}` });
        const reply = await fetch(`http://127.0.0.1:${restPort(node)}/switchover`, { method: "POST", body });
        if (reply.status !== 200)
            throw new Error(`no switchover: ${reply.status} ${await reply.text()}`);
    }

    end() {
        if (this.isOver)
            return;
        this.isOver = true;
        for (const node of NODES) {
            for (const child of [this.patroni[node], this.etcd[node]])
                if (child)
                    send(child.pid, "SIGKILL");
            try {
                this.postgres(node).forEach((one) => send(one.pid, "SIGKILL"));
            } catch { /* it never started */ }
        }
        rmSync(this.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
}

export const database = (name) => `postgres://postgres@${places(pgPort)}/${name}`;
