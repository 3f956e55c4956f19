// What a step can be copied as. The runnable curl is not among them: its text is not in the trace, see copy-menu.tsx. Pure.
import type { Arrow, Run } from 'assent/sequence';
import { eventOf } from '../step-facts.ts';
import { redactedCurl } from './curl.ts';
import { fetchCall } from './fetch-call.ts';
import { aiSdkCall, auth0Call } from './sdk-call.ts';
import { testAssertion } from './test-assertion.ts';

/** In the order of the menu. */
export const COPY_KINDS = ['curl', 'fetch', 'sdk', 'aiSdk', 'test'] as const;
export type CopyKind = (typeof COPY_KINDS)[number];

/** Only what this step can be copied as. */
export function readCopies(run: Run, arrow: Arrow, origin: string): ReadonlyMap<CopyKind, string> {
  // A call of ours to somebody else is nobody's to repeat against this server.
  const isOwnCall = eventOf(run, arrow)?.type === 'callback.sent';
  const exchange = isOwnCall ? undefined : arrow.exchange;
  const texts: Readonly<Record<CopyKind, string | undefined>> = {
    curl: exchange && redactedCurl(exchange, origin),
    fetch: exchange && fetchCall(exchange, origin),
    sdk: exchange && auth0Call(exchange, origin),
    aiSdk: exchange && aiSdkCall(exchange, origin),
    test: testAssertion(run, arrow),
  };
  return new Map(
    COPY_KINDS.flatMap((kind): [CopyKind, string][] => {
      const text = texts[kind];
      return text === undefined ? [] : [[kind, text]];
    }),
  );
}
