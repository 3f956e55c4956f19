// The issuer's time, for an API in another process: a stand-in's clock may be put forward, and then the API must agree that a
// token has ended. Read from the `Date` of the key set's address at each verification, so that it is never out of date.
import { request as requestOverHttp } from 'node:http';
import { request as requestOverHttps } from 'node:https';
import { KeySetUnavailable } from './key-set.ts';

export interface IssuerClockOptions {
  /** Exactly as the tokens spell it, with the slash at the end. */
  readonly issuer: string;
  /** Where the keys are. Default: `.well-known/jwks.json` under the issuer. */
  readonly jwksUri?: string;
  /** PEM of the authority that signed the issuer's certificate. Default: Node's own list. */
  readonly ca?: string | undefined;
}

const PATIENCE_MS = 5_000;

/**
 * For tests alone: a real API goes by its own clock, and by nothing that the issuer says at the time.
 *
 * @example createTokenVerifier({ issuer, audience, ca, clock: createIssuerClock({ issuer, ca }) })
 */
export function createIssuerClock(options: IssuerClockOptions): { now(): Promise<number> } {
  const { issuer, ca, jwksUri = new URL('.well-known/jwks.json', issuer).href } = options;
  const url = new URL(jwksUri);
  const requestOver = url.protocol === 'https:' ? requestOverHttps : requestOverHttp;
  return {
    now: () =>
      new Promise((resolve, reject) => {
        const fail = (cause: unknown): void => reject(new KeySetUnavailable(jwksUri, cause));
        const request = requestOver(
          url,
          {
            method: 'HEAD',
            agent: false,
            signal: AbortSignal.timeout(PATIENCE_MS),
            ...(ca === undefined ? {} : { ca }),
          },
          (answer) => {
            answer.resume();
            const atMs = Date.parse(answer.headers.date ?? '');
            if (Number.isNaN(atMs)) fail(new Error('its answer has no Date header'));
            else resolve(atMs);
          },
        );
        request.on('error', fail);
        request.end();
      }),
  };
}
