// The process with the browser and the agents: thirty pages, each with its own approver, and the thirty agents that ask them.
// Sends the times of each round; ends with a mistake if any page shows what belongs to another place.
import { chromium } from '@playwright/test';
import { findBrowser } from '../scripts/find-browser.mjs';
import { ApproverPage } from './approver-page.ts';
import { type ClassPlan, type ClassRound, classPlanSchema, type Place, READY } from './class-messages.ts';

const SCOPE = 'openid create:transfer';
const DETAIL = { type: 'transfer_funds', to: 'Grace', amount: '25.00', currency: 'EUR' };
/** Between two places that ask one by one, on average. */
const PAUSE_MS = 300;
const OPENED_AT_A_TIME = 3;

interface Desk {
  place: Place;
  page: ApproverPage;
  codes: string[];
}

process.once('message', (message) => {
  measure(classPlanSchema.parse(message)).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
    process.disconnect?.();
  });
});

async function measure({ places, rounds }: ClassPlan): Promise<void> {
  const executablePath = findBrowser();
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      '--ignore-certificate-errors',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-sync',
    ],
  });
  try {
    const desks: Desk[] = [];
    for (let from = 0; from < places.length; from += OPENED_AT_A_TIME) {
      const some = places.slice(from, from + OPENED_AT_A_TIME);
      desks.push(
        ...(await Promise.all(
          some.map(async (place) => ({ place, page: await ApproverPage.open(browser, place), codes: [] })),
        )),
      );
    }
    // The first request of each page runs code for the first time.
    await askTogether(desks);
    process.send?.(READY);
    for (let number = 0; number < rounds; number += 1) {
      const round: ClassRound = { apart: await askApart(desks), together: await askTogether(desks) };
      process.send?.(round);
    }
    for (const desk of desks) await refuseForeign(desk);
  } finally {
    await browser.close();
  }
  process.disconnect?.();
}

/** Each place once, in an order and at distances by chance. */
async function askApart(desks: readonly Desk[]): Promise<number[]> {
  return measureEach(desks, async (desk, code) => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * PAUSE_MS * desks.length));
    return ask(desk, code);
  });
}

/** Every place at the same instant. */
function askTogether(desks: readonly Desk[]): Promise<number[]> {
  return measureEach(desks, ask);
}

/**
 * Milliseconds from the call of each agent until its request was on the screen of its approver. The pages look out before anybody
 * asks and are questioned once everybody has: what it costs to measure falls on neither side.
 */
async function measureEach(
  desks: readonly Desk[],
  askOne: (desk: Desk, code: string) => Promise<number>,
): Promise<number[]> {
  const asked = await Promise.all(
    desks.map(async (desk) => {
      const code = `PLACE-${desk.place.number}-${desk.codes.length + 1}`;
      desk.codes.push(code);
      await desk.page.lookOut(code);
      return { desk, code };
    }),
  );
  const beganAtMs = await Promise.all(asked.map(({ desk, code }) => askOne(desk, code)));
  const times: number[] = [];
  for (const [index, { desk, code }] of asked.entries())
    times.push((await desk.page.whenPainted(code)) - (beganAtMs[index] ?? 0));
  return times;
}

/** POST /bc-authorize, CIBA Core §7.1. Answers when it was called: milliseconds since the epoch. */
async function ask({ place }: Desk, code: string): Promise<number> {
  const { url, issuer, env, number } = place;
  const body = new URLSearchParams({
    client_id: env['AUTH0_CLIENT_ID'] ?? '',
    client_secret: env['AUTH0_CLIENT_SECRET'] ?? '',
    scope: SCOPE,
    audience: env['AUTH0_AUDIENCE'] ?? '',
    binding_message: code,
    login_hint: JSON.stringify({ format: 'iss_sub', iss: issuer, sub: 'auth0|ada' }),
    authorization_details: JSON.stringify([DETAIL]),
  });
  const beganAtMs = Date.now();
  const response = await fetch(`${url}/bc-authorize`, { method: 'POST', body });
  if (!response.ok) throw new Error(`Place ${number} refused the question: ${await response.text()}`);
  await response.arrayBuffer();
  return beganAtMs;
}

async function refuseForeign({ place: { number }, page, codes }: Desk): Promise<void> {
  const shown = (await page.codes()).toSorted();
  const own = codes.toSorted();
  if (JSON.stringify(shown) !== JSON.stringify(own))
    throw new Error(`The page of place ${number} shows ${shown.join(', ')}, expected ${own.join(', ')}.`);
}
