// Excel: a workbook of 100,000 new units, uploaded, checked and committed over HTTP as a browser does it, while somebody
// else writes notes on a blank spot.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { copyData, median, page, serve, signIn, sleep, stop } from "./wire.mjs";

const ROWS = 100000, RUNS = 3, NOTE_MS = 50, POLL_MS = 20, PATIENCE_MS = 120000;

async function post(server, target, cookie, body) {
    const reply = await fetch(`http://127.0.0.1:${server.port}${target}`,
        { method: "POST", redirect: "manual", headers: { cookie }, body });
    await reply.text();
    if (reply.status !== 303)
        throw new Error(`${target}: ${reply.status} ${server.log.slice(-500)}`);
    return reply.headers.get("location");
}

// The job's page once the step is over: it then no longer shows how far it is.
async function stepOver(server, job, cookie) {
    for (const begin = performance.now(); performance.now() - begin < PATIENCE_MS; await sleep(POLL_MS)) {
        const text = await page(server, job, cookie);
        if (!text.includes('id="job-live"'))
            return text;
    }
    throw new Error(`${job} takes over ${PATIENCE_MS} ms`);
}

// Sends a note every 50 ms, answered or not; the longest that one of them had to wait, in ms.
async function longestWait(server, cookie, csrf, work) {
    const spot = /href="(\/spots\/440606\/\d+)[?"]/.exec(await page(server, "/spots?at=440606&line=1", cookie))[1];
    const waits = [];
    const send = async () => {
        const begin = performance.now();
        await post(server, `${spot}/notes`, cookie, new URLSearchParams({ csrf, note: "电话联系了单位负责人。" }));
        waits.push(performance.now() - begin);
    };
    const sent = [send()];
    const timer = setInterval(() => sent.push(send()), NOTE_MS);
    await work();
    clearInterval(timer);
    await Promise.all(sent);
    return Math.max(...waits);
}

async function importOnce(server, file, cookie) {
    const csrf = /name="csrf" value="([^"]+)"/.exec(await page(server, "/units/import?at=440606", cookie))[1];
    const form = new FormData();
    form.set("csrf", csrf);
    form.set("file", new Blob([readFileSync(file)]), "units.xlsx");
    const begin = performance.now();
    const job = await post(server, "/units/import?at=440606", cookie, form);
    const shown = await stepOver(server, job, cookie);
    const checkMs = performance.now() - begin;
    const save = /action="(\/units\/import\/\d+\/\d+)"/.exec(shown)?.[1];
    if (!save || !shown.includes(`<b>${ROWS.toLocaleString("en")}</b>`))
        throw new Error(`not what was to be shown: ${shown.replace(/<[^>]*>/g, " ").slice(0, 2000)}`);
    let commitMs = 0;
    const waitMs = await longestWait(server, cookie, csrf, async () => {
        const yes = performance.now();
        await post(server, save, cookie, new URLSearchParams({ csrf }));
        await stepOver(server, job, cookie);
        commitMs = performance.now() - yes;
    });
    return { checkMs, commitMs, waitMs };
}

// Medians of three runs, each on a fresh copy of the data of the demonstration.
export async function excel(build, data, dir, say, row) {
    const shuniu = path.join(build, "src/shuniu"), workbook = path.join(build, "bench/workbook");
    const file = path.join(dir, "units.xlsx"), runs = [];
    writeFileSync(file, execFileSync(workbook, [data, "440606", String(ROWS)], { maxBuffer: 1 << 26 }));
    for (let i = 0; i < RUNS; i++) {
        say(`excel: run ${i + 1} of ${RUNS}`);
        const copy = path.join(dir, `excel${i}`);
        copyData(data, copy);
        const server = await serve(shuniu, copy);
        runs.push(await importOnce(server, file, await signIn(server, "shunde-union")));
        await stop(server);
        execFileSync(shuniu, ["recount", "--data", copy]);
        execFileSync(shuniu, ["audit", "verify", "--data", copy]);
        rmSync(copy, { recursive: true });
    }
    const seconds = (name) => (median(runs.map((run) => run[name])) / 1000).toFixed(1);
    const perSecond = median(runs.map((run) => ROWS * 1000 / (run.checkMs + run.commitMs)));
    row(`Excel, ${ROWS.toLocaleString("en")} new units: checked, committed`, `${seconds("checkMs")} s, ${seconds("commitMs")} s`,
        `${Math.round(perSecond).toLocaleString("en")} rows/s`, "≥ 15,000 rows/s", perSecond >= 15000);
    row("  longest wait of another change meanwhile", `${seconds("waitMs")} s`, "", "", null);
}
