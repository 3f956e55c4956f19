// Tells a running Assent how a call was judged, so that its story goes on at the API. Off unless an API asks for it; never in the
// way of a call: what cannot be told is given up.
import { request as requestOverHttp } from 'node:http';
import { request as requestOverHttps } from 'node:https';
import type { ApiCall, ApiCheck } from '../contract/index.ts';
import type { Verdict } from './verdict.ts';

/** A call as it came in, what it was answered, and how the token was judged. */
export interface JudgedCall {
  readonly method: string;
  /** What follows a question mark is left out. */
  readonly path: string;
  readonly status: number;
  /** Of a verification: `verification.verdict`. */
  readonly verdict: Verdict;
  /** Checks that the API made by itself, after those of the verifier. */
  readonly more?: readonly ApiCheck[];
}

export interface CallReporter {
  /** Returns at once and throws nothing. */
  tell(call: JudgedCall): void;
  /** Resolves once everything has been told or given up: for tests, and before a process ends. */
  settled(): Promise<void>;
}

export interface CallReporterOptions {
  /** Where Assent listens, `https://localhost:4443`, or what tells it: `assent.control`. */
  readonly to: string | URL | { reportApiCall(call: ApiCall): Promise<unknown> };
  /** PEM of the authority that signed its certificate. Default: Node's own list. */
  readonly ca?: string | undefined;
  /** The control token, where the server needs one. */
  readonly token?: string | undefined;
}

/** What is told at once. A server that hangs must not fill the memory of the API. */
const MOST_PENDING = 100;
const DEADLINE_MS = 5_000;

/**
 * @example
 * ```ts
 * const report = createCallReporter({ to: assent.control });
 * const gate = requireTokenInExpress(verifier, requirements, { report });
 * ```
 * @throws TypeError for an address that is none
 */
export function createCallReporter({ to, ca, token }: CallReporterOptions): CallReporter {
  const send =
    typeof to === 'object' && 'reportApiCall' in to ? to : createSender(new URL(to), { ca, token });
  const pending = new Set<Promise<unknown>>();
  return {
    tell({ method, path, status, verdict, more = [] }) {
      if (pending.size >= MOST_PENDING) return;
      const call: ApiCall = {
        ...verdict,
        method,
        path: path.split(/[?#]/, 1)[0] || '/',
        status,
        checks: [...verdict.checks, ...more],
      };
      // An API works on without anybody who watches it.
      const telling: Promise<unknown> = Promise.resolve()
        .then(() => send.reportApiCall(call))
        .catch(() => undefined)
        .finally(() => pending.delete(telling));
      pending.add(telling);
    },
    async settled() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}

function createSender(
  server: URL,
  { ca, token }: Pick<CallReporterOptions, 'ca' | 'token'>,
): { reportApiCall(call: ApiCall): Promise<unknown> } {
  const url = new URL('/control/api-calls', server);
  return {
    reportApiCall: (call) =>
      new Promise((resolve, reject) => {
        const request = (url.protocol === 'https:' ? requestOverHttps : requestOverHttp)(
          url,
          {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            },
            signal: AbortSignal.timeout(DEADLINE_MS),
            ...(ca === undefined ? {} : { ca }),
          },
          (answer) => answer.resume().once('end', resolve).once('error', reject),
        );
        request.once('error', reject);
        request.end(JSON.stringify(call));
      }),
  };
}

/** Method and path of a request of Node, Express, Koa, Fastify or Fetch. */
export function readCall(request: unknown): { method: string; path: string } {
  const { method, originalUrl, url, path } = (request ?? {}) as Readonly<Record<string, unknown>>;
  const address = [originalUrl, url, path].find((one) => typeof one === 'string') ?? '/';
  const text = String(address);
  return {
    method: typeof method === 'string' ? method : 'GET',
    path: text.startsWith('/') ? text : (URL.parse(text)?.pathname ?? '/'),
  };
}
