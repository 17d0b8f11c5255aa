// Half an hour of mixed load: does the server's memory grow?  usage: soak.mjs SHUNIU DATA [MINUTES]; DATA is a demonstration, copied.
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { changes, copyData, load, openSpots, page, anonymousKiB, serve, signIn, sleep, stop } from "./wire.mjs";

const [shuniu, data, minutes = "30"] = process.argv.slice(2);
const MINUTES = Number(minutes), WARM_UP = Math.max(1, Math.round(MINUTES / 6)), SLICE_SECONDS = 10;
const PAGES = ["/", "/network?at=440606", "/network/map?at=440606", "/network/trend?at=440606", "/network/coverage?at=440606&line=1", "/spots?at=440606",
    "/spots?at=440606&q=%E5%8C%97%E6%BB%98", "/units?at=440606", "/units?at=440606&q=%E6%9C%BA%E6%A2%B0", "/organisations?at=440606", "/divisions?q=%E9%A1%BA%E5%BE%B7"];

const dir = mkdtempSync(path.join(os.tmpdir(), "shuniu-soak-"));
process.on("exit", () => rmSync(dir, { recursive: true, force: true }));
copyData(data, path.join(dir, "data"));
const server = await serve(shuniu, path.join(dir, "data"));
const cookie = await signIn(server, "shunde-union");
const csrf = /name="csrf" value="([^"]+)"/.exec(await page(server, "/account", cookie))[1];
const spots = await openSpots(server, cookie, csrf);

/* half of the clients change, the others read (wrk: 64 connections) one page after the other; now and then somebody downloads */
const seen = [], begin = performance.now(), until = begin + MINUTES * 60000;
let requests = 0, made = 0;
for (let slice = 0; performance.now() < until; slice++) {
    const [change, read] = await Promise.all([changes(server, spots.slice(0, 32), SLICE_SECONDS),
        load(server, PAGES[slice % PAGES.length], cookie, SLICE_SECONDS), page(server, "/spots.xlsx?at=440606", cookie).catch(() => "")]);
    made += change.perSecond * SLICE_SECONDS;
    requests += read.rps * SLICE_SECONDS;
    if (slice % 6 === 5) {
        seen.push({ minute: (performance.now() - begin) / 60000, kib: anonymousKiB(server) });
        process.stderr.write(`${seen.at(-1).minute.toFixed(1)} min: ${seen.at(-1).kib} KiB, ${Math.round(made)} changes, ${Math.round(requests)} pages\n`);
    }
}
await sleep(1000);
await stop(server);
const after = seen.filter((one) => one.minute >= WARM_UP);
const growth = (after.at(-1).kib - after[0].kib) / after[0].kib;
console.log(`| memory of its own after ${after[0].minute.toFixed(0)} and ${after.at(-1).minute.toFixed(0)} min of mixed load | ${after[0].kib} / ${after.at(-1).kib} KiB; ` +
    `${Math.round(made).toLocaleString("en")} changes, ${Math.round(requests).toLocaleString("en")} pages | ${(growth * 100).toFixed(1)} % | < 2 % | ${growth < 0.02 ? "ok" : "NO"} |`);
process.exit(growth < 0.02 ? 0 : 1);
