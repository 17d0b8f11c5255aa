// The work the program is for: a town officer takes a blank spot from found to covered; an appeal is taken in, passed on, answered,
// and its person called back.
import { strict as assert } from "node:assert";
import { follow, signIn } from "./lib.mjs";

// 北滘镇 x 工会 as the matrix says it: "973/1,044" and "空白 71".
async function cell(page) {
    await page.goto("/network");
    const of = async selector => (await page.locator(`tfoot td ${selector}`).innerText()).replaceAll(",", "");
    const [covered, toCover] = (await of(".n")).split("/").map(Number);
    return { covered, toCover, blank: Number(/\d+/.exec(await of(".pill"))[0]) };
}

async function step(page, label, fill) {
    const details = page.locator(".next details", { has: page.locator("summary", { hasText: new RegExp(`^\\s*${label}\\s*$`) }) });
    await details.locator("summary").click();
    if (fill)
        await fill(details);
    else if (await details.locator("[name=note]").count() > 0)
        await details.locator("[name=note]").fill("浏览器测试：" + label);
    await follow(page, details.locator("[type=submit]"));
}

const found = union => async details => {
    await details.locator("[name=form]").selectOption("1");
    await details.locator("[name=organisation_name]").fill(union);
    await details.locator("[name=founded_on]").fill("2026-01-05");
    await details.locator("[name=approval_doc]").fill("北工〔2026〕5号");
};

export async function coverOneSpot(page, union) {
    await signIn(page, "beijiao-union");
    await follow(page, page.locator(".side a", { hasText: "组织网络" }).or(page.locator(".side a", { hasText: "网络" })));
    assert.match(await page.locator("h1").innerText(), /组织网络/);
    const before = await cell(page);
    await follow(page, "tfoot .pill");
    assert.match(page.url(), /\/spots\?/);
    const row = page.locator("tbody tr", { has: page.locator(".state", { hasText: "待联系" }) }).first();
    await follow(page, row.locator("th a"));
    const spot = page.url();
    for (const label of ["记录联系", "开始筹备", "提交申请", "批复同意", "完成选举"])
        await step(page, label);
    await step(page, "写明覆盖组织并销号", found(union));
    assert.equal(new URL(page.url()).pathname, new URL(spot).pathname);
    assert.equal(await page.locator(".head .state").innerText(), "已建立");
    assert.equal(await page.locator(".facts a", { hasText: union }).count(), 1);
    const after = await cell(page);
    assert.deepEqual(after, { covered: before.covered + 1, toCover: before.toCover, blank: before.blank - 1 });
}

const register = story => async page => {
    await page.locator("[name=story]").fill(story);
    await page.locator("[name=topic]").selectOption({ label: "工会 · 工资拖欠" });
    await page.locator("[name=type]").selectOption({ label: "投诉" });
    await page.locator("[name=name]").fill("浏览器测试人");
    await page.locator("[name=phone]").fill("13800000000");
    await follow(page, "main form[method=post] [type=submit]:visible");
};

const toTown = async details => {
    await details.locator("[name=desk]").selectOption({ label: "北滘镇" });
    await details.locator("[name=note]").fill("金额较大，转镇总工会");
};

const solved = async details => {
    await details.locator("[name=answer]").selectOption({ label: "已解决" });
    await details.locator("[name=mood]").selectOption({ label: "满意" });
    await details.locator("[name=note]").fill("本人说已收到");
};

const stateOf = page => page.locator(".head .state").innerText();

export async function answerOneAppeal(pages, story) {
    const [village, town, district] = pages;
    await signIn(village, "beijiao-1");
    await village.goto("/appeals");
    await follow(village, village.locator(".acts a", { hasText: "登记诉求" }));
    await register(story)(village);
    assert.equal(await stateOf(village), "待受理");
    await step(village, "转办", toTown);
    assert.equal(await village.locator(".next").count(), 0); /* it is the town's now */
    const { pathname } = new URL(village.url());
    await signIn(town, "beijiao-union");
    await town.goto(pathname);
    await step(town, "受理", async () => {});
    for (const label of ["记录已书面告知", "记录联系", "答复"])
        await step(town, label);
    assert.equal(await stateOf(town), "待回访");
    assert.match(await town.locator(".next").innerText(), /由经办人和答复人以外的人操作/);
    await signIn(district, "shunde-union");
    await district.goto(pathname);
    await step(district, "记录回访结果", solved);
    assert.equal(await stateOf(district), "已办结");
    assert.match(await district.locator(".facts").innerText(), /已解决 · 满意/);
}
