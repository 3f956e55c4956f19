import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { formatEnv } from './env.ts';

const env = { PLAIN: 'localhost:4443', ODD: `it's "$HOME" #1` };

test('a shell gets back exactly the values, whatever is in them', () => {
  const script = `${formatEnv(env, 'shell')}\nprintf '%s|%s' "$PLAIN" "$ODD"`;
  expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe(`${env.PLAIN}|${env.ODD}`);
});

test('a .env file and the file of GitHub get one line each', () => {
  expect(formatEnv({ PLAIN: 'a/b:1', SPACED: 'a b' }, 'dotenv')).toBe("PLAIN=a/b:1\nSPACED='a b'");
  expect(formatEnv({ PLAIN: 'a/b:1', SPACED: 'a b' }, 'github')).toBe('PLAIN=a/b:1\nSPACED=a b');
});

test('JSON is JSON', () => {
  expect(JSON.parse(formatEnv(env, 'json'))).toEqual(env);
});
