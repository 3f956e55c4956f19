// Whether a rule is meant for a request. Pure, and in time that is linear in what it reads: there are no regular expressions
// of others here, a star in a code is all there is.
import { isDeepStrictEqual } from 'node:util';
import type { Approval } from '../approvals/index.ts';
import type {
  AuthorizationDetail,
  AuthorizationDetailTypeConfig,
  Rule,
  ValueCondition,
} from '../contract/index.ts';
import { valueAt } from '../json-pointer.ts';
import { readBound, totalOf } from './amounts.ts';
import { isAtMost, parseDecimal } from './decimals.ts';

/** What of a request can be asked about. */
export type AskedRequest = Pick<
  Approval,
  'userId' | 'clientId' | 'audience' | 'scope' | 'bindingMessage' | 'authorizationDetails'
>;

/** @param types of the API that the request is for */
export function isMeant(
  rule: Rule,
  request: AskedRequest,
  types: readonly AuthorizationDetailTypeConfig[],
): boolean {
  const details = request.authorizationDetails ?? [];
  return (
    isSame(rule.user_id, request.userId) &&
    isSame(rule.client_id, request.clientId) &&
    isSame(rule.audience, request.audience) &&
    (rule.scope ?? '').split(' ').every((scope) => scope === '' || request.scope.includes(scope)) &&
    (rule.binding_message === undefined || fitsStars(request.bindingMessage, rule.binding_message)) &&
    areOfType(rule, details) &&
    isWithinBounds(rule, details, types) &&
    satisfy(rule, details)
  );
}

function isSame(wanted: string | undefined, received: string | undefined): boolean {
  return wanted === undefined || wanted === received;
}

/** Each part between two stars is taken where it first comes: what is left for the others is then the most there can be. */
function fitsStars(text: string, pattern: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const part of others) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}

function areOfType({ type }: Rule, details: readonly AuthorizationDetail[]): boolean {
  return type === undefined || (details.length > 0 && details.every((detail) => detail.type === type));
}

function isWithinBounds(
  rule: Rule,
  details: readonly AuthorizationDetail[],
  types: readonly AuthorizationDetailTypeConfig[],
): boolean {
  if (rule.up_to === undefined && rule.at_least === undefined) return true;
  const total = totalOf(details, (detail) => types.find(({ type }) => type === detail.type));
  if (total === undefined) return false;
  const isBound = (bound: string | number | undefined, isUpper: boolean): boolean => {
    if (bound === undefined) return true;
    const { amount, currency } = readBound(bound);
    if (currency !== undefined && currency !== total.currency) return false;
    return isUpper ? isAtMost(total.amount, amount) : isAtMost(amount, total.amount);
  };
  return isBound(rule.up_to, true) && isBound(rule.at_least, false);
}

function satisfy({ where }: Rule, details: readonly AuthorizationDetail[]): boolean {
  const conditions = Object.entries(where ?? {});
  if (conditions.length === 0) return true;
  return (
    details.length > 0 &&
    details.every((detail) =>
      conditions.every(([pointer, condition]) => holds(condition, valueAt(detail, pointer))),
    )
  );
}

function holds(condition: ValueCondition, value: unknown): boolean {
  if (condition.exists !== undefined && condition.exists !== (value !== undefined)) return false;
  if (condition.equals !== undefined && !isDeepStrictEqual(value, condition.equals)) return false;
  if (condition.one_of && !condition.one_of.some((one) => isDeepStrictEqual(value, one))) return false;
  if (condition.at_most === undefined && condition.at_least === undefined) return true;
  const number = parseDecimal(value);
  if (number === undefined) return false;
  const [most, least] = [parseDecimal(condition.at_most), parseDecimal(condition.at_least)];
  return (most === undefined || isAtMost(number, most)) && (least === undefined || isAtMost(least, number));
}
