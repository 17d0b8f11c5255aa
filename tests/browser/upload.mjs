// A village worker brings an Excel file: every mistake by its cell, corrected, the difference seen, saved as one change.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { follow, signIn } from "./lib.mjs";

const VILLAGE = "440606102001"; // of beijiao-1
const HEADINGS = ["类别", "区划代码", "名称", "没有代码的原因", "职工人数", "其中女职工"];

const cellXml = (text, at) => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;
const rowXml = (cells, n) => `<row r="${n}">${cells.map((text, i) => cellXml(text, "ABCDEF"[i] + n)).join("")}</row>`;

// The smallest workbook there is, zipped by the program Debian has for it.
function workbook(file, rows) {
    const dir = mkdtempSync(path.join(os.tmpdir(), "shuniu-xlsx-"));
    const part = (name, xml) => {
        mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
        writeFileSync(path.join(dir, name), `<?xml version="1.0" encoding="UTF-8"?>${xml}`);
    };
    const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const package_ = "http://schemas.openxmlformats.org/package/2006";
    const sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    part("[Content_Types].xml", `<Types xmlns="${package_}/content-types">` +
        `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
        `<Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/>` +
        `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${type}.worksheet+xml"/></Types>`);
    part("_rels/.rels", `<Relationships xmlns="${package_}/relationships">` +
        `<Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`);
    part("xl/_rels/workbook.xml.rels", `<Relationships xmlns="${package_}/relationships">` +
        `<Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`);
    part("xl/workbook.xml", `<workbook xmlns="${sheet}" xmlns:r="${office}"><sheets>` +
        `<sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>`);
    part("xl/worksheets/sheet1.xml", `<worksheet xmlns="${sheet}"><sheetData>` +
        [HEADINGS, ...rows].map((cells, i) => rowXml(cells, i + 1)).join("") + "</sheetData></worksheet>");
    rmSync(file, { force: true });
    execFileSync("zip", ["-q", "-r", file, "[Content_Types].xml", "_rels", "xl"], { cwd: dir });
    rmSync(dir, { recursive: true });
}

// Sends the file and waits for the page that says what was found; the job's page comes and goes by itself.
async function send(page, file) {
    await page.setInputFiles("[type=file]", file);
    await follow(page, "form[enctype] [type=submit]");
    await page.locator("main .alert").waitFor();
}

export async function uploadAndCorrect(page, name) {
    const dir = mkdtempSync(path.join(os.tmpdir(), "shuniu-upload-"));
    const file = path.join(dir, "单位.xlsx");
    const firm = (n, employees, women, kind = "企业") => [kind, VILLAGE, `${name}${n}厂`, "新成立", employees, women];
    await signIn(page, "beijiao-1");
    await page.goto("/units/import");
    workbook(file, [firm("一", "30", "十"), firm("二", "12", "13"), firm("三", "8", "2", "工厂")]);
    await send(page, file);
    assert.match(await page.locator("main .alert").innerText(), /有 3 处要改/);
    assert.deepEqual((await page.locator("main tbody th").allInnerTexts()).sort(), ["A4", "F2", "F3"]);
    await follow(page, page.locator("main .acts a", { hasText: "再上传一个" }));
    workbook(file, [firm("一", "30", "10"), firm("二", "12", "3"), firm("三", "8", "2")]);
    await send(page, file);
    assert.match(await page.locator("main .alert").innerText(), /还什么都没有保存/);
    assert.equal(await page.locator("main .tile b").first().innerText(), "3");
    assert.match(await page.locator("main .box li").first().innerText(), /工会：新增空白点 2 个/);
    await follow(page, page.locator("main .acts [type=submit]", { hasText: "确认保存" }));
    await page.locator("main .alert-success").waitFor();
    assert.match(await page.locator("main .alert").innerText(), /新登记 3 个/);
    await page.goto(`/units?q=${encodeURIComponent(name)}`);
    assert.equal(await page.locator("main tbody th a").count(), 3);
    rmSync(dir, { recursive: true });
}
