// Requests as they were, secrets included, so that somebody who asks for it can repeat one. In memory alone and bounded: never
// in the trace, a snapshot, an export or on disk, and gone with the world.
import type { OriginalExchange } from '../contract/index.ts';

type OriginalRequest = OriginalExchange['request'];

/** As Node read it: names and values of headers in turn. Few are ever asked for, so pairs are made of them then. */
export interface KeptRequest extends Omit<OriginalRequest, 'headers'> {
  rawHeaders: readonly string[];
}

const MOST_ORIGINALS = 1_000;
/** Of all bodies and headers together, in characters. */
const MOST_CHARACTERS = 4_000_000;

export class Originals {
  /** By number of the event. */
  readonly #requests = new Map<number, { request: KeptRequest; characters: number }>();
  /** Oldest first; what lies before `#oldest` has been given up. */
  #numbers: number[] = [];
  #oldest = 0;
  #characters = 0;

  keep(number: number, request: KeptRequest): void {
    const characters = sizeOf(request);
    this.#requests.set(number, { request, characters });
    this.#numbers.push(number);
    this.#characters += characters;
    while (this.#requests.size > MOST_ORIGINALS || this.#characters > MOST_CHARACTERS) this.#forgetOldest();
    if (this.#oldest <= MOST_ORIGINALS) return;
    this.#numbers = this.#numbers.slice(this.#oldest);
    this.#oldest = 0;
  }

  #forgetOldest(): void {
    const number = this.#numbers[this.#oldest] ?? 0;
    this.#oldest += 1;
    this.#characters -= this.#requests.get(number)?.characters ?? 0;
    this.#requests.delete(number);
  }

  get(number: number): OriginalRequest | undefined {
    const kept = this.#requests.get(number);
    if (!kept) return undefined;
    const { rawHeaders, ...request } = kept.request;
    const headers = rawHeaders.flatMap((name, at) => {
      const value = rawHeaders[at + 1];
      return at % 2 === 0 && value !== undefined ? [{ name, value }] : [];
    });
    return { ...request, headers };
  }
}

function sizeOf({ method, url, rawHeaders, body = '' }: KeptRequest): number {
  let characters = method.length + url.length + body.length;
  for (const text of rawHeaders) characters += text.length;
  return characters;
}
