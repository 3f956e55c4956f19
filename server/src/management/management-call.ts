// One call of the Management API, read and checked: what a route is given, and how routes are written down.
import type { z } from 'zod';
import type { ConfigurationDraft, Tenant } from '../tenant/index.ts';
import type { Caller } from './access.ts';
import { checkBody, checkQuery } from './payload.ts';

/** What the Management API does beside changing the tenant. */
export interface ManagementPorts {
  /** Sends the link of an enrolment by e-mail. Says why that failed, where it did. */
  invite(invitation: {
    userName: string;
    address: string;
    link: string;
    expiresAtMs: number;
  }): Promise<string | undefined>;
}

export interface ManagementRoute {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /api/v2. Segments that begin with a colon stand for any text. */
  path: string;
  /** A token needs one of these; none: any token does. */
  scopes: readonly string[];
  /** In a few words: "list clients". */
  purpose: string;
  /** Members of the body that are kept and given back, though nothing acts on them. */
  kept?: readonly string[] | 'everything';
  /** Of a success. Left out: 201 for POST, 204 for DELETE and for an answer without a body, otherwise 200. */
  status?: number;
  /** Returns the body. */
  answer(call: ManagementCall): unknown;
}

export class ManagementCall {
  readonly tenant: Tenant;
  /** When this server began: the age of whatever does not know its own. */
  readonly startedAt: string;
  readonly ports: ManagementPorts;
  readonly #scopes: ReadonlySet<string>;
  readonly #parameters: Readonly<Record<string, string>>;
  readonly #query: Readonly<Record<string, string | string[] | undefined>>;
  readonly #body: unknown;

  constructor(parts: {
    tenant: Tenant;
    startedAt: string;
    ports: ManagementPorts;
    caller: Caller;
    parameters: Readonly<Record<string, string>>;
    query: Readonly<Record<string, string | string[] | undefined>>;
    body: unknown;
  }) {
    this.tenant = parts.tenant;
    this.startedAt = parts.startedAt;
    this.ports = parts.ports;
    this.#scopes = parts.caller.scopes;
    this.#parameters = parts.parameters;
    this.#query = parts.query;
    this.#body = parts.body;
  }

  /** Whether the token has one of these, where a route shows or takes more with some scopes than with others. */
  isAllowed(scopes: readonly string[]): boolean {
    return scopes.some((scope) => this.#scopes.has(scope));
  }

  /** The segment that the route calls `:name`, decoded. */
  parameter(name: string): string {
    return this.#parameters[name] ?? '';
  }

  /** @throws ManagementError 400 `invalid_query_string` */
  query<T extends z.ZodType>(schema: T): z.output<T> {
    return checkQuery(this.#query, schema);
  }

  /** @throws ManagementError 400 `invalid_body` */
  body<T extends z.ZodType>(schema: T): z.output<T> {
    return checkBody(this.#body, schema);
  }

  /** Changes the tenant, all or nothing. What `edit` throws leaves it as it was. */
  change<T>(edit: (draft: ConfigurationDraft) => T): Promise<T> {
    return this.tenant.configuration.change(edit);
  }
}
