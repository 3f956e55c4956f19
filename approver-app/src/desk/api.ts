// Calls of a developer's page: the control API with the control token where one is wanted, the Management API with a token that the
// control API gives. Both tokens stay in this object; a page sees neither.
import { CONTROL_API, MANAGEMENT_PATH, managementTokenSchema } from 'assent/contract';
import type { z } from 'zod';
import { deskTexts } from '../texts/desk.ts';
import { ApiFailure, readFailure } from './api-failure.ts';
import { forgetControlToken, keepControlToken, readControlToken } from './control-token.ts';

export interface ApiCall {
  /** Default GET. */
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query: `/control/requests?limit=50`, `/api/v2/clients`. */
  path: string;
  /** Sent as JSON. */
  body?: unknown;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
  headers?: Readonly<Record<string, string>>;
  /** Statuses beside 2xx that are answers. */
  accepted?: readonly number[];
}

/** A token this close to its end is not used any more. */
const SPARE_MS = 60_000;

export class Api {
  readonly #watchers = new Set<() => void>();
  #isTokenWanted = false;
  #isTokenWrong = false;
  #management: { token: string; endsAtMs: number } | undefined;

  /** Whether the server wants the control token, and this page has none that is good. */
  readonly tokenWanted = (): false | 'wanted' | 'wrong' =>
    this.#isTokenWanted ? (this.#isTokenWrong ? 'wrong' : 'wanted') : false;

  /** Calls `watcher` when that has changed. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** What somebody pasted. Whether it is good, the next call tells. */
  takeControlToken(token: string): void {
    keepControlToken(token);
    this.#isTokenWanted = false;
    this.#tell();
  }

  /** @throws ApiFailure */
  async call<T>(call: ApiCall, schema: z.ZodType<T>, options: CallOptions = {}): Promise<T> {
    const response = await this.open(call, options);
    const text = await response.text();
    const read = schema.safeParse(text === '' ? undefined : parseJson(text));
    if (read.success) return read.data;
    throw new ApiFailure('unreadable', deskTexts.failure.unreadable, { status: response.status });
  }

  /** The answer, not read yet. @throws ApiFailure for every status that is no answer */
  async open(call: ApiCall, options: CallOptions = {}): Promise<Response> {
    const response = await this.#send(call, options);
    if (response.ok || options.accepted?.includes(response.status)) return response;
    if (response.status === 401 && call.path.startsWith(MANAGEMENT_PATH) && this.#management) {
      // The signing key was rotated, or the tenant is another one since a reset.
      this.#management = undefined;
      const again = await this.#send(call, options);
      if (again.ok || options.accepted?.includes(again.status)) return again;
      throw await readFailure(again);
    }
    const failure = await readFailure(response);
    if (failure.kind === 'token_wanted') this.#askForToken();
    throw failure;
  }

  /** Headers with which the same call runs elsewhere. They hold secrets: for whoever asks for exactly that. */
  async authorization({ path }: ApiCall): Promise<string | undefined> {
    if (path.startsWith(`${MANAGEMENT_PATH}/`)) return `Bearer ${await this.#managementToken()}`;
    const token = readControlToken();
    return token !== undefined && path.startsWith(`${CONTROL_API}/`) ? `Bearer ${token}` : undefined;
  }

  async #send(call: ApiCall, { signal, headers }: CallOptions): Promise<Response> {
    const { method = 'GET', path, body } = call;
    const authorization = await this.authorization(call);
    try {
      return await fetch(path, {
        method,
        cache: 'no-store',
        credentials: 'omit',
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(authorization === undefined ? {} : { authorization }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (cause) {
      if (signal?.aborted) throw cause;
      throw new ApiFailure('unreachable', deskTexts.failure.unreachable);
    }
  }

  /** Kept in memory for as long as it is good. */
  async #managementToken(): Promise<string> {
    const nowMs = performance.now();
    if (this.#management && this.#management.endsAtMs > nowMs + SPARE_MS) return this.#management.token;
    const { access_token: token, expires_in: seconds } = await this.call(
      { method: 'POST', path: `${CONTROL_API}/management-token`, body: {} },
      managementTokenSchema,
    );
    this.#management = { token, endsAtMs: nowMs + seconds * 1000 };
    return token;
  }

  #askForToken(): void {
    this.#isTokenWrong = readControlToken() !== undefined;
    forgetControlToken();
    this.#isTokenWanted = true;
    this.#tell();
  }

  #tell(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
