// Takes the pictures of the README, in light and dark: a real browser with the request that `assent ask` made, once beside
// the server's terminal and once beside the sequence view of the same moment. Run it after `pnpm run build`: node scripts/take-picture.mjs
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const { chromium } = createRequire(join(ROOT, 'approver-app/package.json'))('@playwright/test');
const PHONE = { width: 390, height: 700 };
const DESK = { width: 1320, height: 800 };

/** Starts `assent`; its output is kept, and `says` waits for a part of it. */
function assent(folder, ...words) {
  const child = spawn(process.execPath, [join(ROOT, 'server/bin/assent.js'), ...words], {
    cwd: folder,
    // As in a clone, where the command is typed with npx.
    env: { ...process.env, npm_config_user_agent: 'npm' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  return {
    ended,
    text: () => text,
    async says(part) {
      while (!text.includes(part)) await once(child.stderr, 'data');
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

const folder = await mkdtemp(join(tmpdir(), 'assent-picture-'));
const server = assent(folder);
await server.says('Ready.');
const browser = await chromium.launch({
  executablePath: process.env['ASSENT_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--disable-gpu'],
});
const context = await browser.newContext({
  ignoreHTTPSErrors: true,
  viewport: PHONE,
  deviceScaleFactor: 2,
  locale: 'en-GB',
});
const phone = await context.newPage();
await phone.goto('https://localhost:4443/approve/');
await phone.getByRole('button', { name: 'Ada Lovelace' }).click();
await phone.getByRole('button', { name: 'Pair this browser' }).click();
const question = assent(folder, 'ask', 'Pay 42 EUR to Grace');
await phone.getByRole('link', { name: /42\.00/ }).click();
await phone.getByRole('timer').waitFor();
await server.says('poll');
const desk = await context.newPage();
await desk.setViewportSize(DESK);
await desk.goto('https://localhost:4443/sequence');
await desk.getByText('400 pending').first().waitFor();

await mkdir(join(ROOT, 'docs/pictures'), { recursive: true });
const sheet = await context.newPage();
await sheet.setViewportSize({ width: DESK.width + PHONE.width + 120, height: 860 });
for (const colorScheme of ['light', 'dark']) {
  for (const page of [phone, desk, sheet]) await page.emulateMedia({ colorScheme });
  const onPhone = await pictureOf(phone, 'phone');
  await compose(`quick-start-${colorScheme}`, `<pre>${terminalText()}</pre>${onPhone}`);
  await compose(`sequence-${colorScheme}`, `${await pictureOf(desk, 'desk')}${onPhone}`);
}
await browser.close();
await assent(folder, 'deny', 'latest').ended;
await question.ended;
await server.stop();
await rm(folder, { recursive: true });

function terminalText() {
  return `$ npm start\n${server.text().replaceAll(folder, '/home/you/assent')}`.replace(
    /[&<]/g,
    (character) => (character === '&' ? '&amp;' : '&lt;'),
  );
}

async function pictureOf(page, device) {
  const shot = await page.screenshot({ animations: 'disabled' });
  return `<img alt="" class="${device}" src="data:image/png;base64,${shot.toString('base64')}">`;
}

async function compose(name, parts) {
  await sheet.setContent(`<!doctype html><meta charset="utf-8"><style>
    :root { color-scheme: light dark; --paper: light-dark(#fff, #0d1117); --ink: light-dark(#12181a, #eef1ef);
      --screen: light-dark(#fbfbf9, #12181a); --line: light-dark(#d5d9d3, #2d3538) }
    body { margin: 0; background: var(--paper) }
    main { display: flex; gap: 28px; align-items: center; padding: 16px; inline-size: fit-content }
    pre { margin: 0; padding: 20px 24px; inline-size: 820px; box-sizing: border-box; overflow: hidden; white-space: pre-wrap;
      font: 13px/1.5 ui-monospace, Menlo, Consolas, "Liberation Mono", monospace; color: var(--ink);
      background: var(--screen); border: 1px solid var(--line); border-radius: 10px }
    .phone { inline-size: ${PHONE.width}px; border: 10px solid #1f2628; border-radius: 36px }
    .desk { inline-size: ${DESK.width}px; border: 1px solid var(--line); border-radius: 10px }
  </style><main>${parts}</main>`);
  await sheet.locator('main').screenshot({ path: join(ROOT, `docs/pictures/${name}.png`), scale: 'css' });
}
