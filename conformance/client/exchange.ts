// One HTTP exchange of the suite, with nothing added: a test says exactly what goes over the wire, and sees exactly what came
// back. Built on undici; never on code of the server under test.
import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'undici';

/** Fields of a form in their order; a name that stands twice is sent twice. */
export type FormFields = ReadonlyArray<readonly [name: string, value: string]>;

/** Parameters to send; undefined leaves one out, a list sends it more than once. */
export type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Outgoing {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS' | 'PATCH';
  headers?: Readonly<Record<string, string | string[]>>;
  /** Text and bytes go as they are. */
  body?: string | Buffer | undefined;
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The body as JSON; tests compare it as a whole. */
  // biome-ignore lint/suspicious/noExplicitAny: tests state what they expect of it
  json(): any;
}

export interface Identity {
  /** PEM. */
  cert: string;
  key: string;
}

/** Speaks HTTP to one server, with or without a certificate of its own. */
export class Exchange implements AsyncDisposable {
  readonly #agent: Agent;

  /** @param ca PEM of the authority to trust; undefined trusts what Node trusts */
  constructor(ca: string | undefined, identity?: Identity) {
    this.#agent = new Agent({
      connect: {
        ...(ca === undefined ? {} : { ca }),
        ...(identity === undefined ? {} : { cert: identity.cert, key: identity.key }),
      },
      // The suite judges answers, not connections; a slow machine is no failure.
      headersTimeout: 60_000,
      bodyTimeout: 60_000,
    });
  }

  async send(url: string, { method = 'GET', headers = {}, body, signal }: Outgoing = {}): Promise<Answer> {
    const answer = await request(url, {
      dispatcher: this.#agent,
      method,
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await answer.body.text();
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text,
      json: () => JSON.parse(text),
    };
  }

  /** POST of a form. */
  post(url: string, form: FormFields | Parameters, outgoing: Outgoing = {}): Promise<Answer> {
    return this.send(url, {
      ...outgoing,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...outgoing.headers },
      body: new URLSearchParams(
        fieldsOf(form).map(([name, value]): [string, string] => [name, value]),
      ).toString(),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }
}

export function fieldsOf(form: FormFields | Parameters): FormFields {
  if (isFields(form)) return form;
  return Object.entries(form).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => [name, one] as const),
  );
}

export function isFields(form: FormFields | Parameters): form is FormFields {
  return Array.isArray(form);
}
