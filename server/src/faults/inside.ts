// What fails inside, where no request shows it: the pace of polls, messages to people, an answer in the instant of expiry. Each
// is a question that the part in whose middle it lies asks through a port.
import type { Approval, RaceWinner } from '../approvals/index.ts';
import type { CallbackFault } from '../callbacks/index.ts';
import type { Clock } from '../clock.ts';
import { CONTROL_PROTOCOL, PUSH_STATUSES } from '../contract/index.ts';
import { MailFailure, type PushFault } from '../notify/index.ts';
import { warnOfFailure } from '../warnings.ts';
import type { Faults } from './faults.ts';

const TOKEN = ['token', '/oauth/token'];

export class InnerFaults {
  readonly #faults: Faults;
  readonly #clock: Clock;
  readonly #cancelLate = new Set<() => void>();

  constructor(faults: Faults, clock: Clock) {
    this.#faults = faults;
    this.#clock = clock;
  }

  /** Whether a poll of a request that still waits is to be called too fast. */
  async isSlowedDown(approval: Approval): Promise<boolean> {
    return (await this.#faults.meet({ on: TOKEN, kinds: ['slow_down'], approval })) !== undefined;
  }

  /** Whether an answer is to wait for the end of its request. */
  async winnerOf(approval: Approval): Promise<RaceWinner> {
    return (await this.#faults.meet({ on: ['decision'], kinds: ['race_expiry'], approval }))?.does.first;
  }

  /** What becomes of the next push about a request. */
  async ofPush(approval: Approval): Promise<PushFault | undefined> {
    const met = await this.#faults.meet({
      on: ['push'],
      kinds: ['answer', 'lose', 'late', 'duplicate'],
      approval,
    });
    const does = met?.does;
    switch (does?.kind) {
      case undefined:
        return undefined;
      case 'answer':
        return {
          kind: 'answer',
          status: PUSH_STATUSES.find((status) => status === does.status) ?? 503,
          ...(does.retry_after === undefined ? {} : { retryAfterSeconds: does.retry_after }),
        };
      case 'late':
        return { kind: 'delay', delayMs: does.ms };
      case 'lose':
      case 'duplicate':
        return { kind: does.kind };
    }
  }

  /** Whether handing out tokens is to fail inside, for a client that has them pushed. */
  async failsTransaction(approval: Approval): Promise<boolean> {
    return (
      (await this.#faults.meet({ on: ['callback'], kinds: ['transaction_failed'], approval })) !== undefined
    );
  }

  /** What becomes of the next callback about a request. */
  async ofCallback(approval: Approval): Promise<CallbackFault | undefined> {
    const met = await this.#faults.meet({
      on: ['callback'],
      kinds: ['answer', 'lose', 'late', 'duplicate'],
      approval,
    });
    if (!met) return undefined;
    const { id, does } = met;
    switch (does.kind) {
      case 'answer':
        return { kind: 'answer', id, status: does.status, retryAfterSeconds: does.retry_after };
      case 'late':
        return { kind: 'late', ms: does.ms };
      case 'lose':
      case 'duplicate':
        return { kind: does.kind, id };
    }
  }

  /** Passes an e-mail on: once, twice, later, or never. @throws MailFailure where it is refused */
  async carryMail(approval: Approval, passOn: () => Promise<void>): Promise<void> {
    const met = await this.#faults.meet({
      on: ['email'],
      kinds: ['answer', 'lose', 'late', 'duplicate'],
      approval,
    });
    const does = met?.does;
    switch (does?.kind) {
      case undefined:
        return passOn();
      case 'answer':
        // RFC 5321 §4.2.1: after a 5yz the same must not be tried again.
        throw new MailFailure(
          `the mail server answered ${does.status}, a fault (${met?.id})`,
          does.status >= 500,
        );
      case 'lose':
        return;
      case 'late':
        return this.#later(does.ms, passOn);
      case 'duplicate':
        await passOn();
        return passOn();
    }
  }

  /**
   * What becomes of connections before TLS begins on them. Our own client is let through, or nobody could take a fault back.
   *
   * @param showCertificate makes the one that is to be shown
   */
  ofConnections(showCertificate: (how: 'expired' | 'untrusted') => Promise<{ cert: string; key: string }>): {
    isExpected(): boolean;
    troubleOf(hello: Buffer): Promise<'refuse' | { cert: string; key: string } | undefined>;
  } {
    const made = new Map<string, Promise<{ cert: string; key: string }>>();
    return {
      isExpected: () => this.#faults.concerns(['connection']),
      troubleOf: async (hello) => {
        if (hello.includes(CONTROL_PROTOCOL)) return undefined;
        const how = (await this.#faults.meet({ on: ['connection'], kinds: ['break_tls'] }))?.does.how;
        if (how === undefined || how === 'refuse') return how;
        const certificate = made.get(how) ?? showCertificate(how);
        made.set(how, certificate);
        return certificate;
      },
    };
  }

  /** What is late never comes. */
  close(): void {
    for (const cancel of this.#cancelLate) cancel();
    this.#cancelLate.clear();
  }

  #later(ms: number, act: () => Promise<void>): void {
    const cancel = this.#clock.setAlarm(this.#clock.now() + ms, () => {
      this.#cancelLate.delete(cancel);
      return act().catch((cause: unknown) => warnOfFailure('a late e-mail was not sent', cause));
    });
    this.#cancelLate.add(cancel);
  }
}
