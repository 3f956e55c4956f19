// Delivers one e-mail for each request of the e-mail channel, without ever delaying the agent. What fails is tried again
// until the request ends; every outcome is in the trace. What is over is remembered in the store, so that a request which is
// announced again after a restart brings no second message.
import type { Approval } from '../../approvals/index.ts';
import type { Clock } from '../../clock.ts';
import type { EmailProviderConfig, NewTraceEvent } from '../../contract/index.ts';
import { type Collection, isOutage, type Store } from '../../store.ts';
import { warnOfFailure } from '../../warnings.ts';
import type { Mailbox } from './mailbox.ts';
import { type MailMessage, type MessageSource, writeMessage } from './message.ts';
import { createMailServer, MailFailure, type MailServer } from './smtp.ts';

export interface EmailChannelParts extends MessageSource {
  clock: Clock;
  store: Store;
  /** Takes the messages of a tenant without a mail server. */
  mailbox: Mailbox;
  addressOf(userId: string): string | undefined;
  record(event: NewTraceEvent): void;
  /** Around the handing over of each message about a request. */
  carry(approval: Approval, passOn: () => Promise<void>): Promise<void>;
}

interface Delivery {
  approval: Approval;
  failures: number;
  cancelRetry(): void;
}

/** Pauses after the first, second, … failure; the last one repeats. */
const RETRY_DELAYS_MS = [5_000, 15_000, 60_000, 300_000] as const;

export class EmailChannel {
  readonly #parts: EmailChannelParts;
  #server: { provider: EmailProviderConfig; mail: MailServer } | undefined;
  /** Requests whose message has gone out, or was finally refused. */
  readonly #finished: Collection<{ atMs: number }>;
  readonly #stop = new AbortController();
  /** Request id → its message, while it is on the way. */
  readonly #deliveries = new Map<string, Delivery>();
  readonly #attempts = new Set<Promise<void>>();

  constructor(parts: EmailChannelParts) {
    this.#parts = parts;
    this.#finished = parts.store.collection('finished-emails');
  }

  announce(approval: Approval): void {
    if (this.#stop.signal.aborted) return;
    const delivery: Delivery = { approval, failures: 0, cancelRetry: () => undefined };
    this.#deliveries.set(approval.id, delivery);
    this.#attempt(delivery);
  }

  /** Sends one message that is about no request, once. @throws MailFailure where the mail server does not take it */
  async send(message: MailMessage): Promise<void> {
    const server = this.#mailServer();
    if (server) await server.send(message, this.#stop.signal);
    else await this.#parts.mailbox.keep(message);
  }

  /** A request was decided or ended: a message that has not gone out stays here. */
  forget(approvalId: string): void {
    this.#deliveries.get(approvalId)?.cancelRetry();
    this.#deliveries.delete(approvalId);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    for (const id of [...this.#deliveries.keys()]) this.forget(id);
    await Promise.all(this.#attempts);
  }

  /** The one that is configured now; undefined where messages stay in the mailbox. */
  #mailServer(): MailServer | undefined {
    const { provider } = this.#parts.config;
    if (!provider?.enabled) return undefined;
    if (this.#server?.provider !== provider) this.#server = { provider, mail: createMailServer(provider) };
    return this.#server.mail;
  }

  #attempt(delivery: Delivery): void {
    const attempt = this.#deliver(delivery).finally(() => this.#attempts.delete(attempt));
    this.#attempts.add(attempt);
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { approval } = delivery;
    const address = this.#parts.addressOf(approval.userId);
    try {
      if (await this.#finished.get(approval.id)) return this.forget(approval.id);
      // Admission asks for a verified address, but the person may have lost it since.
      if (address === undefined) throw new MailFailure(`${approval.userName} has no e-mail address`, true);
      const message = this.#write(approval, address);
      const server = this.#mailServer();
      await this.#parts.carry(approval, async () => {
        if (server) await server.send(message, this.#stop.signal);
        else await this.#parts.mailbox.keep(message);
      });
      await this.#finish(approval);
      this.forget(approval.id);
      this.#record(approval, {
        type: 'notification.delivered',
        to: address,
        ...(server ? {} : { link: message.link }),
      });
    } catch (error) {
      const failure =
        error instanceof MailFailure
          ? error
          : new MailFailure(`it was not sent: ${String(error)}`, !isOutage(error));
      const isOver = this.#fail(delivery, failure, address);
      if (isOver) await this.#finish(approval);
    }
  }

  #write(approval: Approval, address: string): MailMessage {
    try {
      return writeMessage(this.#parts, approval, address);
    } catch (error) {
      throw new MailFailure(`the e-mail template failed: ${String(error)}`, true);
    }
  }

  async #finish({ id, name, expiresAtMs }: Approval): Promise<void> {
    try {
      await this.#finished.insert(id, { atMs: this.#parts.clock.now() }, { expiresAt: expiresAtMs });
    } catch (cause) {
      // The message is out all the same; after a restart it may come twice.
      warnOfFailure(`that the e-mail for ${name} is out could not be kept`, cause);
    }
  }

  /** Whether it was the last attempt. */
  #fail(delivery: Delivery, failure: MailFailure, address: string | undefined): boolean {
    const { approval } = delivery;
    // Stopped, or decided while it was on the way: nobody waits for this message any more.
    if (this.#deliveries.get(approval.id) !== delivery) return false;
    delivery.failures += 1;
    const delayMs = RETRY_DELAYS_MS[delivery.failures - 1] ?? RETRY_DELAYS_MS[3];
    const retryAtMs = this.#parts.clock.now() + delayMs;
    const isTriedAgain = !failure.isFinal && retryAtMs < approval.expiresAtMs;
    if (isTriedAgain) {
      delivery.cancelRetry = this.#parts.clock.setAlarm(
        retryAtMs,
        // Nobody who puts the clock forward waits for a mail server.
        () => void this.#attempt(delivery),
      );
    } else {
      this.forget(approval.id);
    }
    this.#record(approval, {
      type: 'notification.failed',
      ...(address === undefined ? {} : { to: address }),
      why: failure.message,
      ...(isTriedAgain ? { retry_at: new Date(retryAtMs).toISOString() } : {}),
    });
    return !isTriedAgain;
  }

  #record(
    { id, name }: Approval,
    outcome:
      | { type: 'notification.delivered'; to: string; link?: string }
      | { type: 'notification.failed'; to?: string; why: string; retry_at?: string },
  ): void {
    if (!this.#stop.signal.aborted) this.#parts.record({ approval: id, name, channel: 'email', ...outcome });
  }
}
