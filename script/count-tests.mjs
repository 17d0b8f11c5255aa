// Adds up the tests of JUnit files that 'meson test' wrote, TAP tests one by one, and prints the closing line.
import { readFileSync } from "node:fs";

const suites = process.argv.slice(2).flatMap(path => readFileSync(path, "utf8").match(/<testsuite [^>]*>/g) ?? []);
const number = (suite, name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
let failed = 0, passed = 0, skipped = 0;
for (const suite of suites) {
    const bad = number(suite, "failures") + number(suite, "errors");
    failed += bad;
    skipped += number(suite, "skipped");
    passed += number(suite, "tests") - bad - number(suite, "skipped");
}
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
