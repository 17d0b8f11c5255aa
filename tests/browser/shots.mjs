// node tests/browser/shots.mjs BASE_URL OUTDIR [NAME]: pictures of every page (or of those whose name begins so) of a
// running demo, in both languages, themes and window sizes, for people to look at.
import { mkdirSync } from "node:fs";
import { launch, records, tour, windows } from "./lib.mjs";

const [base, out, only = ""] = process.argv.slice(2);
const looks = (process.env.LOOKS ?? "zh,en").split(",");
mkdirSync(out, { recursive: true });
const browser = await launch();
const found = await records(browser, base);
for (const lang of looks)
    for (const theme of (process.env.THEMES ?? "light,dark").split(","))
        for (const [size, viewport] of Object.entries(windows))
            await tour(browser, base, { lang, theme, size: viewport }, found, async (page, { name }) => {
                if (name.startsWith(only))
                    await page.screenshot({ path: `${out}/${name}-${lang}-${size}-${theme}.png` });
            });
await browser.close();
