// What a request comes to: the amounts of its authorization details, found where the display settings of their type say that
// they stand, or else where amounts usually do. Pure.
import {
  AMOUNT_BOUND,
  type AuthorizationDetail,
  type AuthorizationDetailTypeConfig,
} from '../contract/index.ts';
import { valueAt } from '../json-pointer.ts';
import { add, type Decimal, isAtMost, parseDecimal, ZERO } from './decimals.ts';

interface Amount {
  readonly amount: Decimal;
  /** In capitals; undefined where the details name none. */
  readonly currency: string | undefined;
}

/** The second is the payment of RFC 9396 §2. */
const USUAL_PLACES: ReadonlyArray<readonly [amount: string, currency: string]> = [
  ['/amount', '/currency'],
  ['/instructedAmount/amount', '/instructedAmount/currency'],
];

/** `up_to` or `at_least` as it was written. The schema has checked it. */
export function readBound(bound: string | number): Amount {
  const { amount = '', currency } = AMOUNT_BOUND.exec(String(bound))?.groups ?? {};
  return { amount: parseDecimal(amount === '' ? bound : amount) ?? ZERO, currency: currency?.toUpperCase() };
}

/** Whether no amount is within both bounds: the lower one is above the upper one, or they are in different currencies. */
export function areApart(upTo: string | number, atLeast: string | number): boolean {
  const [most, least] = [readBound(upTo), readBound(atLeast)];
  const isOneCurrency =
    most.currency === undefined || least.currency === undefined || most.currency === least.currency;
  return !isOneCurrency || !isAtMost(least.amount, most.amount);
}

/**
 * The sum of all details. Undefined where one of them has no amount, or a negative one, or where they differ in their
 * currency: then nobody can say what it comes to.
 */
export function totalOf(
  details: readonly AuthorizationDetail[],
  typeOf: (detail: AuthorizationDetail) => AuthorizationDetailTypeConfig | undefined,
): Amount | undefined {
  let total: Amount | undefined;
  for (const detail of details) {
    const one = amountOf(detail, typeOf(detail));
    if (one === undefined || one.amount.digits < 0n) return undefined;
    if (total !== undefined && total.currency !== one.currency) return undefined;
    total = { ...one, amount: add(total?.amount ?? ZERO, one.amount) };
  }
  return total;
}

function amountOf(
  detail: AuthorizationDetail,
  type: AuthorizationDetailTypeConfig | undefined,
): Amount | undefined {
  const { display } = type ?? {};
  const places = display?.amount === undefined ? USUAL_PLACES : [[display.amount, display.currency] as const];
  for (const [amountAt, currencyAt] of places) {
    const amount = parseDecimal(valueAt(detail, amountAt));
    if (amount === undefined) continue;
    const currency = currencyAt === undefined ? undefined : valueAt(detail, currencyAt);
    return { amount, currency: typeof currency === 'string' ? currency.toUpperCase() : undefined };
  }
  return undefined;
}
