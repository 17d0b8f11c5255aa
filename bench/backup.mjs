// A backup of a large installation while people work: what it costs them, and that it can be restored.
// usage: backup.mjs SHUNIU DATA; DATA holds the demonstration, filled up with bench/fill (27,000,000 units are 10 GB).
import { execFileSync, spawn } from "node:child_process";
import { rmSync, statSync } from "node:fs";
import path from "node:path";
import { load, median, page, serve, signIn, stop } from "./wire.mjs";

const [shuniu, data] = process.argv.slice(2);
const TARGET = "/network/coverage?at=440606&line=1&show=covered", SECONDS = 3, ROUNDS = 5;
const copy = path.join(data, "..", "backup-of-bench.db"), again = path.join(data, "..", "restored-in-bench");
const gigabytes = (file) => `${(statSync(file).size / 1e9).toFixed(1)} GB`;
rmSync(copy, { force: true });
rmSync(again, { recursive: true, force: true });

const server = await serve(shuniu, data);
const cookie = await signIn(server, "leader");
await page(server, TARGET, cookie);
const quiet = [], beside = [];
for (let i = 0; i < ROUNDS; i++)
    quiet.push((await load(server, TARGET, cookie, SECONDS)).rps);

const begin = performance.now();
const backup = spawn(shuniu, ["backup", copy, "--data", data], { stdio: "inherit" });
let status = null;
const ended = new Promise((resolve) => backup.on("exit", (code) => { status = code; resolve(); }));
while (status === null)
    beside.push((await load(server, TARGET, cookie, SECONDS)).rps);
await ended;
const seconds = (performance.now() - begin) / 1000;
beside.pop(); /* it may have ended in the middle of the last */
await stop(server);

const before = performance.now();
execFileSync(shuniu, ["restore", copy, "--data", again], { stdio: "inherit" });
const restored = (performance.now() - before) / 1000;
const verified = execFileSync(shuniu, ["audit", "verify", "--data", again], { encoding: "utf8" }).trim();
const counted = execFileSync(shuniu, ["recount", "--data", again], { encoding: "utf8" }).trim();
const ratio = median(beside) / median(quiet);
console.log(`| list page while a backup of ${gigabytes(copy)} runs / without | ${Math.round(median(beside))} / ${Math.round(median(quiet))} per s; backup ${seconds.toFixed(0)} s | ` +
    `${(ratio * 100).toFixed(0)} % | ≥ 70 % | ${ratio >= 0.7 ? "ok" : "NO"} |`);
console.log(`| restored into a new folder | ${restored.toFixed(0)} s; ${verified}; ${counted} | | it holds | ok |`);
rmSync(copy, { force: true });
rmSync(again, { recursive: true, force: true });
process.exit(ratio >= 0.7 ? 0 : 1);
