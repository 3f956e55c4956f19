// One HTTP exchange of the control client: trusts the local authority, checks what comes back against its schema, and turns
// every failure into a problem that says what to type. Each call has a connection of its own, so that none goes stale.
import { once } from 'node:events';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { CONTROL_API, CONTROL_PROTOCOL } from '../contract/index.ts';
import { PROBLEM_CODES, Problem } from '../problem.ts';

interface ControlCall {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  path: string;
  /** Sent as JSON, or as a form if these are URLSearchParams. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Statuses that are answers and not failures. Default 200 and 204. */
  accepted?: readonly number[];
  signal?: AbortSignal | undefined;
}

export interface ControlTransport {
  /** The answer's JSON, checked. An answer without content counts as undefined. */
  call<T>(call: ControlCall, schema: z.ZodType<T>): Promise<T>;
  /** The answer as it arrives. */
  open(call: ControlCall): Promise<IncomingMessage>;
}

const HANDSHAKE = { ALPNProtocols: [CONTROL_PROTOCOL, 'http/1.1'] };

/** RFC 9457 §3, with the members that we add. */
const problemDocumentSchema = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  code: z.enum(PROBLEM_CODES).catch('bad_request'),
  hint: z.string().optional(),
  findings: z.array(z.string()).catch([]),
});

export interface TransportOptions {
  url: string;
  /** Certificate authority to trust, as PEM. */
  ca?: string | undefined;
  /** The control token. */
  token?: string | undefined;
}

export function createControlTransport(options: TransportOptions): ControlTransport {
  const { ca, token } = options;
  const base = new URL(options.url);

  async function open(call: ControlCall): Promise<IncomingMessage> {
    const { method = 'GET', body, accepted = [200, 204], signal } = call;
    const request = (base.protocol === 'https:' ? requestHttps : requestHttp)(new URL(call.path, base), {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': CONTROL_PROTOCOL,
        // To its own API alone: to a client that asks for tokens, this header means something else.
        ...(token !== undefined && call.path.startsWith(`${CONTROL_API}/`)
          ? { authorization: `Bearer ${token}` }
          : {}),
        ...(body === undefined ? {} : { 'content-type': contentTypeOf(body) }),
        ...call.headers,
      },
      agent: false,
      ...HANDSHAKE,
      ...(ca === undefined ? {} : { ca }),
      ...(signal === undefined ? {} : { signal }),
    });
    request.end(body instanceof URLSearchParams ? body.toString() : JSON.stringify(body));
    const response = await receive(request, signal);
    if (accepted.includes(response.statusCode ?? 0)) return response;
    throw await readProblem(response);
  }

  async function receive(
    request: ReturnType<typeof requestHttp>,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    try {
      const [response] = await once(request, 'response');
      // A connection that breaks later is reported to whoever reads; without a listener it would end the process.
      request.on('error', () => undefined);
      return response;
    } catch (error) {
      if (signal?.aborted) throw error;
      throw explainConnectionError(error, base.origin);
    }
  }

  return {
    open,
    async call(call, schema) {
      const response = await open(call);
      const content = await text(response).catch((error: unknown) => {
        throw explainConnectionError(error, base.origin);
      });
      return readAnswer(content, schema, base.origin);
    },
  };
}

function readAnswer<T>(content: string, schema: z.ZodType<T>, origin: string): T {
  const parsed = schema.safeParse(content === '' ? undefined : parseJson(content));
  if (parsed.success) return parsed.data;
  throw new Problem('server_unreachable', `${origin} gave an answer that this version cannot read.`, {
    status: 502,
    hint: 'Run the command and the server from the same version: assent --version',
    cause: parsed.error,
  });
}

async function readProblem(response: IncomingMessage): Promise<Problem> {
  const status = response.statusCode ?? 500;
  const content = await text(response);
  const { success, data: document } = problemDocumentSchema.safeParse(parseJson(content));
  if (!success) {
    return new Problem('server_unreachable', `Received status ${status}, expected an answer of Assent.`, {
      status,
      hint: 'Another program may listen there. Name the right address in ASSENT_URL.',
    });
  }
  return new Problem(document.code, document.detail ?? document.title ?? `Received status ${status}.`, {
    status,
    findings: document.findings,
    ...(document.hint === undefined ? {} : { hint: document.hint }),
  });
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function contentTypeOf(body: unknown): string {
  return body instanceof URLSearchParams ? 'application/x-www-form-urlencoded' : 'application/json';
}

/** Codes of Node and OpenSSL for a certificate that nobody here vouches for, or that names another host. */
const DISTRUST = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ALTNAME/;

function explainConnectionError(error: unknown, origin: string): Problem {
  const code = codeOf(error);
  if (DISTRUST.test(code)) {
    return new Problem('server_unreachable', `The certificate of ${origin} is not trusted here (${code}).`, {
      status: 502,
      hint: [
        'Trust its authority, for assent:        export ASSENT_CA=.assent/ca.pem',
        'For every program that runs on Node:    export NODE_EXTRA_CA_CERTS=.assent/ca.pem',
      ].join('\n'),
      cause: error,
    });
  }
  return new Problem('server_unreachable', `Nothing answers at ${origin} (${code}).`, {
    status: 502,
    hint: 'Start it:   assent',
    cause: error,
  });
}

/** A host name with several addresses gives one error for each; the first one tells enough. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}
