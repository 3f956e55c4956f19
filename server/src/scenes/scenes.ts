// Plays scenes, one at a time, each in a world of its own that is gone afterwards. The control API calls it; of the tenant it reads the
// configuration and the recorded run, and changes nothing.
import type { Clock } from '../clock.ts';
import {
  ATTACKS,
  type AttackInput,
  type Scenes as SceneList,
  type SceneResult,
  type TenantConfig,
  type TraceEvent,
  WHAT_IF_CHANGES,
  type WhatIfInput,
} from '../contract/index.ts';
import type { Ids } from '../ids.ts';
import { Problem } from '../problem.ts';
import { type AttackEnd, playAttack } from './attack.ts';
import { isolate } from './isolate.ts';
import { type Question, readQuestion } from './question.ts';
import { ATTACK_WORDS, RUN_WORDS, WHAT_IF_WORDS } from './scene-words.ts';
import { type OpenSceneServer, Stage } from './stage.ts';
import { playRun, readRecordedRun, requireSense } from './what-if.ts';

export interface ScenesOptions {
  open: OpenSceneServer;
  /** Of the tenant, as it is at that moment. */
  config: () => TenantConfig;
  /** The story of a recorded run; undefined where there is none. */
  storyOf: (ref: string) => Promise<readonly TraceEvent[] | undefined>;
  /** A question that this tenant lets its first client ask. @throws Problem where there is none */
  demoQuestion: () => Question;
  clock: Clock;
  ids: Ids;
  version: string;
  /** How long a scene waits for what should come at once. Default: 10 seconds. */
  patienceMs?: number;
}

type Played = Omit<SceneResult, 'trace' | 'wire'>;

/** Those that wait for their turn. */
const MOST_WAITING = 8;

export class Scenes {
  readonly #options: ScenesOptions;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #isClosed = false;

  constructor(options: ScenesOptions) {
    this.#options = options;
  }

  list(): SceneList {
    return {
      what_if: WHAT_IF_CHANGES.map((change) => ({ change, ...WHAT_IF_WORDS[change] })),
      attacks: ATTACKS.map((attack) => {
        const { title, told, without } = ATTACK_WORDS[attack];
        return { attack, title, told, without: [...without] };
      }),
    };
  }

  /** @throws Problem 404 for a run that is not known, 409 for one that cannot be repeated so */
  async whatIf({ request = 'latest', change }: WhatIfInput): Promise<SceneResult> {
    const { received, events } = await this.#recorded(request);
    const question = readQuestion(received);
    const run = readRecordedRun(events);
    requireSense(change, run, received.name, question.audience !== undefined);
    const { title, says } = WHAT_IF_WORDS[change];
    return this.#play(question, undefined, async (stage) => {
      const first = await playRun(stage, { run, details: question.details });
      stage.rest();
      const second = await playRun(stage, { run, details: question.details, change });
      const played: Played = {
        scene: 'what_if',
        title,
        says,
        change,
        repeats: received.name,
        runs: [
          { name: first, title: RUN_WORDS.playedAgain(received.name) },
          { name: second, title: RUN_WORDS.changed(received.name, title) },
        ],
      };
      return { played, edit: (story) => story };
    });
  }

  /** @throws Problem 400 for a check that does not stop this attack, 404 and 409 as `whatIf` */
  async attack({ attack, request, without }: AttackInput): Promise<SceneResult> {
    const words = ATTACK_WORDS[attack];
    if (without !== undefined && !words.without.includes(without)) {
      const possible = words.without.length === 0 ? 'none' : words.without.join(', ');
      throw new Problem('bad_request', `Received without "${without}", expected ${possible} for ${attack}.`, {
        hint: 'GET /control/scenes says which checks can be turned off for which attack.',
      });
    }
    const recorded = request === undefined ? undefined : await this.#recorded(request);
    const question = recorded ? readQuestion(recorded.received) : this.#options.demoQuestion();
    if (question.audience === undefined || question.details === undefined) {
      throw new Problem(
        'bad_request',
        `${recorded?.received.name ?? 'The demo request'} has no authorization details to attack.`,
        {
          status: 409,
          hint: 'Choose a run with an audience and authorization_details, or add a detail type with display settings to an API of the tenant.',
        },
      );
    }
    return this.#play(question, without, async (stage) => {
      const end = await playAttack(stage, attack, question);
      const played: Played = {
        scene: 'attack',
        title: words.title,
        says: words.told,
        attack,
        ...(without === undefined ? {} : { without }),
        ...(recorded === undefined ? {} : { repeats: recorded.received.name }),
        runs: [{ name: end.run, title: words.title }],
      };
      const event = {
        type: 'attack.attempted' as const,
        attack,
        told: words.told,
        did: words.did,
        ...(end.stoppedBy === undefined ? {} : { stopped_by: end.stoppedBy }),
        ...(without === undefined ? {} : { without }),
        ...(end.tried === undefined ? {} : { tried: end.tried }),
      };
      return { played, edit: (story) => insertAttack(story, end, event) };
    });
  }

  /** Nobody begins any more; who plays is waited for. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#turn;
  }

  async #recorded(ref: string) {
    const events = await this.#options.storyOf(ref);
    const received = events?.find((event) => event.type === 'request.received');
    if (events && received) return { events, received };
    throw new Problem('not_found', 'There is no recorded run that the scene could repeat.', {
      status: 404,
      hint: 'GET /control/requests lists them. One that was refused at once, or is remembered no more, cannot be repeated.',
    });
  }

  #play(
    question: Question,
    without: AttackInput['without'],
    play: (stage: Stage) => Promise<{ played: Played; edit(story: TraceEvent[]): TraceEvent[] }>,
  ): Promise<SceneResult> {
    if (this.#waiting >= MOST_WAITING) throw unready();
    this.#waiting += 1;
    const turn = this.#turn.then(() => this.#playNow(question, without, play));
    this.#turn = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn.finally(() => {
      this.#waiting -= 1;
    });
  }

  async #playNow(
    question: Question,
    without: AttackInput['without'],
    play: (stage: Stage) => Promise<{ played: Played; edit(story: TraceEvent[]): TraceEvent[] }>,
  ): Promise<SceneResult> {
    // Also one that has waited for its turn: whoever closes waits for what is being played, and for no more.
    if (this.#isClosed) throw unready();
    const { open, config, clock, ids, version, patienceMs = 10_000 } = this.#options;
    const clientSecret = ids.make('', 43);
    const stage = await Stage.open({
      open,
      config: isolate(config(), question.clientId, clientSecret),
      clientSecret,
      question,
      without,
      startMs: clock.now(),
      patienceMs,
    });
    try {
      const { played, edit } = await play(stage);
      const { events } = await stage.control.story();
      const { issuer, tenant } = await stage.control.health();
      // What draws stories is loaded for the first scene: a server that plays none starts without it.
      const { writeTraceDocument } = await import('../sequence/index.ts');
      const origin = { title: played.title, issuer, tenant, assent: version };
      const trace = writeTraceDocument(edit(events), origin);
      return { ...played, trace, wire: stage.agent.wire };
    } finally {
      await stage.close();
    }
  }
}

function unready(): Problem {
  return new Problem('not_ready', 'Scenes are being played already, or the server stops.', {
    status: 503,
    hint: 'Ask again in a moment.',
  });
}

/** The event of the attack stands where the attempt begins; a call without a token belongs to the run that it was to get around. */
function insertAttack(
  story: readonly TraceEvent[],
  { run, begins }: AttackEnd,
  attempted: Omit<Extract<TraceEvent, { type: 'attack.attempted' }>, 'number' | 'at' | 'approval' | 'name'>,
): TraceEvent[] {
  const received = story.find((event) => event.type === 'request.received' && event.name === run);
  const about =
    received?.type === 'request.received' ? { approval: received.approval, name: received.name } : {};
  const at = story.findLast(({ number }) => number <= begins)?.at ?? new Date(0).toISOString();
  const before = story.filter(({ number }) => number <= begins);
  const after = story
    .filter(({ number }) => number > begins)
    .map((event) =>
      event.type === 'api.called' && event.approval === undefined ? { ...event, ...about } : event,
    )
    .map((event) => ({ ...event, number: event.number + 1 }));
  return [...before, { ...attempted, ...about, number: begins + 1, at }, ...after];
}
