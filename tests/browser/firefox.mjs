// Firefox for the tests: one JSON command a line on stdin, one JSON answer a line on stdout.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { writeFileSync } from "node:fs";

const [modules, executablePath] = process.argv.slice(2);
const puppeteer = createRequire(modules + "/")("puppeteer-core");
const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
let page = null;
let errors = [];

const commands = {
  async open({ url, width, height }) {
    if (page) await page.close();
    page = await browser.newPage();
    errors = [];
    page.on("pageerror", error => { errors.push(String(error)); });
    page.on("console", message => { if (message.type() === "error") errors.push(message.text()); });
    await page.setViewport({ width, height });
    await page.goto(url, { waitUntil: "load" });
  },
  evaluate: ({ script }) => page.evaluate(script),
  click: ({ x, y }) => page.mouse.click(x, y),
  write: ({ text }) => page.keyboard.type(text),
  press: ({ key }) => page.keyboard.press(key),
  errors: () => errors,
  async print({ path }) { writeFileSync(path, await page.pdf({ format: "A4", landscape: true, printBackground: true })); },
  async picture({ path }) { await page.screenshot({ path }); },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...values } = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await commands[command](values)) ?? null };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
await browser.close();
