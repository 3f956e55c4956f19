// A body that is too large is refused before it has arrived; whatever the connection is used for next, nobody waits.
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';

const LIMIT = 56 * 1024;
/** More than the buffers between the two ends hold, so that most of it is still unsent when the answer comes. */
const TOO_LARGE = 16 * 1024 * 1024;
/** Of the routes for devices. */
const LARGEST_READ = 64 * 1024;
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

let assent: RunningAssent;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
});
afterAll(() => assent.close());

interface Connection {
  /** Everything that came back. */
  received: string;
  /** Whether the server ended the connection, before or after it answered what was sent last. */
  isClosed: boolean;
}

/** Sends `first`, waits for its answer, sends `second` on the same connection, waits for its answer or the end. */
async function converse(first: readonly string[], second: string): Promise<Connection> {
  const { hostname, port } = new URL(assent.url);
  const socket = connect({ host: hostname, port: Number(port) });
  const connection: Connection = { received: '', isClosed: false };
  const answers = () => connection.received.split('HTTP/1.1 ').length - 1;
  const progress = new EventTarget();
  const tell = () => progress.dispatchEvent(new Event('progress'));
  socket.setEncoding('utf8');
  socket.on('data', (text) => {
    connection.received += String(text);
    tell();
  });
  // The server may close while the rest of the body is on its way. RFC 9112 §9.6.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    connection.isClosed = true;
    tell();
  });
  const until = async (count: number): Promise<void> => {
    while (answers() < count && !connection.isClosed) await once(progress, 'progress');
  };
  try {
    for (const part of first) socket.write(part);
    await until(1);
    if (!connection.isClosed) socket.write(second);
    await until(2);
    return connection;
  } finally {
    socket.destroy();
  }
}

function post(path: string, type: string, fields: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: ${new URL(assent.url).host}\r\nContent-Type: ${type}\r\n${fields}\r\n\r\n`;
}

const health = () => `GET /control/health HTTP/1.1\r\nHost: ${new URL(assent.url).host}\r\n\r\n`;

const TOLD = `larger than ${LIMIT} bytes`;

describe.each([
  ['/oauth/token', 400, TOLD],
  ['/bc-authorize', 400, TOLD],
  ['/oauth/par', 400, TOLD],
  ['/oauth/revoke', 400, TOLD],
  ['/userinfo', 400, TOLD],
  ['/authorize', 400, TOLD],
  ['/approver/devices', 413, 'too_large'],
  ['/nowhere', 404, 'does not exist here'],
])('POST %s', (path, status, text) => {
  const body = `"${'x'.repeat(TOO_LARGE)}"`;
  const types = path.startsWith('/approver') ? [JSON_TYPE] : [FORM, JSON_TYPE];

  it.each([
    ['of a known length', [`Content-Length: ${body.length}`, body]],
    ['in chunks', ['Transfer-Encoding: chunked', `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`]],
    ['that is announced and never comes', [`Content-Length: ${TOO_LARGE}`, body.slice(0, LARGEST_READ + 1)]],
  ])('refuses a large body %s, and nobody waits for the rest', async (_what, [fields = '', sent = '']) => {
    for (const type of types) {
      const { received, isClosed } = await converse([post(path, type, fields), sent], health());
      expect(received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(received).toContain(text);
      // Whoever keeps connections is told that this one ends. RFC 9112 §9.6.
      expect(received).toMatch(/\r\nconnection: close\r\n/i);
      expect(isClosed).toBe(true);
    }
  });
});

it('a connection on which a body was read to its end goes on', async () => {
  const form = 'client_id=aiya';
  const first = [post('/oauth/token', FORM, `Content-Length: ${form.length}`), form];
  const { received, isClosed } = await converse(first, health());
  expect([...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['401', '200']);
  expect(isClosed).toBe(false);
});

it('takes a body of the largest size', async () => {
  const start = `client_id=aiya&client_secret=aiya-secret-not-real&binding_message=`;
  const answer = await new Agent(assent).post('/bc-authorize', {
    binding_message: 'x'.repeat(LIMIT - start.length),
  });
  expect(answer.json().error_description).not.toContain('larger than');
});
