// Calls as lines for a terminal.
import { expect, test } from 'vitest';
import { toCurl, tokenLine } from './curl.ts';

const origin = 'https://localhost:4443';
const call = {
  method: 'PATCH',
  path: '/api/v2/clients/a',
  body: { name: "it's", client_secret: 's3cret' },
} as const;

test('without secrets the line names variables, and members that are secret are dots', () => {
  expect(toCurl(call, { origin, needsControlToken: false })).toBe(
    [
      'curl',
      '--cacert "$ASSENT_CA"',
      '-X PATCH',
      "'https://localhost:4443/api/v2/clients/a'",
      '-H "Authorization: Bearer $MANAGEMENT_TOKEN"',
      "-H 'Content-Type: application/json'",
      `-d '{"name":"it'\\''s","client_secret":"…"}'`,
    ].join(' \\\n  '),
  );
});

test('a line that runs has the token and the body as they are', () => {
  const line = toCurl(call, { origin, needsControlToken: false, authorization: 'Bearer abc' });
  expect(line).toContain("-H 'Authorization: Bearer abc'");
  expect(line).toContain('"client_secret":"s3cret"');
});

test('the control API needs a header only where it asks for its token', () => {
  const read = { path: '/control/requests' };
  const http = 'http://localhost:4443';
  expect(toCurl(read, { origin: http, needsControlToken: false })).toBe(
    "curl \\\n  'http://localhost:4443/control/requests'",
  );
  expect(toCurl(read, { origin: http, needsControlToken: true })).toContain('Bearer $ASSENT_CONTROL_TOKEN');
});

test('how to get a token for the Management API is a line of its own', () => {
  expect(tokenLine(call, 'http://localhost:1', false)).toBe(
    `MANAGEMENT_TOKEN=$(curl -s -X POST 'http://localhost:1/control/management-token' -H 'Content-Type: application/json' -d '{}' | jq -r .access_token)`,
  );
  expect(tokenLine({ path: '/control/clock' }, origin, false)).toBeUndefined();
});
