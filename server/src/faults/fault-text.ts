// A fault in words, as every surface shows it: "token answers 429 (retry after 3 s), 2 more times, for aiya".
import type { FaultEffect, FaultPlan } from '../contract/index.ts';

export function describeFault(plan: FaultPlan, applied: number, requestName: string | undefined): string {
  const { on, does, times, probability, seed, after, client_id: clientId } = plan;
  const left = times === undefined ? undefined : times - applied;
  return [
    `${on} ${describeEffect(does)}`,
    ...(left === undefined ? [] : [left === 1 ? 'once more' : `${left} more times`]),
    ...(probability === undefined
      ? []
      : [`${Math.round(probability * 1000) / 10} % of the time (seed ${seed})`]),
    ...(after === 0 ? [] : [`after ${after} ${after === 1 ? 'match' : 'matches'}`]),
    ...(clientId === undefined ? [] : [`for ${clientId}`]),
    ...(requestName === undefined
      ? []
      : [`about ${requestName === 'next' ? 'the next request' : requestName}`]),
  ].join(', ');
}

function describeEffect(does: FaultEffect): string {
  switch (does.kind) {
    case 'answer':
      return `answers ${does.status}${does.retry_after === undefined ? '' : ` (retry after ${does.retry_after} s)`}`;
    case 'slow_down':
      return 'answers slow_down';
    case 'delay':
      return `is answered ${does.ms} ms late${does.when === 'after' ? ', having happened before' : ''}`;
    case 'drop':
      return does.when === 'before' ? 'is cut off' : 'happens and is cut off before the answer';
    case 'truncate':
      return 'is cut off amid the answer';
    case 'rotate_keys':
      return `rotates the signing key, the old one ${does.old === 'keep' ? 'kept' : 'withdrawn'}`;
    case 'stale_keys':
      return 'shows the keys from before the last rotation';
    case 'lose':
      return 'is lost';
    case 'late':
      return `comes ${does.ms} ms late`;
    case 'duplicate':
      return 'comes twice';
    case 'race_expiry':
      return does.first === 'decision'
        ? 'lands in the last instant before expiry'
        : 'lands just as the request expires';
    case 'transaction_failed':
      return 'fails inside';
    case 'break_tls':
      return {
        refuse: 'is refused in the TLS handshake',
        expired: 'shows an expired certificate',
        untrusted: 'shows a certificate of a stranger',
      }[does.how];
  }
}
