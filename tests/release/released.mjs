// What the tests of the released program share: finding it, and TAP.
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

let count = 0, failures = 0;

export const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "../..");

export function ok(holds, name, detail = "") {
    count++;
    failures += holds ? 0 : 1;
    console.log(`${holds ? "ok" : "not ok"} ${count} - ${name}`);
    if (!holds && detail !== "")
        console.log(String(detail).slice(0, 3000).replace(/^/gm, "# "));
}

export function skip(why) {
    console.log(`ok ${++count} # SKIP ${why}`);
}

export function finish() {
    console.log(`1..${count}`);
    process.exit(failures > 0 ? 1 : 0);
}

// The given program, unless a sanitizer is in it; then the one that script/test builds, unless it is older.  null: none.
export function released(given) {
    const isReleased = (file) => existsSync(file) && statSync(file).mtimeMs >= statSync(given).mtimeMs &&
        !/__[at]san_init/.test(readFileSync(file, "latin1"));
    return [given, path.join(root, "build/src/shuniu")].find(isReleased) ?? null;
}
