// What an approver makes of the details: all of them as they were asked, unless their types let something be struck out or
// filled in. Judges an array that somebody says was granted, and says in words how it differs. RFC 9396 §7. Pure.
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type {
  ApproverMay,
  AuthorizationDetail,
  ConsentChoice,
  ConsentSection,
  GrantChange,
} from '../contract/index.ts';
import { DEEPEST_LEVEL, isJsonObject, isNestedTooDeeply } from '../json-object.ts';
import { appendToPointer } from '../json-pointer.ts';
import type { Approval } from './approval.ts';
import { isOpen } from './approver-may.ts';
import { textOf } from './consent-text.ts';

declare const brand: unique symbol;

/** What was granted where that is not what was asked. Only `judgeGranted` makes one. */
export interface Grant {
  readonly details: readonly AuthorizationDetail[];
  readonly changes: readonly GrantChange[];
  /** base64url SHA-256 over the details: what a passkey is asked to approve. */
  readonly hash: string;
  readonly [brand]: 'Grant';
}

/** `grant` is left out where everything was granted as it was asked. `finding` completes "granted_details …". */
export type GrantVerdict = { readonly grant?: Grant } | { readonly finding: string };

/** What the tokens of an approved request carry. */
export function grantedDetailsOf(
  approval: Pick<Approval, 'authorizationDetails' | 'decision'>,
): readonly AuthorizationDetail[] | undefined {
  return approval.decision?.grant?.details ?? approval.authorizationDetails;
}

/** Whether `received` is something that the approver of this request may grant. */
export function judgeGranted(
  { authorizationDetails: asked = [], consent }: Pick<Approval, 'authorizationDetails' | 'consent'>,
  received: readonly unknown[],
): GrantVerdict {
  if (asked.length === 0) return { finding: 'cannot be given: the request has no authorization_details' };
  if (received.length === 0) {
    return { finding: 'must keep at least one object; who wants none of them denies the request' };
  }
  if (isNestedTooDeeply(received))
    return { finding: `must not be nested more than ${DEEPEST_LEVEL} levels deep` };
  const entries = asked.map((detail, index) => new Entry(detail, index, consent.sections[index]));
  const aligned = align(entries, received);
  if ('finding' in aligned) return aligned;
  const { details, changes } = aligned;
  if (changes.length === 0) return {};
  const hash = createHash('sha256').update(JSON.stringify(details)).digest('base64url');
  return { grant: { details, changes, hash } as unknown as Grant };
}

interface Aligned {
  details: AuthorizationDetail[];
  changes: GrantChange[];
}

/** Matches the granted objects with the requested ones, in order; what has no match was struck out. */
function align(entries: readonly Entry[], received: readonly unknown[]): Aligned | { finding: string } {
  const deadEnds = new Set<string>();
  let finding = '';
  const from = (place: number, next: number): Aligned | undefined => {
    const entry = entries[place];
    if (entry === undefined) {
      if (next === received.length) return { details: [], changes: [] };
      finding ||= `has ${received.length} objects, more than can be matched with those that were asked`;
      return undefined;
    }
    const key = `${place} ${next}`;
    if (deadEnds.has(key)) return undefined;
    if (next < received.length) {
      const read = entry.read(received[next]);
      const rest = 'detail' in read ? from(place + 1, next + 1) : undefined;
      if ('detail' in read && rest !== undefined) {
        return { details: [read.detail, ...rest.details], changes: [...read.changes, ...rest.changes] };
      }
      if ('finding' in read) finding ||= `differs where it must not: ${read.finding}`;
    }
    if (entry.may.remove) {
      const rest = from(place + 1, next);
      if (rest !== undefined) return { details: rest.details, changes: [entry.struckOut(), ...rest.changes] };
    } else finding ||= `lacks the object ${place}, which may not be struck out`;
    deadEnds.add(key);
    return undefined;
  };
  return from(0, 0) ?? { finding: finding || 'is no part of what was asked' };
}

const NOTHING: ApproverMay = { remove: false, shorten: [], choose: [] };

/** One requested object and what may become of it. */
class Entry {
  readonly may: ApproverMay;
  readonly #asked: AuthorizationDetail;
  readonly #index: number;
  readonly #section: ConsentSection | undefined;

  constructor(asked: AuthorizationDetail, index: number, section: ConsentSection | undefined) {
    this.may = section?.may ?? NOTHING;
    this.#asked = asked;
    this.#index = index;
    this.#section = section;
  }

  struckOut(): GrantChange {
    return {
      kind: 'struck_out',
      entry: this.#index,
      path: '',
      label: this.#section?.title ?? this.#asked.type,
      value: this.#section?.rows.find(({ kind }) => kind !== 'group')?.value ?? '',
    };
  }

  /** The object as it is granted, made of what was asked: nothing of `received` but what was chosen gets in. */
  read(received: unknown): { detail: AuthorizationDetail; changes: GrantChange[] } | { finding: string } {
    const changes: GrantChange[] = [];
    const findings: string[] = [];
    const detail = this.#compare(this.#asked, received, '', changes, findings);
    const [finding] = findings;
    // Of the shape of what was asked, which is one.
    return finding === undefined ? { detail: detail as AuthorizationDetail, changes } : { finding };
  }

  #compare(
    asked: unknown,
    received: unknown,
    path: string,
    changes: GrantChange[],
    findings: string[],
  ): unknown {
    const choice = this.may.choose.find((one) => one.path === path);
    if (choice !== undefined && !isDeepStrictEqual(asked, received))
      return this.#chosen(choice, received, changes, findings);
    if (Array.isArray(asked) && Array.isArray(received)) {
      if (this.may.shorten.includes(path)) return this.#shortened(asked, received, path, changes, findings);
      if (asked.length !== received.length) findings.push(`${this.#at(path)} has another length`);
      return asked.map((element, at) =>
        this.#compare(element, received[at], appendToPointer(path, at), changes, findings),
      );
    }
    if (isJsonObject(asked) && isJsonObject(received)) {
      const choosable = this.may.choose.map((one) => one.path);
      const added = Object.keys(received).filter((name) => !Object.hasOwn(asked, name));
      for (const name of added) {
        const place = appendToPointer(path, name);
        if (!choosable.includes(place)) findings.push(`${this.#at(place)} was not asked for`);
      }
      const names = [...Object.keys(asked), ...added];
      return Object.fromEntries(
        names.map((name) => {
          const place = appendToPointer(path, name);
          if (!Object.hasOwn(received, name)) findings.push(`${this.#at(place)} is missing`);
          const before = Object.hasOwn(asked, name) ? asked[name] : undefined;
          return [name, this.#compare(before, received[name], place, changes, findings)];
        }),
      );
    }
    if (!isDeepStrictEqual(asked, received)) findings.push(`${this.#at(path)} has another value`);
    return asked;
  }

  #shortened(
    asked: readonly unknown[],
    received: readonly unknown[],
    path: string,
    changes: GrantChange[],
    findings: string[],
  ): unknown[] {
    if (received.length === 0) findings.push(`${this.#at(path)} must keep at least one element`);
    const list = this.#rowAt(path);
    let next = 0;
    const kept = asked.filter((element, at) => {
      if (next < received.length && isDeepStrictEqual(element, received[next])) {
        next += 1;
        return true;
      }
      const place = appendToPointer(path, at);
      changes.push({
        kind: 'struck_out',
        entry: this.#index,
        path: place,
        label: list?.label ?? path,
        value: this.#rowAt(place)?.value || textOf(element),
      });
      return false;
    });
    if (next < received.length)
      findings.push(`${this.#at(path)} has an element that was not asked for there`);
    return kept;
  }

  #chosen(choice: ConsentChoice, received: unknown, changes: GrantChange[], findings: string[]): unknown {
    const chosen = choice.many ? (Array.isArray(received) ? received : undefined) : [received];
    const options = chosen?.map((value) =>
      choice.options.find((option) => isDeepStrictEqual(option.value, value)),
    );
    const known = options?.filter((option) => option !== undefined) ?? [];
    if (isOpen(chosen) || known.length !== chosen?.length || new Set(known).size !== known.length) {
      findings.push(
        `${this.#at(choice.path)} must be ${choice.many ? 'some' : 'one'} of the values that are offered, or stay open`,
      );
      return received;
    }
    changes.push({
      kind: 'chosen',
      entry: this.#index,
      path: choice.path,
      label: choice.label,
      value: known.map(({ label }) => label).join(', '),
    });
    return choice.many ? known.map(({ value }) => value) : known[0]?.value;
  }

  #rowAt(path: string): ConsentSection['rows'][number] | undefined {
    return this.#section?.rows.find((row) => row.path === path);
  }

  #at(path: string): string {
    return `${path || 'the object'} of object ${this.#index}`;
  }
}
