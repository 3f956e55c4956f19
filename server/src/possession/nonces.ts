// Nonces for DPoP proofs, RFC 9449 §8 and §9: they show that a proof was made recently, whatever the clock of its maker says. Nothing
// is kept: a nonce says when it was made and carries a code that only this server could have made.
import { createHmac, timingSafeEqual } from 'node:crypto';

const STEP_MS = 60_000;
/** A nonce counts in the step in which it was made and in so many after it. */
const STEPS = 5;

export class DpopNonces {
  readonly #secret: string | Uint8Array;
  readonly #clock: { now(): number };

  /** @param secret that nobody can guess */
  constructor(secret: string | Uint8Array, clock: { now(): number }) {
    this.#secret = secret;
    this.#clock = clock;
  }

  next(): string {
    return this.#make(this.#step());
  }

  accepts(nonce: string): boolean {
    const madeIn = Number.parseInt(nonce.split('.')[0] ?? '', 36);
    const age = this.#step() - madeIn;
    if (!(age >= 0 && age <= STEPS)) return false;
    const [expected, received] = [Buffer.from(this.#make(madeIn)), Buffer.from(nonce)];
    return expected.length === received.length && timingSafeEqual(expected, received);
  }

  #make(step: number): string {
    const text = step.toString(36);
    return `${text}.${createHmac('sha256', this.#secret).update(text).digest('base64url')}`;
  }

  #step(): number {
    return Math.floor(this.#clock.now() / STEP_MS);
  }
}
