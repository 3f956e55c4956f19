// Everything that the pages of the console have in common: the live story, the requests, what was changed from here and how. Every
// change goes through `change`, which remembers the call, so that it can be shown as curl and, where there is a way back, undone.
import { z } from 'zod';
import { Api, type ApiCall } from '../../desk/api.ts';
import { ApiFailure, explainFailure } from '../../desk/api-failure.ts';
import { LiveTrace } from '../../desk/live-trace.ts';
import { Toasts } from '../../desk/toasts.tsx';
import { consoleTexts } from '../../texts/console.ts';
import { deskTexts } from '../../texts/desk.ts';
import { fill } from '../../ui/prose.tsx';
import { RequestList } from './request-list.ts';

export interface Change {
  /** What has happened then, as a sentence: "Rule r1 is gone." */
  done: string;
  call: ApiCall;
  /** The way back, where there is one: a call, or one that the answer tells. */
  undo?: ApiCall | ((answer: unknown) => ApiCall | undefined) | undefined;
  /** Says from the answer why nothing was done, where that is no error of the call. */
  refusal?: ((answer: unknown) => string | undefined) | undefined;
  /** Statuses beside 2xx that are answers. */
  accepted?: readonly number[];
}

/** A change that was made from this page. */
export interface RecordedCall {
  key: number;
  what: string;
  call: ApiCall;
  atMs: number;
}

/** The newest ones are what somebody wants to see again. */
const MOST_RECORDED = 100;

export class ConsoleSession {
  readonly api: Api = new Api();
  readonly trace: LiveTrace = new LiveTrace(this.api);
  readonly toasts: Toasts = new Toasts();
  readonly requests: RequestList = new RequestList(this.api, this.trace);
  readonly #watchers = new Set<() => void>();
  #recorded: readonly RecordedCall[] = [];
  #changes = 0;
  #shownCall: ApiCall | undefined;

  start(): void {
    this.requests.start();
    this.trace.start();
  }

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** What was done from here, newest first. */
  readonly recorded = (): readonly RecordedCall[] => this.#recorded;

  /** Raised by each change, so that whoever shows something reads it again. */
  readonly changes = (): number => this.#changes;

  /** The call whose curl is on the screen. */
  readonly shownCall = (): ApiCall | undefined => this.#shownCall;

  showCall(call: ApiCall | undefined): void {
    this.#shownCall = call;
    this.#tell();
  }

  /**
   * Changes the tenant. Resolves with the answer; says in a notice what has happened.
   *
   * @throws ApiFailure where the server refuses
   */
  async change({ done, call, undo, refusal, accepted = [] }: Change): Promise<unknown> {
    const answer = await this.#perform(call, done, accepted);
    const why = refusal?.(answer);
    if (why !== undefined) throw new ApiFailure('refused', why);
    const back = typeof undo === 'function' ? undo(answer) : undo;
    this.toasts.show({
      text: done,
      tone: 'done',
      showCurl: () => this.showCall(call),
      undo: back === undefined ? undefined : () => this.#undo(back, done),
    });
    return answer;
  }

  /** The same, and a refusal becomes a notice as well. For buttons, which have no place for a mistake. True if it was done. */
  async tryChange(change: Change): Promise<boolean> {
    try {
      await this.change(change);
      return true;
    } catch (reason) {
      this.fail(reason);
      return false;
    }
  }

  fail(reason: unknown): void {
    this.toasts.show({ text: explainFailure(reason), tone: 'failed' });
  }

  async #undo(call: ApiCall, what: string): Promise<void> {
    const text = fill(deskTexts.toast.undone, { what });
    try {
      await this.#perform(call, text);
      this.toasts.show({ text, tone: 'done', showCurl: () => this.showCall(call) });
    } catch (reason) {
      this.toasts.show({
        text: fill(consoleTexts.change.undoFailed, { why: explainFailure(reason) }),
        tone: 'failed',
      });
    }
  }

  async #perform(call: ApiCall, what: string, accepted: readonly number[] = []): Promise<unknown> {
    const answer = await this.api.call(call, z.unknown(), { accepted });
    const record = { key: this.#changes, what, call, atMs: this.trace.clock.nowMs() };
    this.#recorded = [record, ...this.#recorded].slice(0, MOST_RECORDED);
    this.#changes += 1;
    this.#tell();
    return answer;
  }

  #tell(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
