// One look at an address, as a program sees it that knows nothing else: who answers, or what is in the way. Sends no secret,
// and changes nothing.
import { once } from 'node:events';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { z } from 'zod';
import { CONTROL_PROTOCOL } from '../../contract/index.ts';
import { isFailure } from '../../disk.ts';

export type Sight =
  /** Somebody answered; `assent` is undefined where it is somebody else. */
  | { is: 'answered'; status: number; assent: FrontDoor | undefined; body: string }
  /** There is a computer, and nothing listens on the port. */
  | { is: 'refused' }
  | { is: 'unknown_name' }
  /** No answer at all in the time that was given. */
  | { is: 'silent'; code: string }
  /** The certificate is of an authority that is not trusted here. */
  | { is: 'untrusted'; code: string }
  /** The certificate is trusted, and names others. */
  | { is: 'other_name' }
  /** Something answers that does not speak TLS, or speaks it where http was expected. */
  | { is: 'other_scheme' };

/** What GET / answers to programs. */
const frontDoorSchema = z.looseObject({
  name: z.literal('assent'),
  version: z.string(),
  issuer: z.string(),
});
export type FrontDoor = z.output<typeof frontDoorSchema>;

export interface ProbeOptions {
  /** PEM to trust; undefined trusts what this Node trusts. */
  ca?: string | undefined;
  /** `names` takes any name in the certificate, `everything` takes any certificate. */
  forgives?: 'names' | 'everything';
  path?: string;
  /** Says in the handshake who we are, so that TLS which breaks on purpose is spared us. Otherwise as any program. */
  asAssent?: boolean;
}

const LONGEST_ANSWER_MS = 5_000;
const LONGEST_BODY = 64 * 1024;

/** @param origin scheme, host and port */
export async function look(origin: string, options: ProbeOptions = {}): Promise<Sight> {
  const url = new URL(options.path ?? '/', origin);
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
    agent: false,
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    ...(options.asAssent ? { ALPNProtocols: [CONTROL_PROTOCOL, 'http/1.1'] } : {}),
    ...(options.forgives === 'names' ? { checkServerIdentity: () => undefined } : {}),
    ...(options.forgives === 'everything' ? { rejectUnauthorized: false } : {}),
  });
  try {
    request.end();
    const [response]: IncomingMessage[] = await once(request, 'response');
    if (!response) throw new Error('a response without a response');
    // Whatever happens to the connection from here on, there was an answer.
    request.on('error', () => undefined);
    const body = await readStart(response);
    const parsed = frontDoorSchema.safeParse(parseJson(body));
    return { is: 'answered', status: response.statusCode ?? 0, assent: parsed.data, body };
  } catch (error) {
    return explain(error);
  }
}

/** As much as any of our answers has; a stream that never ends is not waited for. */
async function readStart(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  try {
    for await (const chunk of response) {
      text += chunk;
      if (text.length > LONGEST_BODY) break;
    }
  } catch {
    // Cut off: what came is what there is.
  }
  response.destroy();
  return text;
}

function explain(error: unknown): Sight {
  const failure = error instanceof AggregateError ? error.errors[0] : error;
  const code = failure instanceof Error && 'code' in failure ? String(failure.code) : String(failure);
  if (code === 'ECONNREFUSED') return { is: 'refused' };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { is: 'unknown_name' };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return { is: 'other_name' };
  // OpenSSL for an answer that is no TLS; Node for one that is no HTTP.
  if (/^(EPROTO|HPE_|ERR_SSL_)/.test(code)) return { is: 'other_scheme' };
  if (/CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/.test(code)) return { is: 'untrusted', code };
  return {
    is: 'silent',
    code: isFailure(failure, 'ABORT_ERR') ? `nothing within ${LONGEST_ANSWER_MS / 1000} s` : code,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The same, in a few words. */
export function describeSight(sight: Sight): string {
  switch (sight.is) {
    case 'answered':
      return sight.assent
        ? `Assent ${sight.assent.version} answers`
        : `another program answers (${sight.status})`;
    case 'refused':
      return 'nothing listens';
    case 'unknown_name':
      return 'the name leads nowhere';
    case 'silent':
      return `no answer (${sight.code})`;
    case 'untrusted':
      return `the certificate is not trusted (${sight.code})`;
    case 'other_name':
      return 'the certificate is for other names';
    case 'other_scheme':
      return 'something answers, but not in this protocol';
  }
}
