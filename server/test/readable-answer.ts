// An answer of the token endpoint as its caller gets it, to the order of the headers, with its tokens read: two ways to the same answer
// can be compared so.
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Changes } from './agent.ts';

export interface ReadableAnswer {
  status: number | undefined;
  headers: string[];
  body: string;
}

/** @param parameters those that are undefined are left out */
export async function postForm(
  url: string,
  parameters: Changes,
  headers: Readonly<Record<string, string>> = {},
): Promise<ReadableAnswer> {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) form.set(name, value);
  const asking = request(url, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    asking.once('response', resolve).once('error', reject);
  });
  asking.end(form.toString());
  const answer = await answered;
  return {
    status: answer.statusCode,
    // A second may pass between the two.
    headers: answer.rawHeaders.map((text, at, all) => (all[at - 1] === 'Date' ? 'a date' : text)),
    body: withReadTokens(await text(answer)),
  };
}

/** What a token says, in its order, in place of its text; of one that says nothing its length. */
function withReadTokens(body: string): string {
  const read = body.replaceAll(/"([\w-]+)\.([\w-]+)\.([\w-]+)"/g, (_token, header: string, claims: string) =>
    [header, claims].map((part) => readPart(part)).join('.'),
  );
  return read.replaceAll(
    /(_token":)"([\w-]{30,})"/g,
    (_token, name: string, text: string) => name + text.length,
  );
}

/** Dates by how long they are apart, since a second may pass between the two ways; ids that are random by their length. */
function readPart(part: string): string {
  const read: Record<string, unknown> = JSON.parse(Buffer.from(part, 'base64url').toString());
  const { iat, exp, jti } = read;
  return JSON.stringify({
    ...read,
    ...(typeof iat === 'number' ? { iat: 0, exp: Number(exp) - iat } : {}),
    ...(typeof jti === 'string' ? { jti: jti.length } : {}),
  });
}
