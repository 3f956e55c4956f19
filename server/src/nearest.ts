// Guesses what somebody meant, for "Did you mean …?". No guess is better than a far-fetched one.
import leven from 'leven';

/** Nobody mistypes more than this, and comparing takes the product of both lengths. */
const LONGEST_TEXT = 256;

/** The name that `received` was probably meant to be, or undefined when none is near. */
export function findNearest(received: string, candidates: readonly string[]): string | undefined {
  if (received.length > LONGEST_TEXT) return undefined;
  const wanted = plain(received);
  if (wanted.length < 2) return undefined;
  const farthest = Math.max(wanted.length > 3 ? 2 : 1, Math.floor(wanted.length / 3));
  return nearest(candidates, (candidate) => distanceBetween(wanted, plain(candidate)), farthest);
}

/** A text that differs in more than this part of the longer of the two is no guess. */
const FARTHEST_PART = 0.45;

/** The candidate whose text, letter by letter, differs least from `received`; undefined when none is near. */
export function findNearestText<T>(
  received: string,
  candidates: readonly T[],
  textOf: (candidate: T) => string,
): T | undefined {
  if (received.length > LONGEST_TEXT) return undefined;
  const partThatDiffers = (text: string): number =>
    leven(received, text) / Math.max(received.length, text.length, 1);
  return nearest(candidates, (candidate) => partThatDiffers(textOf(candidate)), FARTHEST_PART);
}

/** The first of those with the least distance. */
function nearest<T>(
  candidates: readonly T[],
  distanceTo: (candidate: T) => number,
  farthest: number,
): T | undefined {
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: distanceTo(candidate) }))
    .filter(({ distance }) => distance <= farthest)
    .sort((a, b) => a.distance - b.distance);
  return best?.candidate;
}

/** "grantTypes", "grant-types" and "grant_types" are the same name, spelt differently. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** 0 for the same name, 1 where one contains the other ("ciba" in the grant's URN), else the edits between them. */
function distanceBetween(wanted: string, candidate: string): number {
  if (wanted === candidate) return 0;
  const singular = wanted.length > 3 ? wanted.replace(/s$/, '') : wanted;
  if (singular.length >= 3 && candidate.includes(singular)) return 1;
  return Math.max(1, leven(wanted, candidate));
}
