// Compares what was approved with what is about to happen. Pure. Both sides must say exactly the same: a member more on
// either side is a difference, because a right that nobody approved and an approval for something else are both wrong.
import { DEEPEST_LEVEL, isJsonObject, isNestedTooDeeply } from '../json-object.ts';
import { appendToPointer } from '../json-pointer.ts';

/** One place where the two disagree. */
export interface DetailDifference {
  /** JSON Pointer (RFC 6901) into the array of authorization details: `/0/amount`. */
  readonly path: string;
  /** What the token says; left out when the token has nothing there. */
  readonly approved?: unknown;
  /** What the request is about to do; left out when it has nothing there. */
  readonly requested?: unknown;
}

// Beyond 2^53-1 several numbers of the JSON text share one JavaScript number, so equality of the texts is unknown.
function isSameScalar(approved: unknown, requested: unknown): boolean {
  if (typeof approved === 'number' && Math.abs(approved) > Number.MAX_SAFE_INTEGER) return false;
  return approved === requested;
}

function compare(approved: unknown, requested: unknown, path: string, found: DetailDifference[]): void {
  if (Array.isArray(approved) && Array.isArray(requested)) {
    for (let index = 0; index < Math.max(approved.length, requested.length); index += 1) {
      const inside = appendToPointer(path, index);
      if (index >= approved.length) found.push({ path: inside, requested: requested[index] });
      else if (index >= requested.length) found.push({ path: inside, approved: approved[index] });
      else compare(approved[index], requested[index], inside, found);
    }
  } else if (isJsonObject(approved) && isJsonObject(requested)) {
    for (const key of new Set([...Object.keys(approved), ...Object.keys(requested)])) {
      const inside = appendToPointer(path, key);
      if (!Object.hasOwn(approved, key)) found.push({ path: inside, requested: requested[key] });
      else if (!Object.hasOwn(requested, key)) found.push({ path: inside, approved: approved[key] });
      else compare(approved[key], requested[key], inside, found);
    }
  } else if (!isSameScalar(approved, requested)) {
    found.push({ path, approved, requested });
  }
}

/**
 * Every place where the approved details and the requested ones differ; empty means that they are the same.
 *
 * The order of object members does not count, RFC 8259 §4. Everything else does: types (`25` is not `"25"`), letter case,
 * order and length of arrays, `null` against absent, and additional members on either side. Numbers beyond ±(2^53 − 1)
 * never count as equal, nor does what is nested more than 100 deep.
 *
 * RFC 9396 §6.1 leaves comparison to each API and warns of treating a different grant as covering the request; equality
 * is the answer that needs no knowledge of the type.
 *
 * @param approved the token's `authorization_details`
 * @param requested the details of the action at hand, built by the API from the request that it received
 */
export function findDetailDifferences(
  approved: readonly unknown[],
  requested: readonly unknown[],
): DetailDifference[] {
  // Neither comparing nor telling such a value would come to an end; what can be approved is far from that deep.
  const tooDeep = `something that is nested more than ${DEEPEST_LEVEL} deep`;
  if (isNestedTooDeeply(requested)) return [{ path: '', requested: tooDeep }];
  if (isNestedTooDeeply(approved)) return [{ path: '', approved: tooDeep }];
  const found: DetailDifference[] = [];
  compare(approved, requested, '', found);
  return found;
}

const LONGEST_SHOWN_VALUE = 60;

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST_SHOWN_VALUE ? `${text.slice(0, LONGEST_SHOWN_VALUE)}…` : text;
}

/** One difference as text: `/0/amount: approved "25.00", requested "250.00"`. */
export function describeDifference(difference: DetailDifference): string {
  const approved = 'approved' in difference ? `approved ${show(difference.approved)}` : 'not approved';
  const requested = 'requested' in difference ? `requested ${show(difference.requested)}` : 'not requested';
  return `${difference.path || '/'}: ${approved}, ${requested}`;
}
