// One server: for an address and port, and for a folder of data.
// usage: alone.mjs SHUNIU
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fetchOne, finish, get, makeKeys, ok, start, stop } from "./wire.mjs";

const shuniu = process.argv[2];
const other = mkdtempSync(path.join(os.tmpdir(), "shuniu-alone-"));
makeKeys(shuniu, other);

// One that starts serves on until it is killed: then there is no status.
function second(name, why, ...words) {
    const { status, stderr } = spawnSync(shuniu, ["serve", ...words], { encoding: "utf8", timeout: 10000 });
    ok(status === 1 && why.test(stderr) && !/Sanitizer|runtime error:/.test(stderr), name, `${status}\n${stderr}`);
}

const server = await start(shuniu);
second("a second server on the port is refused", /cannot listen on 127\.0\.0\.1:\d+: Address already in use/, "--data", other, "--port", String(server.port));
second("an address that is none", /cannot listen on localhost:0: not an IPv4 address/, "--data", other, "--port", "0", "--address", "localhost");
second("an address of another machine", /cannot listen on 192\.0\.2\.1:0: Cannot assign/, "--data", other, "--port", "0", "--address", "192.0.2.1");
second("a second server on the data is refused, and says which", new RegExp(`another 'shuniu serve' has ${server.dir} open`), "--data", server.dir,
    "--port", "0");
const { status, stderr } = spawnSync(shuniu, ["audit", "verify", "--data", server.dir], { encoding: "utf8" });
ok(status === 0, "a command beside it is not", stderr);
ok((await fetchOne(server.port, get("/healthz"))).status === 200, "and the first goes on");
server.child.kill("SIGKILL");
await server.exited;
const again = await start(shuniu, (dir) => rmSync(dir, { recursive: true }), ["--data", server.dir, "--port", String(server.port)]);
ok(again.port === server.port, "after one that was killed, data and port are free again");
again.dir = server.dir;
await stop(again);
for (const folder of [other, `${other}.keys`])
    rmSync(folder, { recursive: true, force: true });
finish();
