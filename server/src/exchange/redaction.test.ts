import { expect, test } from 'vitest';
import { redactBody } from './redaction.ts';

test('what could be used again is taken out of a body, however deep it lies', () => {
  const keys = [{ kid: 'k1', client_secret: 'planted-1' }, [{ nested: { access_token: 'planted-2' } }]];
  expect(
    redactBody({ client_id: 'aiya', keys, refresh_token: ['planted-3'], ticket_url: 'planted-4' }),
  ).toEqual({
    client_id: 'aiya',
    keys: [
      { kid: 'k1', client_secret: '[9 characters removed]' },
      [{ nested: { access_token: '[9 characters removed]' } }],
    ],
    refresh_token: ['[9 characters removed]'],
    ticket_url: '[9 characters removed]',
  });
});

test('what was asked stays as it was asked, whatever its members are called', () => {
  const body = { authorization_details: [{ type: 'door', code: '4711' }] };
  expect(redactBody(body)).toEqual(body);
});
