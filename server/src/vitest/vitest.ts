// Published as `assent/vitest`: a server for each test, the person's side of it, and the story when a test fails.
import { test as base, expect, type TestAPI } from 'vitest';
import type { RunningAssent } from '../index.ts';
import {
  type ApprovalMatchers,
  approvalMatchers,
  formatStory,
  type Lease,
  measureRemainingMs,
  ReceivedApproval,
  ReceivedApprovals,
  type ServerOptions,
  Servers,
  writeStory,
} from '../test-kit/index.ts';

export type {
  ExpectedDetail,
  ExpectedDetails,
  ExpectedRequest,
  NextApprovalOptions,
} from '../test-kit/index.ts';
export { expect, ReceivedApproval, ReceivedApprovals };

export interface TestOptions extends ServerOptions {
  /**
   * Who has a server: each `test` (the default, which takes some milliseconds each), each `file` or each `worker`. A server of
   * several tests goes back to its start after each; tests that run concurrently see each other's requests there.
   */
  scope?: 'test' | 'file' | 'worker';
  /** Where the stories of failed tests are written. Default `test-results/assent`. */
  storyFolder?: string;
}

export interface AssentFixtures {
  /** A server on a port of its own, as it was at its start. */
  assent: RunningAssent;
  /** The requests that reach the people of this server. */
  approvals: ReceivedApprovals;
}

interface OwnFixtures {
  $file: { assentServersOfFile: Servers };
  $worker: { assentServersOfWorker: Servers };
  $test: AssentFixtures & { assentLease: Lease };
}

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown>
    extends ApprovalMatchers<R> {}
}

expect.extend(approvalMatchers);

/** As `test`, with servers of your own making. Called at the top of a file, not within `describe`. */
export function createTest(options: TestOptions = {}): TestAPI<AssentFixtures> {
  const { storyFolder = 'test-results/assent', scope = 'test', ...serverOptions } = options;
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from it that nothing is needed
  const useServers = async ({}, use: (servers: Servers) => Promise<void>): Promise<void> => {
    await using servers = new Servers({ ...serverOptions, isShared: scope !== 'test' });
    await use(servers);
  };
  return base.extend<OwnFixtures>({
    assentServersOfFile: [useServers, { scope: 'file' }],
    assentServersOfWorker: [useServers, { scope: 'worker' }],
    assentLease: async ({ assentServersOfFile, assentServersOfWorker, task }, use) => {
      const servers = scope === 'file' ? assentServersOfFile : assentServersOfWorker;
      const lease = await servers.lease({ remainingMs: measureRemainingMs(task.timeout) });
      try {
        await use(lease);
        // A test that is meant to fail has nothing to explain.
        if (task.result?.state === 'fail' && !task.fails) await tellStory(lease, task.fullName, storyFolder);
      } finally {
        await lease.end();
      }
    },
    assent: ({ assentLease }, use) => use(assentLease.assent),
    approvals: ({ assentLease }, use) => use(assentLease.approvals),
  });
}

/**
 * Vitest's `test` with a server for each test that names one of the fixtures.
 *
 * @example
 * ```ts
 * test('Grace gets her rent', async ({ assent, approvals }) => {
 *   const paying = createAgent(assent.env).pay({ to: 'Grace', amount: '250.00' });
 *   const approval = await approvals.nextApproval({ user: 'auth0|ada' });
 *   expect(approval).toAskFor({ type: 'transfer_funds', amount: '250.00', to: 'Grace' });
 *   await approval.approve();
 *   expect(await paying).toBe('done');
 * });
 * ```
 */
export const test: TestAPI<AssentFixtures> = createTest();

/** In the log, a few lines; in a file, everything. */
async function tellStory(lease: Lease, title: string, folder: string): Promise<void> {
  const story = await lease.readStory(title);
  const file = await writeStory(folder, story);
  // biome-ignore lint/suspicious/noConsole: Vitest shows it under the name of the test
  console.error(formatStory(story.events, file));
}
