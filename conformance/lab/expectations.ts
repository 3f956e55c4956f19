// What the catalogue says of answers again and again.
import { expect } from 'vitest';
import type { Answer } from '../client/exchange.ts';
import type { Lab } from './lab.ts';

/** RFC 6749 §5.2: printable ASCII without quotation mark and backslash. */
const ERROR_TEXT = /^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/;
const ERROR_MEMBERS = ['error', 'error_description', 'error_uri'];

/** A refusal in the shape of OAuth, RFC 6749 §5.2 and CIBA Core §13, with one of the statuses and one of the codes. */
export function expectRefusal(
  answer: Answer,
  status: number | readonly number[],
  ...codes: readonly string[]
): void {
  const described = `${answer.status} ${answer.text.slice(0, 300)}`;
  expect([status].flat(), described).toContain(answer.status);
  const body = expectErrorShape(answer);
  expect(codes, described).toContain(body['error']);
}

/** A refusal by one of these pairs of status and code, where a requirement leaves a choice between them. */
export function expectOneRefusal(
  answer: Answer,
  ...pairs: ReadonlyArray<readonly [status: number, code: string]>
): void {
  const body = expectErrorShape(answer);
  expect(pairs, `${answer.status} ${answer.text.slice(0, 300)}`).toContainEqual([
    answer.status,
    body['error'],
  ]);
}

export function expectErrorShape(answer: Answer): Record<string, unknown> {
  const described = `${answer.status} ${answer.text.slice(0, 300)}`;
  expect(answer.headers['content-type'], described).toMatch(/^application\/json\b/);
  const body = answer.json() as Record<string, unknown>;
  expect(
    Object.keys(body).filter((name) => !ERROR_MEMBERS.includes(name)),
    described,
  ).toEqual([]);
  expect(body['error'], described).toMatch(ERROR_TEXT);
  return body;
}

/** Words in the characters of RFC 6749 §5.2, whatever was sent. */
export function expectErrorText(answer: Answer): void {
  const body = expectErrorShape(answer);
  if (body['error_description'] !== undefined) expect(body['error_description']).toMatch(ERROR_TEXT);
  if (body['error_uri'] !== undefined) expect(body['error_uri']).toMatch(/^[\x21\x23-\x5B\x5D-\x7E]+$/);
}

/** The request was accepted; gives its auth_req_id. */
export function expectAccepted(answer: Answer): string {
  expect(answer.status, answer.text).toBe(200);
  const { auth_req_id: authReqId } = answer.json();
  expect(authReqId).toMatch(/^[A-Za-z0-9._-]+$/);
  return authReqId;
}

export function expectTokens(answer: Answer): Record<string, unknown> {
  expect(answer.status, answer.text).toBe(200);
  const tokens = answer.json();
  expect(tokens).toMatchObject({ access_token: expect.any(String), token_type: expect.any(String) });
  return tokens;
}

/** What a requirement lets happen in several ways: the first part of the answer that fits. */
export function isRefused(answer: Answer): boolean {
  return answer.status >= 400 && answer.status < 500;
}

/** Credentials that do not hold, in the words of each profile. */
export function expectBadCredentials(lab: Lab, answer: Answer): void {
  // auth0, recorded: one answer for an unknown client and for wrong credentials.
  if (lab.profile === 'auth0') expectRefusal(answer, 401, 'access_denied', 'invalid_client');
  else expectRefusal(answer, 401, 'invalid_client');
}

/** Claims of a JWT, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return decodePart(token, 1);
}

export function headerOf(token: string): Record<string, unknown> {
  return decodePart(token, 0);
}

function decodePart(token: string, index: number): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;
}
