// What terraform-provider-auth0 sends for an agent that asks people: create, change, read back after each write, plan again,
// destroy. The calls are in terraform-calls.json, as its documentation and its SDK make them.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import type { Answer } from '../http-call.ts';
import { type Administrator, administratorOf } from './administrator.ts';

interface Step {
  resource: string;
  method: 'POST' | 'PATCH' | 'PUT';
  path: string;
  body: Record<string, unknown> | unknown[];
  /** Name for later steps → member of the answer. */
  remember?: Record<string, string>;
  readBack?: string;
}

const steps = JSON.parse(await readFile(new URL('terraform-calls.json', import.meta.url), 'utf8')) as Step[];

let assent: RunningAssent;
let administrator: Administrator;
const known = new Map<string, string>();

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
  administrator = await administratorOf(assent);
});
afterAll(() => assent.close());

/** With what earlier steps remembered in place of `{name}`. */
function filled<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value).replaceAll(/\{(\w+)\}/g, (whole, name: string) => known.get(name) ?? whole),
  ) as T;
}

const send = ({ method, path, body }: Step): Promise<Answer> =>
  method === 'POST'
    ? administrator.post(path, body)
    : method === 'PUT'
      ? administrator.put(path, body)
      : administrator.patch(path, body);

/** What must be read after a write: its members, without those that it cleared. */
function writtenBy(body: Step['body']): unknown {
  if (Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

/** Everything that a plan reads of what the steps made. */
async function plan(): Promise<unknown[]> {
  const paths = new Set(steps.flatMap(({ readBack }) => (readBack === undefined ? [] : [filled(readBack)])));
  return Promise.all(
    [...paths, '/guardian/factors'].map(async (path) => (await administrator.get(path)).json()),
  );
}

describe('Terraform', () => {
  it.each(steps)('writes $resource by $method $path, and reads the same back', async (step) => {
    const { remember, readBack, ...call } = filled(step);
    const written = await send(call as Step);
    expect(written.status, written.text).toBe(call.method === 'POST' ? 201 : 200);
    for (const [name, member] of Object.entries(remember ?? {})) known.set(name, written.json()[member]);
    if (readBack === undefined) return;
    const read = await administrator.get(filled(readBack));
    expect(read.status).toBe(200);
    expect(read.json()).toMatchObject(writtenBy(call.body) as object);
    for (const [name, value] of Object.entries(call.body)) {
      if (value === null) expect(read.json()).not.toHaveProperty(name);
    }
    // The answer to a write is what a read gives, so that the state holds after the first plan.
    expect(read.json()).toEqual(written.json());
  });

  it('finds nothing to do when it plans again, however often it writes the same', async () => {
    const before = await plan();
    expect(await plan()).toEqual(before);
    for (const step of steps.filter(({ method }) => method === 'PUT').map(filled)) await send(step);
    expect(await plan()).toEqual(before);
  });

  it('has made an agent that may ask people what it was granted', async () => {
    const { client_id: id, client_secret: secret } = (
      await administrator.get(filled('/clients/{client}'))
    ).json();
    const asked = await new Agent(assent, { client_id: id, client_secret: secret }).ask({
      audience: 'https://terraform.example/api',
      scope: 'openid',
      authorization_details: JSON.stringify([{ type: 'payment', amount: 5 }]),
    });
    expect(asked.status, asked.text).toBe(200);
  });

  it('destroys what it made, and is told 404 of it afterwards', async () => {
    for (const path of ['/client-grants/{grant}', '/resource-servers/{api}', '/clients/{client}'].map(
      filled,
    )) {
      expect((await administrator.delete(path)).status).toBe(204);
      expect((await administrator.get(path)).status).toBe(404);
    }
    expect((await administrator.put('/guardian/policies', [])).json()).toEqual([]);
  });
});
