// Many random requests at one server, and what must be true all the while: every answer is an answer, a plain request is served
// as before, and nothing of what was refused reaches a person. `fuzz.test.ts` sends some, `fuzz.ts` as many as one likes.
import fc from 'fast-check';
import { complaintAbout, fire } from './firing.ts';
import { type Shot, shot } from './shots.ts';
import { Target } from './target.ts';

export interface FuzzingOptions {
  requests: number;
  /** Of fast-check: the same one sends the same again. */
  seed: number;
  report?: (done: Progress) => void;
}

export interface Progress {
  requests: number;
  /** Grown since the start, which is when it had answered some. */
  grownBytes: number;
}

/** Between two looks at how the server is. */
const VOLLEY = 250;
const WARM_UP_VOLLEYS = 2;
/** Longer than any request lives and is remembered. */
const AN_HOUR_MS = 3_600_000;

/** @throws Error with the smallest request that breaks something, and the seed */
export async function fuzz({ requests, seed, report = () => undefined }: FuzzingOptions): Promise<Progress> {
  await using target = await Target.start();
  const attack = new Attack(target);
  // Everything that is loaded and compiled once is so after some.
  for (let volley = 1; volley <= WARM_UP_VOLLEYS; volley += 1) await attack.volley(seed - volley, VOLLEY);
  const atStart = await target.rssBytes();
  let progress: Progress = { requests: 0, grownBytes: 0 };
  while (progress.requests < requests) {
    const size = Math.min(VOLLEY, requests - progress.requests);
    await attack.volley(seed + progress.requests, size);
    progress = {
      requests: progress.requests + size,
      grownBytes: (await target.rssBytes()) - atStart,
    };
    report(progress);
  }
  return progress;
}

class Attack {
  readonly #target: Target;
  /** How many requests people have been asked, by what was accepted. */
  #asked = 0;

  constructor(target: Target) {
    this.#target = target;
  }

  async volley(seed: number, size: number): Promise<void> {
    const each = fc.asyncProperty(shot, async (one: Shot) => {
      const answer = await fire(this.#target, one);
      if (answer.status === 200 && /"auth_req_id"/.test(answer.text)) this.#asked += 1;
      const complaint = complaintAbout(one, answer);
      if (complaint !== undefined) throw new Error(complaint);
    });
    await fc.assert(each, { seed, numRuns: size });
    await this.#expectWell();
    await this.#target.letTimePass(AN_HOUR_MS);
  }

  /** A plain request is served, and nobody has been asked anything else than what was accepted. */
  async #expectWell(): Promise<void> {
    const answer = await this.#target.client('agent').ask();
    if (answer.status !== 200)
      throw new Error(`a plain request was answered ${answer.status}: ${answer.text}`);
    this.#asked += 1;
    const counted = await this.#target.askedSoFar();
    if (counted === this.#asked) return;
    throw new Error(`${counted} requests reached people, ${this.#asked} were accepted`);
  }
}
