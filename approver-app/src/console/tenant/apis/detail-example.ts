// An example of a type, made of what is known of it: where its words point to, and what Auth0's schema wants. Pure.
import { AUTH0_DETAIL_TYPE_PREFIX, type AuthorizationDetail } from 'assent/contract';
import type { DetailType } from './detail-types.tsx';

export function exampleOf({ type, display }: DetailType): AuthorizationDetail {
  if (type.startsWith(AUTH0_DETAIL_TYPE_PREFIX)) {
    return {
      type,
      instruction: 'Release this transfer',
      properties: {
        amount: { display: true, display_order: 1, name: 'Amount', value: '120.00 EUR' },
        to: { display: true, display_order: 2, name: 'To', value: 'Grace Hopper' },
        ref: { display: false, name: 'Reference', value: 'INV-7' },
      },
    };
  }
  const example: AuthorizationDetail = { type };
  place(example, display?.amount, '250.00');
  place(example, display?.currency, 'EUR');
  place(example, display?.to, 'Grace Hopper');
  for (const pointer of Object.keys(display?.labels ?? {})) place(example, pointer, '…');
  return example;
}

/** Sets the value at a JSON Pointer (RFC 6901) of members alone, where nothing stands yet. */
function place(target: Record<string, unknown>, pointer: string | undefined, value: unknown): void {
  const names = (pointer ?? '')
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = names.pop();
  if (last === undefined || last === '__proto__') return;
  let at = target;
  for (const name of names) {
    const next = at[name] ?? {};
    if (typeof next !== 'object' || next === null || name === '__proto__') return;
    at[name] = next;
    at = next as Record<string, unknown>;
  }
  if (!Object.hasOwn(at, last)) at[last] = value;
}
