// Published as `assent/playwright`: a server for each test, the person's side of it by call or by the approver app, and the
// story when a test fails.
import {
  test as base,
  expect as baseExpect,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type TestInfo,
  type TestType,
} from '@playwright/test';
import type { RunningAssent } from '../index.ts';
import {
  approvalMatchers,
  formatStory,
  type Lease,
  measureRemainingMs,
  ReceivedApproval,
  ReceivedApprovals,
  type ServerOptions,
  Servers,
  STORY_EXTENSION,
  writeStory,
} from '../test-kit/index.ts';
import { ApproverApp, type ShownField, type ShownRequest } from './approver-app.ts';

export type {
  ExpectedDetail,
  ExpectedDetails,
  ExpectedRequest,
  NextApprovalOptions,
} from '../test-kit/index.ts';
export { ApproverApp, ReceivedApproval, ReceivedApprovals, type ShownField, type ShownRequest };

export interface TestOptions extends ServerOptions {
  /**
   * Who has a server: each `test` (the default, which takes some milliseconds each) or each `worker`, where it goes back to its
   * start after each test.
   */
  scope?: 'test' | 'worker';
}

export interface AssentFixtures {
  /** A server on a port of its own, as it was at its start. */
  assent: RunningAssent;
  /** The requests that reach the people of this server. */
  approvals: ReceivedApprovals;
  /** The approver app in `page`. Pair it first. */
  approverApp: ApproverApp;
}

interface OwnFixtures extends AssentFixtures {
  assentLease: Lease;
}

type AssentTest = TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & AssentFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions
>;

/** As `test`, with servers of your own making. */
export function createTest(options: TestOptions = {}): AssentTest {
  const { scope = 'test', ...serverOptions } = options;
  return base.extend<OwnFixtures, { assentServers: Servers }>({
    // The authority of the servers is known to this process and not to the browser.
    ignoreHTTPSErrors: true,
    assentServers: [
      // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it that nothing is needed
      async ({}, use) => {
        await using servers = new Servers({ ...serverOptions, isShared: scope === 'worker' });
        await use(servers);
      },
      { scope: 'worker' },
    ],
    assentLease: async ({ assentServers }, use, testInfo) => {
      const lease = await assentServers.lease({ remainingMs: measureRemainingMs(testInfo.timeout) });
      try {
        await use(lease);
        if (testInfo.status !== testInfo.expectedStatus) await tellStory(lease, testInfo);
      } finally {
        await lease.end();
      }
    },
    assent: ({ assentLease }, use) => use(assentLease.assent),
    approvals: ({ assentLease }, use) => use(assentLease.approvals),
    approverApp: ({ page, assent }, use) => use(new ApproverApp(page, assent)),
  });
}

/**
 * Playwright's `test` with a server for each test that names one of the fixtures.
 *
 * @example
 * ```ts
 * test('Ada reads what she approves', async ({ approverApp, assent }) => {
 *   await approverApp.pairAs('auth0|ada');
 *   const paying = createAgent(assent.env).pay({ to: 'Grace', amount: '250.00' });
 *   await approverApp.openRequest();
 *   await approverApp.approve();
 *   expect(await paying).toBe('done');
 * });
 * ```
 */
export const test: AssentTest = createTest();

/** Playwright's `expect` with the matchers for requests. */
export const expect = baseExpect.extend(approvalMatchers);

/** In the log, a few lines; as an attachment, everything. */
async function tellStory(lease: Lease, testInfo: TestInfo): Promise<void> {
  const story = await lease.readStory(testInfo.titlePath.join(' › '));
  const path = await writeStory(testInfo.outputPath('assent'), story);
  // biome-ignore lint/suspicious/noConsole: Playwright shows it with the test; of an attachment it shows the beginning
  console.error(formatStory(story.events, path));
  await testInfo.attach(`story${STORY_EXTENSION}`, { path, contentType: 'application/json' });
}
