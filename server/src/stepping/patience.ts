// How long programs wait for an answer, as they are unless somebody has changed that: the one table of time-outs, by how each
// names itself. Read in the source of each, at the version that the tests have; docs/step-mode.md shows it to people.
import type { LogCaller, WaitingProgram } from '../contract/index.ts';

interface Patience {
  /** What is waiting, for people. */
  readonly program: string;
  /** The name in its Auth0-Client header. */
  readonly sdk?: RegExp;
  readonly userAgent?: RegExp;
  /** Undefined: it waits for ever. */
  readonly seconds: number | undefined;
  /** Where that is said. */
  readonly source: string;
}

/** The first one that fits. SDKs stand before what they send with. */
export const PATIENCE: readonly Patience[] = [
  {
    program: 'auth0 4 to 7, and @auth0/ai-* on top of it',
    sdk: /^node-auth0$/,
    seconds: 10,
    source: 'auth0, lib/runtime: `timeoutDuration`, 10 000 unless set',
  },
  {
    program: '@auth0/nextjs-auth0',
    sdk: /^nextjs-auth0$/,
    seconds: 5,
    source: '@auth0/nextjs-auth0, server/auth-client: `httpTimeout`, 5 000 unless set',
  },
  {
    program: '@auth0/auth0-auth-js and @auth0/auth0-server-js',
    sdk: /^@auth0\/auth0-(auth|server)-js$/,
    seconds: 30,
    source: 'openid-client underneath',
  },
  {
    program: 'auth0-python',
    sdk: /^auth0-python$/,
    seconds: 5,
    source: 'auth0-python, rest: `RestClientOptions.timeout`, 5.0 unless set',
  },
  {
    program: 'go-auth0',
    sdk: /^go-auth0$/,
    seconds: undefined,
    source:
      'go-auth0, authentication: `http.DefaultClient`, which has no time-out (Go, net/http, `Client.Timeout`)',
  },
  {
    program: 'Guardian.swift',
    sdk: /^Guardian\.swift$/i,
    seconds: 60,
    source:
      'Guardian.swift, NetworkOperation: an ephemeral URLSession as it is; Apple, `timeoutIntervalForRequest`',
  },
  {
    program: 'Guardian.Android',
    sdk: /^Guardian\.?Android$/i,
    userAgent: /^GuardianSDK\//,
    seconds: 10,
    source: 'OkHttp underneath: `readTimeout`, 10 seconds unless set',
  },
  {
    program: 'openid-client',
    userAgent: /^openid-client\//,
    seconds: 30,
    source: 'openid-client, `Configuration.timeout`, 30 unless set',
  },
  {
    program: 'OkHttp',
    userAgent: /^okhttp\//,
    seconds: 10,
    source: 'OkHttp, `readTimeout`, 10 seconds unless set',
  },
  {
    program: 'fetch of Node, also under oauth4webapi',
    userAgent: /^(node|undici|oauth4webapi\/.*)$/,
    seconds: 300,
    source: 'undici, `headersTimeout`, 300e3 unless set',
  },
  {
    program: 'Firefox and Chromium',
    userAgent: /^Mozilla\/.*(Firefox|Chrome)\//,
    seconds: 300,
    source: 'Firefox, `network.http.response.timeout`; Chromium waits as long',
  },
  {
    program: 'Safari',
    userAgent: /^Mozilla\/.*Safari\//,
    seconds: 60,
    source: 'Apple, `timeoutIntervalForRequest`',
  },
  {
    program: 'curl',
    userAgent: /^curl\//,
    seconds: undefined,
    source: 'curl, `--max-time`, none unless set',
  },
  {
    program: 'the commands and the control client of Assent',
    userAgent: /^assent-control$/,
    seconds: undefined,
    source: 'control-client/transport',
  },
];

/** What a server is to answer within in any case. CIBA Core §10.1, on long polling. */
const USUAL_SECONDS = 30;

/** By how much something goes on before its caller gives up: a tenth, for the way back and a busy computer. */
const MARGIN = { part: 0.1, leastMs: 500, mostMs: 2_000 };

export function waitingProgram({ auth0_client: sdk, user_agent: userAgent }: LogCaller): WaitingProgram {
  const known = PATIENCE.find(
    (one) =>
      (sdk?.name !== undefined && one.sdk?.test(sdk.name)) ||
      (userAgent !== undefined && one.userAgent?.test(userAgent)),
  );
  const name = sdk?.name === undefined ? nameOfAgent(userAgent) : [sdk.name, sdk.version].join(' ').trim();
  const seconds = known ? known.seconds : USUAL_SECONDS;
  return {
    program: name ?? 'a program without a name',
    is_known: known !== undefined,
    ...(seconds === undefined ? {} : { gives_up_after_ms: seconds * 1000 }),
  };
}

/** Browsers call themselves by a line of names, of which one is theirs. */
function nameOfAgent(userAgent: string | undefined): string | undefined {
  return /^Mozilla\/.*?(Firefox|Chrome|Safari)\//.exec(userAgent ?? '')?.[1] ?? userAgent?.slice(0, 100);
}

/** How long something may be held; undefined: for ever. */
export function holdLimitMs({ gives_up_after_ms: patienceMs }: WaitingProgram): number | undefined {
  if (patienceMs === undefined) return undefined;
  const { part, leastMs, mostMs } = MARGIN;
  return patienceMs - Math.min(Math.max(patienceMs * part, leastMs), mostMs);
}
