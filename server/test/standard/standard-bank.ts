// The bank of fixtures/tenants/standard.yaml as a running server, whose time stands still until a test moves it, and callers of its
// clients that have a secret.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type TenantConfigInput, tenantConfigSchema } from '../../src/contract/index.ts';
import { createManualClock, type ManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, type Changes } from '../agent.ts';
import type { Answer } from '../http-call.ts';

export const ADA = 'bank|ada';
export const GRACE = 'bank|grace';
export const BANK_API = 'https://api.bank.example/';

const FILE = new URL('../../../fixtures/tenants/standard.yaml', import.meta.url);

function standardBank(): TenantConfigInput {
  const config: TenantConfigInput = parse(readFileSync(FILE, 'utf8'));
  tenantConfigSchema.parse(config);
  return config;
}

export class StandardBank implements AsyncDisposable {
  readonly clock: ManualClock;
  readonly assent: RunningAssent;

  private constructor(assent: RunningAssent, clock: ManualClock) {
    this.assent = assent;
    this.clock = clock;
  }

  static async start(change: (config: TenantConfigInput) => TenantConfigInput = (config) => config) {
    const clock = createManualClock(Date.now());
    return new StandardBank(await startAssent({ config: change(standardBank()), tls: false, clock }), clock);
  }

  get issuer(): string {
    return this.assent.issuer;
  }

  agent(id = 'assistant'): Agent {
    return new Agent(this.assent, { client_id: id, client_secret: `${id}-secret-not-real` });
  }

  /** A request that succeeds unless a change prevents it. */
  ask(changes: Changes = {}, client = 'assistant'): Promise<Answer> {
    return this.agent(client).post('/bc-authorize', {
      scope: 'openid',
      login_hint: ADA,
      binding_message: 'W4-SCT1',
      ...changes,
    });
  }

  /** The auth_req_id of a request that must succeed. */
  async askFor(changes: Changes = {}, client = 'assistant'): Promise<string> {
    const answer = await this.ask(changes, client);
    if (answer.status !== 200) throw new Error(`refused: ${answer.status} ${answer.text}`);
    return answer.json().auth_req_id;
  }

  /** The tokens of a request that somebody approves. */
  async tokensOf(changes: Changes = {}, client = 'assistant'): Promise<Record<string, string>> {
    const authReqId = await this.askFor(changes, client);
    await this.assent.control.approve(authReqId);
    const answer = await this.agent(client).poll(authReqId);
    if (answer.status !== 200) throw new Error(`no tokens: ${answer.status} ${answer.text}`);
    return answer.json();
  }

  /** What people are waiting to answer. */
  async pendingCount(): Promise<number> {
    return (await this.assent.control.requests()).filter(({ state }) => state === 'pending').length;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.assent.close();
  }
}
