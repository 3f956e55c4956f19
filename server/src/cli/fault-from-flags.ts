// What somebody typed as a fault, judged by the same schema as the server's, before anybody is asked.
import { type FaultInput, type FaultKind, type FaultPlace, faultInputSchema } from '../contract/index.ts';
import { Problem } from '../problem.ts';

export interface FaultFlags {
  on?: string;
  status?: number;
  retryAfter?: number;
  ms?: number;
  when?: string;
  old?: string;
  first?: string;
  how?: string;
  client?: string;
  request?: string;
  times?: number;
  after?: number;
  probability?: number;
  seed?: string;
}

/** Where something can happen alone, or first of all; the token endpoint else. */
const USUAL_PLACES: Readonly<Partial<Record<FaultKind, FaultPlace>>> = {
  stale_keys: 'jwks',
  lose: 'push',
  late: 'push',
  duplicate: 'push',
  race_expiry: 'decision',
  transaction_failed: 'callback',
  break_tls: 'connection',
};

/** How each kind is typed, with what it needs. */
const EXAMPLES: Readonly<Record<FaultKind, string>> = {
  answer: 'answer --on token --status 429 --retry-after 1 --times 2',
  slow_down: 'slow_down --times 1',
  delay: 'delay --on token --ms 3000 --when before',
  drop: 'drop --on token --when after --times 1',
  truncate: 'truncate --on token --times 1',
  rotate_keys: 'rotate_keys --on jwks --old keep',
  stale_keys: 'stale_keys --times 1',
  lose: 'lose --on push',
  late: 'late --on push --ms 60000',
  duplicate: 'duplicate --on push',
  race_expiry: 'race_expiry --first expiry',
  transaction_failed: 'transaction_failed --times 1',
  break_tls: 'break_tls --how expired --times 3',
};

/** @throws Problem `usage` with every finding */
export function faultFromFlags(kind: FaultKind, flags: FaultFlags): FaultInput {
  const fault = defined({
    on: flags.on ?? USUAL_PLACES[kind] ?? 'token',
    does: defined({
      kind,
      status: flags.status,
      retry_after: flags.retryAfter,
      ms: flags.ms,
      when: flags.when,
      old: flags.old,
      first: flags.first,
      how: flags.how,
    }),
    client_id: flags.client,
    request: flags.request,
    times: flags.times,
    after: flags.after,
    probability: flags.probability,
    seed: flags.seed,
  });
  const read = faultInputSchema.safeParse(fault);
  if (read.success) return read.data;
  const findings = read.error.issues.map(({ path, message }) => {
    const option = optionOf(path.map(String).at(-1) ?? '');
    const words = message
      .replace(/^Invalid (input|option): /, '')
      .replace(/received undefined$/, 'received none');
    return option === undefined ? words : `${option}: ${words}`;
  });
  throw new Problem('usage', `That is no fault of the kind ${kind}.`, {
    findings,
    hint: `assent faults add ${EXAMPLES[kind]}\nassent faults add --help`,
  });
}

function defined(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** As it is typed: what belongs to the effect as a whole has no option of its own. */
function optionOf(member: string): string | undefined {
  if (member === 'does' || member === 'kind' || member === '') return undefined;
  return `--${member === 'client_id' ? 'client' : member.replaceAll('_', '-')}`;
}
