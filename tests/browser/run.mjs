// node tests/browser/run.mjs SHUNIU: what people do in a browser, and what holds on every page.  Prints TAP.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { clickTwice, leaveAndThrowAway, takeUpDraft } from "./drafts.mjs";
import { answerOneAppeal, coverOneSpot } from "./journey.mjs";
import { district, follow, launch, pageAs, pages, password, records, signIn, tour, town, windowOf, windows } from "./lib.mjs";
import { uploadAndCorrect } from "./upload.mjs";
import { choose, makeWorld } from "./world.mjs";

const PAGE_BYTES_MAX = 150 * 1024, TABS_MAX = 80;
const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

let count = 0, failed = 0;
async function test(name, body) {
    count++;
    try {
        await body();
        console.log(`ok ${count} - ${name}`);
    } catch (error) {
        failed++;
        console.log(`not ok ${count} - ${name}`);
        console.log(error.message.replaceAll(/^/gm, "# "));
    }
}

const world = await makeWorld(choose(process.argv[2]));
const browser = await launch();
const found = await records(browser, world.base);

async function inWindow(options, body) {
    const context = await windowOf(browser, world.base, options);
    try {
        await body(await context.newPage());
    } finally {
        await context.close();
    }
}

/* --- what people do --------------------------------------------------------------------------------------------- */

await test("an officer closes a blank spot and the matrix changes by one", () =>
    inWindow({}, page => coverOneSpot(page, "北滘镇浏览器测试一厂工会委员会")));
await test("the same without JavaScript", () =>
    inWindow({ javaScriptEnabled: false }, page => coverOneSpot(page, "北滘镇浏览器测试二厂工会委员会")));

const threePeople = (options, body) => inWindow(options, first => inWindow(options, second => inWindow(options, third => body([first, second, third]))));
await test("an appeal is taken in in the village, passed on to the town, answered, and called back by the district", () =>
    threePeople({}, people => answerOneAppeal(people, "浏览器测试：三个月没有发工资")));
await test("the same appeal without JavaScript", () =>
    threePeople({ javaScriptEnabled: false }, people => answerOneAppeal(people, "浏览器测试：没有发工资")));

await test("a village worker uploads a file with three mistakes, corrects it, sees the difference and saves", () =>
    inWindow({}, page => uploadAndCorrect(page, "北滘上传测试")));

await test("language and theme keep the page", () => inWindow({}, async page => {
    await signIn(page, "leader");
    await page.goto(`/spots?at=${town}&line=1&show=late`);
    const address = page.url(), root = page.locator("html");
    for (const [selector, attribute, now] of [["[href^='/lang/']", "lang", "en"],
        ["[href^='/theme/']", "data-bs-theme", "dark"], ["[href^='/lang/']", "lang", "zh-CN"],
        ["[href^='/theme/']", "data-bs-theme", "light"]]) {
        await follow(page, selector);
        assert.equal(page.url(), address);
        assert.equal(await root.getAttribute(attribute), now);
    }
}));

// Presses Tab until the focus is on what is wanted.
async function tabTo(page, isThere) {
    for (let i = 0; i < TABS_MAX; i++) {
        await page.keyboard.press("Tab");
        if (await page.evaluate(isThere))
            return;
    }
    assert.fail("Tab does not lead there");
}
const enter = page => Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);

await test("the keyboard is enough to sign in and to find a town by its initials", () => inWindow({}, async page => {
    await page.goto("/sign-in");
    await tabTo(page, () => document.activeElement.name === "login");
    await page.keyboard.type("leader");
    await page.keyboard.press("Tab");
    await page.keyboard.type(password);
    await enter(page);
    await page.waitForURL("/");
    await page.keyboard.press("/");
    await page.keyboard.type("bjz");
    await enter(page);
    await tabTo(page, () => document.activeElement.matches("main a") &&
        document.activeElement.textContent.includes("北滘镇"));
    await enter(page);
    assert.equal(new URL(page.url()).pathname, `/divisions/${town}`);
    assert.equal(await page.locator("h1").innerText(), "北滘镇");
}));

await test("a form finds its division by name", () => inWindow({}, async page => {
    await signIn(page, "beijiao-union");
    await page.goto("/units/new");
    const field = page.getByRole("combobox", { name: "所在地" });
    await field.fill("碧江");
    await page.getByRole("listbox").getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assert.match(await page.locator("[name=division]").inputValue(), new RegExp(`^${town}\\d{3}$`));
    await page.fill("[name=name]", "北滘镇浏览器测试登记有限公司");
    await page.fill("[name=uscc_missing]", "新成立");
    await page.fill("[name=employees]", "12");
    await follow(page, "main form [type=submit]");
    assert.match(new URL(page.url()).pathname, /^\/units\/\d+\/\d+$/);
}));

await test("what was typed and not saved is taken up again", () =>
    inWindow({}, page => takeUpDraft(page, "北滘镇草稿测试一厂")));
await test("what was typed last before leaving is kept too, and thrown away", () =>
    inWindow({}, page => leaveAndThrowAway(page, "北滘镇草稿测试二厂")));
await test("a double click makes one record", () => inWindow({}, page => clickTwice(page, "北滘镇双击测试厂")));

await test("what has to be corrected is listed and leads to its field", () => inWindow({}, async page => {
    await signIn(page, "beijiao-union");
    await page.goto("/units/new");
    await follow(page, "main form [type=submit]");
    assert.equal(await page.locator(".problems:focus").count(), 1);
    await page.locator(".problems a").first().click();
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-invalid")), "true");
}));

await test("the matrix prints on one page, A4 landscape, without what surrounds it", () => inWindow({}, async page => {
    await signIn(page, "leader");
    await page.goto(`/network?at=${district}`);
    const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString("latin1");
    const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf).map(Number);
    assert.equal(pdf.match(/\/Type \/Page\b(?!s)/g).length, 1);
    assert.deepEqual([Math.round(width), Math.round(height)], [842, 595]);
    await page.emulateMedia({ media: "print" });
    for (const around of [".top", ".side", ".acts"])
        assert.equal(await page.locator(around).isVisible(), false, around);
}));

/* --- what holds on every page ----------------------------------------------------------------------------------- */

async function axeFinds(page) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
    return violations.map(one => `${one.id}: ${one.nodes.map(node => node.target).slice(0, 3).join("; ")}`);
}

// Asked for from elsewhere, or complained about in the console; the status of the page itself is no complaint.
function watch(page) {
    const heard = [];
    page.on("request", request => {
        if (!request.url().startsWith(world.base) && !request.url().startsWith("data:"))
            heard.push("asks for " + request.url());
    });
    page.on("pageerror", error => heard.push("error " + error.message));
    page.on("console", message => {
        if (message.type() === "error" && message.location().url !== page.url())
            heard.push("console: " + message.text());
    });
    return heard;
}

for (const lang of ["zh", "en"])
    for (const theme of ["light", "dark"])
        for (const [name, size] of Object.entries(windows))
            await test(`axe finds nothing: ${lang}, ${theme}, ${name}`, async () => {
                const bad = [];
                await tour(browser, world.base, { lang, theme, size }, found, async (page, entry) => {
                    bad.push(...(await axeFinds(page)).map(one => `${entry.name} ${one}`));
                });
                assert.equal(bad.join("\n"), "");
            });

await test("nothing is asked of another host, the console stays silent", async () => {
    const bad = [], ears = new Map();
    await tour(browser, world.base, {}, found, (page, entry) => {
        if (ears.has(page))
            bad.push(...ears.get(page).splice(0).map(one => `${entry.name} ${one}`));
        else
            ears.set(page, watch(page));
    });
    assert.equal(bad.join("\n"), "");
});

await test("no page is wider than a phone", async () => {
    const bad = [];
    for (const lang of ["zh", "en"])
        await tour(browser, world.base, { lang, size: windows.phone }, found, async (page, entry) => {
            const width = await page.evaluate(() => document.documentElement.scrollWidth);
            if (width > windows.phone.width)
                bad.push(`${entry.name} ${lang}: ${width}`);
        });
    assert.equal(bad.join("\n"), "");
});

await test(`no page weighs more than ${PAGE_BYTES_MAX / 1024} KB`, async () => {
    const bad = [];
    for (const entry of pages(found).filter(one => !one.act)) {
        const page = await pageAs(browser, world.base, entry.as);
        const network = await page.context().newCDPSession(page);
        let bytes = 0;
        await network.send("Network.enable");
        network.on("Network.loadingFinished", event => { bytes += event.encodedDataLength; });
        await page.goto(entry.path, { waitUntil: "networkidle" });
        await page.context().close();
        if (bytes > PAGE_BYTES_MAX)
            bad.push(`${entry.name}: ${Math.round(bytes / 1024)} KB`);
    }
    assert.equal(bad.join("\n"), "");
});

await browser.close();
await test("the server ends without an error", async () => assert.equal(await world.stop(), 0));
console.log(`1..${count}`);
process.exit(failed > 0 ? 1 : 0);
