import { describe, expect, it } from 'vitest';
import {
  type AuthorizationDetail,
  type ConsentView,
  type ResourceServerConfig,
  resourceServerSchema,
} from '../contract/index.ts';
import { buildConsentView, hashConsent } from './consent-view.ts';

const api: ResourceServerConfig = resourceServerSchema.parse({
  identifier: 'https://api.example',
  name: 'Accounts API',
  scopes: [{ value: 'create:transfer', description: 'Transfer money' }],
  authorization_details: [
    {
      type: 'transfer',
      name: 'Transfer',
      display: {
        action: 'Transfer',
        amount: '/amount/value',
        currency: '/amount/currency',
        to: '/to',
        labels: { '/to': 'Payee' },
      },
    },
    { type: 'urn:auth0:schemas:authorization-details:v1:wire' },
  ],
});

const view = (...authorizationDetails: AuthorizationDetail[]): ConsentView =>
  buildConsentView({
    clientName: 'Aiya',
    scope: ['openid', 'create:transfer'],
    resourceServer: api,
    ...(authorizationDetails.length === 0 ? {} : { authorizationDetails }),
  });

const rowsOf = (one: ConsentView): string[] =>
  (one.sections[0]?.rows ?? []).map(
    (row) =>
      `${'  '.repeat(row.depth)}${row.label}: ${row.value} [${row.kind}${row.hidden ? ', hidden' : ''}]`,
  );

/** Every value in a JSON document, as the text that must be on screen. */
function leaves(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves);
  return [typeof value === 'string' ? value : JSON.stringify(value)];
}

describe('a summary', () => {
  const transfer = { type: 'transfer', amount: { value: '250.00', currency: 'EUR' }, to: 'Grace Hopper' };
  const wire = 'urn:auth0:schemas:authorization-details:v1:wire';
  const sum = { display: true, name: 'Sum', value: '120.00 EUR' };
  const asks = (scope: string[]): ConsentView =>
    buildConsentView({ clientName: 'Aiya', scope, resourceServer: api });

  it.each<[string, ConsentView]>([
    ['all values of the details', view(transfer)],
    ['the one property that Auth0’s schema displays', view({ type: wire, properties: { sum } })],
    ['the one permission', asks(['openid', 'create:transfer'])],
    ['that somebody is to be known', asks(['openid'])],
  ])('is complete where it says %s', (_what, { summary_is_complete }) => {
    expect(summary_is_complete).toBe(true);
  });

  it.each<[string, ConsentView]>([
    ['a value', view({ ...transfer, reference: 'Rent' })],
    ['a value that repeats one it says', view({ ...transfer, payer: 'Grace Hopper' })],
    ['a value that is empty', view({ ...transfer, limit: null })],
    ['a list', view({ ...transfer, to: ['Grace', 'Alan'] })],
    ['a second object', view(transfer, transfer)],
    ['what its type means', view({ type: 'unheard-of' })],
    ['a second property', view({ type: wire, properties: { sum, when: { ...sum, value: 'now' } } })],
    [
      'a property that is not displayed',
      view({ type: wire, properties: { sum: { ...sum, display: false } } }),
    ],
    ['a description', view({ type: wire, properties: { sum: { ...sum, description: 'New payee' } } })],
    ['a second permission', asks(['create:transfer', 'delete:transfer'])],
    ['the name and the picture', asks(['openid', 'profile'])],
    ['access that lasts', asks(['create:transfer', 'offline_access'])],
  ])('is not complete where it leaves out %s', (_what, { summary_is_complete }) => {
    expect(summary_is_complete).toBeUndefined();
  });
});

describe('the headline', () => {
  it('is worded by the display settings of the type', () => {
    const { who, what, currency, whom, summary } = view({
      type: 'transfer',
      amount: { value: '250.00', currency: 'EUR' },
      to: 'Grace Hopper',
    });
    expect({ who, what, currency, whom, summary }).toEqual({
      who: 'Aiya',
      what: 'Transfer 250.00 EUR',
      currency: 'EUR',
      whom: 'to Grace Hopper',
      summary: 'Transfer 250.00 EUR to Grace Hopper',
    });
  });

  it('does without what is missing, and never shows an object as text', () => {
    expect(view({ type: 'transfer', to: { name: 'Grace' } }).summary).toBe('Transfer');
  });

  it('uses the instruction of Auth0’s schema, with the first displayed property beneath', () => {
    const { what, whom } = view({
      type: 'urn:auth0:schemas:authorization-details:v1:wire',
      instruction: 'Release this transfer',
      properties: {
        ref: { display: false, value: 'INV-7' },
        late: { display: true, name: 'When', display_order: 2, value: 'today' },
        amount: { display: true, name: 'Amount', display_order: 1, value: '120.00 EUR' },
      },
    });
    expect([what, whom]).toEqual(['Release this transfer', 'Amount: 120.00 EUR']);
  });

  it('counts several details instead of choosing one', () => {
    expect(view({ type: 'transfer' }, { type: 'transfer' }).what).toBe('2 things at once');
  });

  it('names the permission where there are no details', () => {
    expect(view().what).toBe('Transfer money');
  });
});

describe('the rows', () => {
  it('show every value at its depth, in the order received', () => {
    expect(
      rowsOf(
        view({
          type: 'transfer',
          to: 'Grace',
          amount: { value: 1e3, currency: '' },
          lines: [{ item: 'Rent', paid: false }, 'cash', null],
          none: [],
          nothing: {},
        }),
      ),
    ).toMatchInlineSnapshot(`
      [
        "Payee: Grace [text]",
        "Amount:  [group]",
        "  Value: 1000 [number]",
        "  Currency:  [empty]",
        "Lines: 3 entries [group]",
        "  1.:  [group]",
        "    Item: Rent [text]",
        "    Paid: false [boolean]",
        "  2.: cash [text]",
        "  3.: null [empty]",
        "None: empty list [empty]",
        "Nothing: empty [empty]",
        "Type: transfer [code]",
      ]
    `);
  });

  it('mark what Auth0’s schema hides, and drop nothing of it', () => {
    const detail = {
      type: 'urn:auth0:schemas:authorization-details:v1:wire',
      instruction: 'Release',
      properties: {
        amount: { display: true, name: 'Amount', value: '120.00 EUR', description: 'net' },
        ref: { display: false, value: 'INV-7' },
      },
      locations: ['https://api.example'],
    };
    expect(rowsOf(view(detail))).toMatchInlineSnapshot(`
      [
        "Amount: 120.00 EUR [text]",
        "Ref: INV-7 [text, hidden]",
        "Locations: 1 entry [group]",
        "  1.: https://api.example [text]",
        "Type: urn:auth0:schemas:authorization-details:v1:wire [code]",
      ]
    `);
  });

  it('show what does not fit Auth0’s schema, so that nothing hides behind a familiar type', () => {
    const type = 'urn:auth0:schemas:authorization-details:v1:wire';
    const rows = rowsOf(
      view({
        type,
        instruction: { not: 'text' },
        properties: {
          amount: { display: true, name: 'Amount', value: '1 EUR', really: '1000 EUR' },
          odd: 'no object',
          late: { display: 'yes', value: 1 },
        },
      }),
    );
    expect(rows).toMatchInlineSnapshot(`
      [
        "Amount: 1 EUR [text]",
        "  Really: 1000 EUR [text]",
        "Odd: no object [text, hidden]",
        "Late: 1 [number, hidden]",
        "  Display: yes [text, hidden]",
        "Instruction:  [group]",
        "  Not: text [text]",
        "Type: urn:auth0:schemas:authorization-details:v1:wire [code]",
      ]
    `);
    expect(rowsOf(view({ type, properties: ['a'] }))).toContain('Properties: 1 entry [group]');
  });

  it('leave out no leaf of a type nobody knows, however deep', () => {
    const detail = {
      type: 'never_seen',
      a: { b: { c: [{ d: 'deep' }, 7, true, null] } },
      '': 'unnamed',
      '~/': 'odd',
      text: '<b>bold</b>',
    };
    const shown = view(detail).sections[0]?.rows.map((row) => row.value) ?? [];
    for (const leaf of leaves(detail)) expect(shown).toContain(leaf);
    expect(view(detail).sections[0]?.known).toBe(false);
  });

  it('write out every character that acts on the reader without being seen', () => {
    const rows = rowsOf(
      view({
        type: 'transfer',
        to: 'BAINK-\u202e1002',
        zero: 'a\u200bb\u2066c\ufeffd\u3164e',
        lines: 'one\ntwo',
        emoji: '👩‍👧 ❤️',
        'na\u202eme': 'x',
      }),
    );
    expect(rows).toEqual([
      'Payee: BAINK-⟨U+202E⟩1002 [text]',
      'Zero: a⟨U+200B⟩b⟨U+2066⟩c⟨U+FEFF⟩d⟨U+3164⟩e [text]',
      'Lines: one⟨U+000A⟩two [text]',
      'Emoji: 👩‍👧 ❤️ [text]',
      'Na⟨U+202E⟩me: x [text]',
      'Type: transfer [code]',
    ]);
    expect(view({ type: 'transfer', amount: { value: '\u202e00.05', currency: 'EUR' } }).summary).toBe(
      'Transfer ⟨U+202E⟩00.05 EUR',
    );
  });

  it('obey an order only where it is one, and show it otherwise', () => {
    const type = 'urn:auth0:schemas:authorization-details:v1:wire';
    const properties = {
      a: { display: true, value: 1, display_order: ['999999'] },
      b: { display: true, value: 2, display_order: { toString: 1 } },
    };
    expect(rowsOf(view({ type, properties }))).toEqual([
      'A: 1 [number]',
      '  Display order: 1 entry [group]',
      '    1.: 999999 [text]',
      'B: 2 [number]',
      '  Display order:  [group]',
      '    To string: 1 [number]',
      `Type: ${type} [code]`,
    ]);
  });

  it('give every row its own path', () => {
    const paths = view({ type: 'x', a: { b: 1 }, 'a/b': 2, 'a~b': 3 }).sections[0]?.rows.map(
      (row) => row.path,
    );
    expect(paths).toEqual(['/a', '/a/b', '/a~1b', '/a~0b', '/type']);
  });
});

describe('the hash', () => {
  const shown = (amount: string, changes: object = {}) => ({
    consent: view({ type: 'transfer', amount: { value: amount } }),
    bindingMessage: 'RENT-4K9',
    userId: 'auth0|ada',
    ...changes,
  });

  it('is the same for the same screen and another one for a changed value, code or person', () => {
    const hash = hashConsent(shown('1'));
    expect(hashConsent(shown('1'))).toBe(hash);
    expect(hashConsent(shown('2'))).not.toBe(hash);
    expect(hashConsent(shown('1', { bindingMessage: 'RENT-4K8' }))).not.toBe(hash);
    expect(hashConsent(shown('1', { userId: 'auth0|grace' }))).not.toBe(hash);
  });
});
