// Turns a run of the tests into SUPPORT.md. No dates in it: the file changes when an SDK, a scenario or a result does.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { applications } from './applications.ts';
import type { Driver, Refusal, SdkError } from './drivers/driver.ts';
import type { ManagementDriver } from './management-clients.ts';
import { DENIED_OR_EXPIRED, NO_DEVICE, POLLED_TOO_FAST, SPENT, UNKNOWN_USER } from './refusals.ts';
import type { Scenario } from './scenarios.ts';

const FILE = new URL('SUPPORT.md', import.meta.url);

const REFUSALS: ReadonlyArray<readonly [string, Refusal]> = [
  ['denied, or expired', DENIED_OR_EXPIRED],
  ['polled too fast', POLLED_TOO_FAST],
  ['approval already redeemed', SPENT],
  ['unknown user', UNKNOWN_USER],
  ['no device', NO_DEVICE],
];

function readVersion(driver: Pick<Driver, 'packageName'>): string {
  if (driver.packageName === undefined) return '–';
  const manifest = new URL(`node_modules/${driver.packageName}/package.json`, import.meta.url);
  const { version }: { version: unknown } = JSON.parse(readFileSync(manifest, 'utf8'));
  return String(version);
}

/** Members of an error in one table cell. The description is left out: it is the same for all. */
function describeError({ class: className, code, error, status, retryAfter }: SdkError): string {
  return [
    className && `\`${className}\``,
    code && `code \`${code}\``,
    error && `error \`${error}\``,
    status && `status ${status}`,
    retryAfter && `retry after ${retryAfter} s`,
  ]
    .filter(Boolean)
    .join(', ');
}

function toTable(rows: ReadonlyArray<readonly string[]>): string {
  const [head = [], ...body] = rows;
  const lines = [head, head.map(() => '---'), ...body];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The results of one run, by driver and scenario. */
export class SupportMatrix {
  readonly #drivers: readonly Driver[];
  readonly #scenarios: readonly Scenario[];
  readonly #managementDrivers: readonly ManagementDriver[];
  readonly #results = new Map<string, boolean>();
  readonly #setUps = new Map<string, boolean>();

  constructor(
    drivers: readonly Driver[],
    scenarios: readonly Scenario[],
    managementDrivers: readonly ManagementDriver[],
  ) {
    this.#drivers = drivers;
    this.#scenarios = scenarios;
    this.#managementDrivers = managementDrivers;
  }

  /** Plays the scenario and keeps whether it passed. */
  async record(driver: Driver, scenario: Scenario, play: () => Promise<void>): Promise<void> {
    const cell = `${driver.name}: ${scenario.name}`;
    this.#results.set(cell, false);
    await play();
    this.#results.set(cell, true);
  }

  /** Sets a tenant up and keeps whether that passed. */
  async recordSetUp({ name }: ManagementDriver, play: () => Promise<void>): Promise<void> {
    this.#setUps.set(name, false);
    await play();
    this.#setUps.set(name, true);
  }

  /** False while parts of the table were filtered out of the run; nothing is to be written then. */
  get isComplete(): boolean {
    return (
      this.#results.size === this.#drivers.length * this.#scenarios.length &&
      this.#setUps.size === this.#managementDrivers.length
    );
  }

  toMarkdown(): string {
    const results = this.#drivers.map((driver) => [
      driver.name,
      readVersion(driver),
      ...this.#scenarios.map(({ name }) => (this.#results.get(`${driver.name}: ${name}`) ? '✓' : '✗ fails')),
    ]);
    const errors = this.#drivers.map((driver) => [
      driver.name,
      ...REFUSALS.map(([, refusal]) => describeError(driver.tell(refusal))),
    ]);
    const setUps = this.#managementDrivers.map((driver) => [
      driver.name,
      readVersion(driver),
      this.#setUps.get(driver.name) ? '✓' : '✗ fails',
    ]);
    const journeys = applications.map(({ name, packageName, test }) => [
      name,
      readVersion({ packageName }),
      `\`${test}\``,
    ]);
    return `<!-- Written by \`npx pnpm@10.34.9 run test:sdk\` after all its tests have run. Edits will be lost. -->

# Which SDKs work

Unmodified packages against a running server, over https with the local certificate authority in
\`NODE_EXTRA_CA_CERTS\`. Each cell is one test of \`sdk.test.ts\`; what it claims is below the table.

${toTable([['SDK', 'version', ...this.#scenarios.map(({ name }) => name)], ...results])}

${this.#scenarios.map(({ name, claim }) => `- **${name}**: ${claim}.`).join('\n')}

## What is used of each

${this.#drivers.map(({ name, uses }) => `- **${name}**: ${uses}.`).join('\n')}

## Setting a tenant up

\`ManagementClient\` against a tenant that has nothing but a client for it. It gives the agent the CIBA grant and a channel,
creates a person, an API with a permission and a client grant, turns push on, makes an enrolment ticket, and lists factors,
enrolments, authentication methods and the log; before each step the agent meets the refusal that belongs to it, after the last one
its tokens. Then the device and the person are deleted.

${toTable([['SDK', 'version', 'from nothing to an approval'], ...setUps])}

## Applications

Whole programs around an SDK. The run fails where one of their tests does.

${toTable([['SDK', 'version', 'test'], ...journeys])}

${applications.map(({ name, story }) => `- **${name}**: ${story}.`).join('\n')}

## What a program sees

The tests compare these errors whole, descriptions included.

${toTable([['SDK', ...REFUSALS.map(([name]) => name)], ...errors])}
`;
  }
}

/** What the repository holds. */
export function readSupportFile(): string {
  return existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
}

/** Writes the file, if it says something else so far. */
export function writeSupportFile(text: string): void {
  if (readSupportFile() !== text) writeFileSync(FILE, text);
}
