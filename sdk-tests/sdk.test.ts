// Every SDK plays every scenario. Three servers run: one with an interval that keeps the SDKs' loops short, one with Auth0's,
// and one with quick answers.
import { type RunningAssent, startAssent } from 'assent';
import { QUICK_ANSWERS } from 'assent/contract';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type BankApi, startBankApi } from './bank-api.ts';
import { drivers } from './drivers/index.ts';
import { managementDrivers } from './management-clients.ts';
import { ADMINISTRATOR, EMPTY_TENANT, setUpLab } from './management-setup.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { readSupportFile, SupportMatrix, writeSupportFile } from './support-matrix.ts';
import { createTenantConfig, peopleOf } from './tenant.ts';

const PACES = {
  fast: { interval: 0.2 },
  auth0: { interval: 5 },
  quick: QUICK_ANSWERS,
  ahead: { interval: 0.2 },
} satisfies Record<Scenario['pace'], Parameters<typeof createTenantConfig>[0]>;

const cases = drivers.flatMap((driver) => scenarios.map((scenario) => ({ driver, scenario })));

function requireVariable(assent: RunningAssent, name: string): string {
  const value = assent.env[name];
  if (value === undefined) throw new TypeError(`the server names no ${name} for agents`);
  return value;
}

describe('SDKs', () => {
  const matrix = new SupportMatrix(drivers, scenarios, managementDrivers);
  const servers = new Map<Scenario['pace'], { assent: RunningAssent; bank: BankApi }>();

  beforeAll(async () => {
    for (const pace of ['fast', 'auth0', 'quick', 'ahead'] as const) {
      const config = createTenantConfig(PACES[pace], cases.length);
      const assent = await startAssent({ config, dataFolder: inject('dataFolder') });
      if (pace === 'ahead') await assent.control.clock.advance(3 * 86_400_000);
      servers.set(pace, { assent, bank: await startBankApi(assent.issuer, assent.ca ?? '') });
    }
  });

  afterAll(async () => {
    for (const { assent, bank } of servers.values()) {
      await bank[Symbol.asyncDispose]();
      await assent.close();
    }
    if (!matrix.isComplete) return;
    // In CI the file must be as committed; elsewhere it is brought up to date.
    if (process.env['CI'] === undefined) writeSupportFile(matrix.toMarkdown());
    else
      expect(readSupportFile(), 'stale: run the SDK tests and commit SUPPORT.md').toBe(matrix.toMarkdown());
  });

  for (const driver of managementDrivers) {
    test.concurrent(`${driver.name} sets up a tenant in which a transfer is approved`, () =>
      matrix.recordSetUp(driver, async () => {
        await using assent = await startAssent({ config: EMPTY_TENANT, dataFolder: inject('dataFolder') });
        const administration = driver.connect({
          domain: new URL(assent.issuer).host,
          clientId: ADMINISTRATOR.client_id,
          clientSecret: ADMINISTRATOR.client_secret,
        });
        await setUpLab(administration, assent);
      }));
  }

  for (const [index, { driver, scenario }] of cases.entries()) {
    test.concurrent(`${driver.name}, ${scenario.name}: ${scenario.claim}`, () =>
      matrix.record(driver, scenario, async () => {
        const server = servers.get(scenario.pace);
        if (!server) throw new Error('the server did not start');
        const { assent, bank } = server;
        const agent = await driver.connect({
          domain: requireVariable(assent, 'AUTH0_DOMAIN'),
          issuer: assent.issuer,
          clientId: requireVariable(assent, 'AUTH0_CLIENT_ID'),
          clientSecret: requireVariable(assent, 'AUTH0_CLIENT_SECRET'),
          ca: assent.ca ?? '',
        });
        await scenario.play({ driver, agent, assent, bank, people: peopleOf(index) });
      }));
  }
});
