/*
 * make.mjs - the days on which it is not as the day of the week says, as one C table.
 *
 *     node make.mjs NODE_MODULES OUT.c
 *
 * Reads chinese-days, one file a year: holidays and make-up days.  A holiday on a weekend is none here: nobody works then anyway.
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

function exceptions(year, days, isWorking) {
    return Object.keys(days).map((date) => {
        const day = new Date(`${date}T00:00Z`);
        if (Number.isNaN(day.getTime()) || day.getUTCFullYear() !== year)
            throw new Error(`${date} is no day of ${year}`);
        return { day: day.getTime() / DAY_MS, isWeekday: day.getUTCDay() % 6 !== 0, isWorking };
    }).filter(({ isWeekday }) => isWeekday !== isWorking);
}

const years = readdirSync(folder).filter((name) => /^\d{4}\.json$/.test(name)).map((name) => Number(name.slice(0, 4))).sort();
if (years.length === 0)
    throw new Error(`no years in ${folder}`);
let text = '/* Made by tools/workdays. */\n#include "features/clocks/workdays.h"\n\n';
for (const year of years) {
    const { holidays, workdays } = JSON.parse(readFileSync(resolve(folder, `${year}.json`), 'utf8'));
    const days = [...exceptions(year, holidays, false), ...exceptions(year, workdays, true)].sort((a, b) => a.day - b.day);
    text += `static const struct workdays_exception y${year}[] = {\n`;
    text += days.map(({ day, isWorking }) => `    { { ${day} }, ${isWorking} },\n`).join('') + '};\n\n';
}
text += 'const struct workdays_table_year workdays_table[] = {\n';
text += years.map((year) => `    { ${year}, y${year}, COUNT_OF(y${year}) },\n`).join('');
text += '};\n\nconst ptrdiff_t workdays_table_count = COUNT_OF(workdays_table);\n';
writeFileSync(out, text);
