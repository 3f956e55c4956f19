// How an approver would see details, tried out before anybody is asked.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, TRANSFER, unlimitedBank } from '../agent.ts';
import { type Answer, call } from '../http-call.ts';

const AUDIENCE = 'http://localhost:3000/api/accounts/transfers';

let assent: RunningAssent;
beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
});
afterAll(() => assent.close());

const preview = (details: unknown, more: object = {}): Promise<Answer> =>
  call(`${assent.url}/control/consent-preview`, {
    method: 'POST',
    body: {
      audience: AUDIENCE,
      authorization_details: typeof details === 'string' ? details : JSON.stringify(details),
      ...more,
    },
  });

test('the question is worded as that of a real request, and nobody is asked', async () => {
  const shown = (await preview([TRANSFER], { client_name: 'Aiya', scope: ['create:transfer'] })).json();
  expect(await assent.control.requests()).toEqual([]);
  await new Agent(assent).ask({ authorization_details: JSON.stringify([TRANSFER]) });
  expect(shown.consent).toEqual((await assent.control.request('latest')).consent);
  expect(shown.measures.objects).toEqual({ is: 1, most: 5 });
});

test('a type is tried out before the API has it, with its schema', async () => {
  const type = {
    type: 'gift',
    display: { action: 'Give', amount: '/value', currency: '/unit' },
    schema: { type: 'object', required: ['value'] },
  };
  const good = (await preview([{ type: 'gift', value: 5, unit: 'EUR' }], { type })).json();
  expect(good.consent).toMatchObject({ who: 'An agent', what: 'Give 5 EUR' });
  const bad = (await preview([{ type: 'gift', unit: 'EUR' }], { type })).json();
  expect(bad).not.toHaveProperty('consent');
  expect(bad.finding).toContain("must have required property 'value'");
  const unknown = (await preview([{ type: 'gift' }])).json();
  expect(unknown.hint).toContain('Register the type on the API');
});

test('what is over a limit is measured and refused in the words of a request', async () => {
  const members = Object.fromEntries(Array.from({ length: 11 }, (_, place) => [`m${place}`, place]));
  const { finding, measures } = (await preview([{ ...members, type: 'transfer_funds' }])).json();
  expect(finding).toContain('12 properties, at most 10');
  expect(measures).toMatchObject({ properties: { is: 12, most: 10 }, depth: { is: 1, most: 5 } });
  expect((await preview('nonsense')).json()).toMatchObject({
    finding: expect.stringContaining('expected valid JSON'),
    measures: { objects: { is: 0 }, bytes: { is: 8 } },
  });
});

test('a type with mistakes and an API that is not there are named', async () => {
  const wrong = await preview([], { type: { type: 'gift', nme: 'Gift', schema: { type: 'objct' } } });
  expect(wrong.status).toBe(400);
  expect(wrong.json().findings).toEqual([
    'nme  is not a member here. Did you mean "name"?',
    expect.stringContaining('schema  expected a JSON Schema'),
  ]);
  const lost = await preview([], { audience: 'urn:none' });
  expect([lost.status, lost.json().hint]).toEqual([404, expect.stringContaining(AUDIENCE)]);
});
