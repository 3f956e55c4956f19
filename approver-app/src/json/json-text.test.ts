import { expect, test } from 'vitest';
import { compareJson } from './json-difference.ts';
import { findInJson, moveInTree, readRows } from './json-rows.ts';
import { copyText, indentJson, type JsonNode, readJson } from './json-text.ts';

function nodeOf(text: string): JsonNode {
  const reading = readJson(text);
  if (!reading.ok) throw new Error(`Not read: stopped at ${reading.position}.`);
  return reading.root;
}

test('numbers that JavaScript cannot hold, escapes and the order of members come out as they went in', () => {
  const text = '{"z":9007199254740993123,"2":1.10,"1":1e400,"a":"\\u00e9\\/","empty":{},"list":[ ]}';
  expect(indentJson(nodeOf(text))).toBe(
    `{
  "z": 9007199254740993123,
  "2": 1.10,
  "1": 1e400,
  "a": "\\u00e9\\/",
  "empty": {},
  "list": []
}`,
  );
});

test('a member that is there twice is shown twice, and each of them folds by itself', () => {
  const rows = readRows(nodeOf('{"amount":{"v":1},"amount":{"v":2}}'), (node) => node.id === '/amount');
  expect(rows.map(({ node, label }) => [label, node.id])).toEqual([
    [undefined, ''],
    ['amount', '/amount'],
    ['amount', '/amount#2'],
    ['v', '/amount#2/v'],
  ]);
});

test('the path of a value is a JSON pointer, also where names have slashes and tildes', () => {
  const rows = readRows(nodeOf('{"a/b":[{"c~d":"é"}]}'), () => false);
  expect(rows.at(-1)?.node.pointer).toBe('/a~1b/0/c~0d');
  expect(rows.map(({ node }) => copyText(node)).at(-1)).toBe('é');
});

test('what is not JSON is told by its position', () => {
  const positions = ['', '{"a":1,}', '[1 2]', '{"a" 1}', '"\n"', '01', '{} x', 'nul', '-'].map((text) => {
    const reading = readJson(text);
    return reading.ok ? 'read' : reading.position;
  });
  expect(positions).toEqual([0, 7, 3, 5, 0, 1, 3, 0, 0]);
});

test('a text that is nested without end is refused instead of filling the stack', () => {
  expect(readJson('['.repeat(100_000)).ok).toBe(false);
});

test('the parser agrees with JSON.parse about what is JSON', () => {
  const samples = [
    '{"a":[1,-0.5e+3,true,null,"\\""]}',
    ' [ ] ',
    '"\\u12"',
    '[1,]',
    '{"a":}',
    '1.',
    '.5',
    '+1',
    '"\t"',
  ];
  for (const sample of samples) {
    const isJson = (() => {
      try {
        JSON.parse(sample);
        return true;
      } catch {
        return false;
      }
    })();
    expect([sample, readJson(sample).ok]).toEqual([sample, isJson]);
  }
});

test('a search finds names and values, not the positions of a list', () => {
  const root = nodeOf('{"items":[{"Payee":"Hotel Aurora"},{"sum":420}],"note":"0"}');
  expect(findInJson(root, 'payee')).toEqual(['/items/0/Payee']);
  expect(findInJson(root, 'AURORA')).toEqual(['/items/0/Payee']);
  expect(findInJson(root, '0')).toEqual(['/items/1/sum', '/note']);
  expect(findInJson(root, ' ')).toEqual([]);
});

test('values that say the same are identical, however their numbers and members are written', () => {
  const approved = nodeOf('[{"type":"transfer","amount":250.50,"to":{"name":"Grace","iban":"DE02"}}]');
  const carried = nodeOf('[{"to":{"iban":"DE02","name":"Gr\\u0061ce"},"amount":2.505e2,"type":"transfer"}]');
  expect(compareJson(approved, carried)).toEqual([]);
});

test('each place that differs is named, with what was there before and what is there now', () => {
  const approved = nodeOf('[{"amount":9007199254740993,"to":"Grace","note":"Rent"},{"type":"x"}]');
  const carried = nodeOf('[{"amount":9007199254740992,"to":["Grace"],"fee":1}]');
  expect(compareJson(approved, carried)).toEqual([
    { pointer: '/0/amount', before: '9007199254740993', after: '9007199254740992' },
    { pointer: '/0/to', before: '"Grace"', after: '["Grace"]' },
    { pointer: '/0/note', before: '"Rent"' },
    { pointer: '/0/fee', after: '1' },
    { pointer: '/1', before: '{"type":"x"}' },
  ]);
});

test('arrow keys walk the rows, open and close what can be folded, and lead back to what is around', () => {
  const root = nodeOf('{"a":{"b":1},"c":[]}');
  const open = readRows(root, () => false);
  const closed = readRows(root, ({ id }) => id === '/a');
  const keys = (rows: typeof open, selected: string, ...pressed: string[]) =>
    pressed.map((key) => moveInTree(rows, selected, key));
  expect(keys(open, '/a', 'ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'Enter', 'End', 'x')).toEqual([
    { select: '/a/b' },
    { select: '' },
    { fold: '/a', isFolded: true },
    { select: '/a/b' },
    { fold: '/a', isFolded: true },
    { select: '/c' },
    undefined,
  ]);
  expect(keys(closed, '/a', 'ArrowDown', 'ArrowLeft', 'ArrowRight')).toEqual([
    { select: '/c' },
    { select: '' },
    { fold: '/a', isFolded: false },
  ]);
  expect(keys(open, '/c', 'ArrowDown', 'ArrowRight', 'Enter')).toEqual([
    { select: '/c' },
    undefined,
    undefined,
  ]);
});
