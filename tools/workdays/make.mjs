/*
 * make.mjs - on which days people work, as one C table.
 *
 *     node make.mjs NODE_MODULES OUT.c
 *
 * Reads chinese-days, one file a year: holidays and make-up days; on the others the day of the week says it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const [modules, out] = process.argv.slice(2);
if (!modules || !out) {
    console.error('usage: node make.mjs NODE_MODULES OUT.c');
    process.exit(2);
}
const folder = resolve(modules, 'chinese-days/dist/years');
const DAY_MS = 24 * 3600 * 1000;

const FIRST_YEAR = 2004; // WORKDAYS_FIRST_YEAR

/* Whether people work on each day of a year. */
function workingDays(year, { holidays, workdays }) {
    const first = Date.UTC(year, 0, 1), days = [];
    for (let at = first; new Date(at).getUTCFullYear() === year; at += DAY_MS)
        days.push(new Date(at).getUTCDay() % 6 !== 0);
    for (const [told, isWorking] of [[holidays, false], [workdays, true]]) {
        for (const date of Object.keys(told)) {
            const day = (Date.parse(`${date}T00:00Z`) - first) / DAY_MS;
            if (!(day in days))
                throw new Error(`${date} is no day of ${year}`);
            days[day] = isWorking;
        }
    }
    return days;
}

/* From the lowest bit of the first word. */
function words(days) {
    const all = [];
    for (let from = 0; from < 6 * 64; from += 64) {
        const word = days.slice(from, from + 64).reduce((sum, isWorking, bit) => sum | (isWorking ? 1n << BigInt(bit) : 0n), 0n);
        all.push(`UINT64_C(0x${word.toString(16)})`);
    }
    return all.join(', ');
}

const years = readdirSync(folder).filter((name) => /^\d{4}\.json$/.test(name)).map((name) => Number(name.slice(0, 4))).sort();
if (years.length === 0 || years[0] < FIRST_YEAR)
    throw new Error(`no years from ${FIRST_YEAR} on in ${folder}`);
const rows = years.map((year) => {
    const told = JSON.parse(readFileSync(resolve(folder, `${year}.json`), 'utf8'));
    return `        [${year} - WORKDAYS_FIRST_YEAR] = { true, { ${words(workingDays(year, told))} } },\n`;
});
writeFileSync(out, `/* Made by tools/workdays. */
#include "features/clocks/workdays.h"

const struct workdays workdays_built_in = {
    .years = {
${rows.join('')}    },
};
`);
