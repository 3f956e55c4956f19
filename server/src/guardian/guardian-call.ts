// One call of a Guardian app, read: what a route is given.
import type { z } from 'zod';
import type { Exchange } from '../contract/index.ts';
import type { EnrolledDevice, Tenant } from '../tenant/index.ts';
import { GuardianError } from './guardian-error.ts';
import type { Readings } from './readings.ts';
import type { Transaction, Transactions } from './transactions.ts';

export interface GuardianCallParts {
  tenant: Tenant;
  transactions: Transactions;
  readings: Readings;
  parameters: Readonly<Record<string, string>>;
  header(name: string): string;
  body: unknown;
  vapidPublicKey: string;
  /** Of this very call, as its caller wrote it, without query. */
  url: string;
  /** This call with what it is answered, for the trace. */
  describe(answer: { status: number; body?: object }): Exchange;
}

/** An answer with a status of its own. */
export class GuardianReply {
  readonly status: number;
  readonly body: object;

  constructor(status: number, body: object) {
    this.status = status;
    this.body = body;
  }
}

export class GuardianCall {
  readonly #parts: GuardianCallParts;

  constructor(parts: GuardianCallParts) {
    this.#parts = parts;
  }

  get tenant(): Tenant {
    return this.#parts.tenant;
  }

  get transactions(): Transactions {
    return this.#parts.transactions;
  }

  get readings(): Readings {
    return this.#parts.readings;
  }

  describe(answer: { status: number; body?: object }): Exchange {
    return this.#parts.describe(answer);
  }

  get url(): string {
    return this.#parts.url;
  }

  get vapidPublicKey(): string {
    return this.#parts.vapidPublicKey;
  }

  get authorization(): string {
    return this.header('Authorization');
  }

  header(name: string): string {
    return this.#parts.header(name);
  }

  parameter(name: string): string {
    return this.#parts.parameters[name] ?? '';
  }

  /** Whom a push went to, as long as it is enrolled and its person is there. */
  async deviceOf(transaction: Transaction | undefined): Promise<EnrolledDevice | undefined> {
    const device = transaction && (await this.tenant.devices.get(transaction.deviceId));
    return device && this.tenant.directory.user(device.userId) ? device : undefined;
  }

  /** Of a collection beside this one: `…/api/device-accounts`, however the caller spelt what stands before. */
  urlOf(collection: string): string {
    return this.url.slice(0, this.url.indexOf(`/${collection}`) + collection.length + 1);
  }

  /** @throws GuardianError 401 where another scheme, or none, was used */
  bearer(scheme = 'Bearer'): string {
    const [received = '', token = '', ...rest] = this.authorization.split(' ');
    if (received.toLowerCase() === scheme.toLowerCase() && token !== '' && rest.length === 0) return token;
    throw new GuardianError(
      401,
      'invalid_bearer_format',
      `Expected the header Authorization: ${scheme} <token>.`,
    );
  }

  /** @throws GuardianError 400 */
  body<T extends z.ZodType>(schema: T): z.output<T> {
    const result = schema.safeParse(this.#parts.body);
    if (result.success) return result.data;
    const findings = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new GuardianError(400, 'invalid_body', `The body is not as expected: ${findings.join('; ')}.`);
  }
}
