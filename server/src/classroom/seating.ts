// Who sits where. A place is given once: whoever comes back with the same browser, or says so under the same name, gets the
// same one. Decides at once and in memory, so that two who press at the same moment get two places.
import { createHash } from 'node:crypto';
import type { Ids } from '../ids.ts';

export const LONGEST_NAME = 60;
/** More than anybody has. Beyond it the oldest is forgotten, so that nobody can fill the file of the class. */
const MOST_BROWSERS = 20;
/** Letters and signs to Unicode, and blank: fillers of Hangul and Khmer, the empty pattern of Braille, the joiner of graphemes. */
const BLANK = /[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]/u;

/** One seat. Its number is also that of its tenant. */
export interface Seat {
  readonly number: number;
  name: string | undefined;
  /** Hashes of the keys of the browsers that joined under this name. */
  browsers: string[];
}

/** What joining came to. `key` is for the cookie of the browser, and known to nobody else. */
export type Joining =
  | { result: 'seated'; seat: Seat; key: string }
  | { result: 'name_taken'; seat: Seat }
  | { result: 'full' };

export class Seating {
  readonly #seats: readonly Seat[];
  readonly #ids: Ids;

  constructor(seats: readonly Seat[], ids: Ids) {
    this.#seats = seats;
    this.#ids = ids;
  }

  get seats(): readonly Seat[] {
    return this.#seats;
  }

  seat(number: number): Seat | undefined {
    return this.#seats.find((one) => one.number === number);
  }

  /** The seat of the browser that holds this key. */
  seatOf(key: string | undefined): Seat | undefined {
    if (key === undefined) return undefined;
    const hash = hashOf(key);
    return this.#seats.find(({ browsers }) => browsers.includes(hash));
  }

  /** @param isBack the person says that the name is theirs already */
  join(name: string, isBack: boolean): Joining {
    const known = this.#seats.find((one) => one.name !== undefined && isSameName(one.name, name));
    if (known && !isBack) return { result: 'name_taken', seat: known };
    const seat = known ?? this.#seats.find((one) => one.name === undefined);
    if (!seat) return { result: 'full' };
    const key = this.#ids.make('', 43);
    seat.name ??= name;
    seat.browsers = [...seat.browsers, hashOf(key)].slice(-MOST_BROWSERS);
    return { result: 'seated', seat, key };
  }

  /** Takes back what `join` came to: the browser with this key never got its place. */
  takeBack(seat: Seat, key: string): void {
    const hash = hashOf(key);
    seat.browsers = seat.browsers.filter((one) => one !== hash);
    if (seat.browsers.length === 0) seat.name = undefined;
  }

  /** A name like this one that nobody has: `Ada 2`. */
  freeNameLike(name: string): string {
    for (let count = 2; ; count += 1) {
      const candidate = `${[...name].slice(0, LONGEST_NAME - 4).join('')} ${count}`;
      if (!this.#seats.some((one) => one.name !== undefined && isSameName(one.name, candidate)))
        return candidate;
    }
  }

  /** Whoever sat there has to join anew, and may get another place. */
  free(seat: Seat): void {
    seat.name = undefined;
    seat.browsers = [];
  }
}

/** The name as it is kept; undefined for one that is none. */
export function readName(text: string | undefined): string | undefined {
  const name = text?.normalize('NFC').replace(/\s+/g, ' ').trim();
  if (name === undefined || name === '' || [...name].length > LONGEST_NAME) return undefined;
  // What would change the order of reading, or cannot be seen, could pass for another name.
  return /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u.test(name) || BLANK.test(name) ? undefined : name;
}

function isSameName(one: string, other: string): boolean {
  const fold = (name: string): string => name.normalize('NFKC').toLowerCase();
  return fold(one) === fold(other);
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
