import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { toYamlLines, toYamlText } from './yaml-lines.ts';

const read = (value: unknown): unknown => parse(toYamlText(toYamlLines(value)));

test('what is written is read again as the same', () => {
  const awkward = {
    texts: [
      ...[
        '',
        ' ',
        'yes',
        'no',
        'null',
        'True',
        '~',
        '0',
        '1e3',
        '12:30',
        '2026-01-01',
        '0x1f',
        '.5',
        '-',
        '- a',
      ],
      ...[
        'a: b',
        'a #b',
        'a:',
        'a\nb',
        "it's",
        '"quoted"',
        '`code`',
        '@at',
        '*star',
        '&and',
        '!bang',
        '%per',
      ],
      ...[
        '{issuer}api/v2/',
        '[x]',
        'a, b',
        'auth0|ada',
        'urn:openid:params:grant-type:ciba',
        'ends ',
        '?',
        '|',
      ],
      ...['http://localhost:3000/api#x', 'ключ', 'tab\there', '\u2028', 'null ', 'a{b}', 'NaN', '.inf', 'y'],
    ],
    'key: odd': 1,
    '': 2,
    nothing: null,
    yes: true,
    numbers: [0, -1, 1.5, 1e21],
    empty: { list: [], map: {} },
    nested: [{ a: { b: [{ c: 1, d: [[1], [2, 3]] }] } }, [], {}, 'x'],
  };
  expect(read(awkward)).toEqual(awkward);
  expect(read([])).toEqual([]);
  expect(read({})).toEqual({});
  expect(read('alone')).toBe('alone');
});

test('every line knows what it tells', () => {
  const lines = toYamlLines({ clients: [{ client_id: 'aiya', grant_types: ['a', 'b'] }], ciba: {} });
  expect(lines).toEqual([
    { text: 'clients:', path: ['clients'] },
    { text: '  - client_id: aiya', path: ['clients', 0, 'client_id'] },
    { text: '    grant_types:', path: ['clients', 0, 'grant_types'] },
    { text: '      - a', path: ['clients', 0, 'grant_types', 0] },
    { text: '      - b', path: ['clients', 0, 'grant_types', 1] },
    { text: 'ciba: {}', path: ['ciba'] },
  ]);
});
