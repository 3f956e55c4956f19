// How a type words its fields, and that wording never stands in for a value.
import { expect, test } from 'vitest';
import { type AuthorizationDetail, resourceServerSchema } from '../contract/index.ts';
import { buildConsentView } from './consent-view.ts';

const resourceServer = resourceServerSchema.parse({
  identifier: 'https://api.example',
  authorization_details: [
    {
      type: 'sign',
      display: {
        action: 'Sign',
        to: '/years',
        labels: { '/documents': 'Documents', '/documents/*/hash': 'Digest', '/actions': 'What' },
        values: { '/actions': { read: 'Look at it' }, '/algorithm': { '1.2': 'SHA-256' } },
        units: { '/days': 'days' },
        code: ['/documents/*/hash'],
      },
      approver_may: { choose: [{ at: '/key', options: [{ name: 'Mine', value: 'k1' }] }] },
    },
    { type: 'plain', display: { action: 'Do', to: '/to' }, approver_may: { remove: true } },
  ],
});

const view = (...authorizationDetails: AuthorizationDetail[]) =>
  buildConsentView({ clientName: 'Aiya', scope: ['openid'], resourceServer, authorizationDetails });

test('words, units and signs are those of the type, and the value as it was sent stands below its words', () => {
  const { summary, sections } = view({
    type: 'sign',
    years: ['2018', '2019'],
    actions: ['read', 'sign'],
    algorithm: '1.2',
    days: 30,
    documents: [{ hash: 'a+b=' }],
  });
  expect(summary).toBe('Sign to 2018, 2019');
  expect(sections[0]?.rows.map(({ label, value, kind, note }) => [label, value, kind, note])).toEqual([
    ['Years', '2 entries', 'group', undefined],
    ['1.', '2018', 'text', undefined],
    ['2.', '2019', 'text', undefined],
    ['What', '2 entries', 'group', undefined],
    ['1.', 'Look at it', 'text', 'read'],
    ['2.', 'sign', 'text', undefined],
    ['Algorithm', 'SHA-256', 'text', '1.2'],
    ['Days', '30 days', 'number', undefined],
    ['Documents', '1 entry', 'group', undefined],
    ['1.', '', 'group', undefined],
    ['Digest', 'a+b=', 'code', undefined],
    ['Type', 'sign', 'code', undefined],
  ]);
});

test('a word that mixes scripts is remarked upon, words of one script each are not', () => {
  const noteOf = (to: string) => view({ type: 'plain', to }).sections[0]?.rows[0]?.note;
  expect(noteOf('\u0410da Lovelace')).toBe('Letters of Latin and Cyrillic in one word');
  expect(noteOf('Ada Лавлейс')).toBeUndefined();
  expect(noteOf('Müller-Łódź 日本')).toBeUndefined();
});

test('a notification offers no answer where something is left to choose', () => {
  expect(view({ type: 'plain', to: 'Grace' }).summary_is_complete).toBe(true);
  expect(view({ type: 'sign', years: '2018', key: null }).summary_is_complete).toBeUndefined();
});
