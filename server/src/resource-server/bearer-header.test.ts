import { describe, expect, it } from 'vitest';
import { readBearerToken } from './bearer-header.ts';
import { challengeOf, refusalBody } from './bearer-refusal.ts';

describe('the token is found in', () => {
  it.each([
    ['a header value', 'Bearer abc.def.ghi'],
    ['a header value with another case of the scheme', 'bEARER abc.def.ghi'],
    ['a Node request', { headers: { authorization: 'Bearer abc.def.ghi' } }],
    [
      'a Fetch request',
      new Request('http://bank.example/', { headers: { authorization: 'Bearer abc.def.ghi' } }),
    ],
  ])('%s', (_name, source) => {
    expect(readBearerToken(source)).toEqual({ found: true, token: 'abc.def.ghi' });
  });
});

describe('a request without bearer credentials gets a bare challenge', () => {
  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['a Node request without the header', { headers: {} }],
    ['another scheme', 'Basic YWRhOnNlY3JldA=='],
  ])('%s', (_name, source) => {
    const credentials = readBearerToken(source);
    if (credentials.found) throw new Error('expected no token');
    expect(credentials.refusal.status).toBe(401);
    // RFC 6750 §3.1: no error code when the request lacks authentication information.
    expect(challengeOf(credentials.refusal)).toBe('Bearer');
    expect(challengeOf(credentials.refusal, 'bank')).toBe('Bearer realm="bank"');
  });
});

describe('a misspelt header is a bad request', () => {
  it.each([['Bearer'], ['Bearer '], ['Bearer one two'], ['Bearer a,b'], ['Bearer "abc"'], ['Bearer a=b']])(
    '%s',
    (header) => {
      const credentials = readBearerToken(header);
      if (credentials.found) throw new Error('expected no token');
      expect(credentials.refusal).toMatchObject({ status: 400, error: 'invalid_request' });
    },
  );
});

it('the challenge carries code, description and scope, and nothing that could leave its quotes', () => {
  const refusal = {
    status: 403,
    error: 'insufficient_scope',
    description: 'the "scope"\\\r\nX-Injected: no, Zoë',
    scope: 'create:transfer',
  } as const;
  expect(challengeOf(refusal, 'the "bank"')).toBe(
    `Bearer realm="the 'bank'", error="insufficient_scope", error_description="the 'scope'/?X-Injected: no, Zo?", scope="create:transfer"`,
  );
  expect(refusalBody(refusal)).toEqual({
    error: 'insufficient_scope',
    error_description: refusal.description,
  });
});
