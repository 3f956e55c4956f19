// Turns what somebody types into what an agent would send: details where the wish is a simple payment, else only a text.
import type { AuthorizationDetail } from '../contract/index.ts';

/** auth0: Client-Initiated Backchannel Authentication Flow, `binding_message`. */
const LONGEST_MESSAGE = 64;
const OUTSIDE_CHARSET = /[^A-Za-z0-9\s+\-_.,:#]/g;

const CURRENCIES: Readonly<Record<string, string>> = { '€': 'EUR', $: 'USD', '£': 'GBP', '¥': 'JPY' };

const PAYMENT =
  /^(?:pay|transfer|send|give)\s+(?:(?<amount>\d+(?:[.,]\d{1,2})?)\s*(?<currency>[a-z]{3}|[€$£¥])|(?<currencyFirst>[a-z]{3}|[€$£¥])\s*(?<amountLast>\d+(?:[.,]\d{1,2})?))\s+to\s+(?<to>.*\S)\s*$/iu;

/** "Pay 42 EUR to Grace" as `transfer_funds`; undefined for anything less plain. */
export function parseWish(wish: string): AuthorizationDetail | undefined {
  const found = PAYMENT.exec(wish.trim())?.groups;
  if (!found) return undefined;
  const amount = found['amount'] ?? found['amountLast'] ?? '';
  const currency = found['currency'] ?? found['currencyFirst'] ?? '';
  return {
    type: 'transfer_funds',
    amount: Number(amount.replace(',', '.')).toFixed(2),
    currency: CURRENCIES[currency] ?? currency.toUpperCase(),
    to: found['to'] ?? '',
  };
}

/** The nearest text that Auth0 accepts as a binding message. */
export function toBindingMessage(wish: string): string {
  return wish
    .replace(/[€$£¥]/g, (sign) => ` ${CURRENCIES[sign]} `)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(OUTSIDE_CHARSET, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST_MESSAGE)
    .trim();
}
