// The built-in mailbox, for tenants without a mail server. Keeps the newest messages and drops the oldest.
import type { Clock } from '../../clock.ts';
import type { MailboxMessage } from '../../contract/index.ts';
import type { Ids } from '../../ids.ts';
import type { Collection, Store } from '../../store.ts';
import { warnOfFailure } from '../../warnings.ts';
import type { MailMessage } from './message.ts';

/** Messages that are kept. */
const MOST_MESSAGES = 500;

/** Of a message, told to the other instances. */
const KEPT = 'mail-kept';

export interface MailboxParts {
  store: Store;
  clock: Clock;
  ids: Ids;
  /** Those that serve the same tenant. Default: none. */
  instances?: {
    tell(topic: string, message: unknown): void;
    hear(topic: string, reader: (message: unknown) => void): () => void;
  };
}

export class Mailbox {
  readonly #messages: Collection<MailboxMessage>;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #watchers = new Set<(message: MailboxMessage) => void>();

  readonly #tellOthers: (id: string) => void;

  constructor({ store, clock, ids, instances }: MailboxParts) {
    this.#tellOthers = (id) => instances?.tell(KEPT, id);
    instances?.hear(KEPT, (id) => {
      this.get(String(id))
        .then((message) => message && this.#tell(message))
        .catch((cause: unknown) => warnOfFailure('a new message could not be read', cause));
    });
    this.#messages = store.collection<MailboxMessage>('mailbox');
    this.#clock = clock;
    this.#ids = ids;
  }

  async keep({ from, to, subject, link, approval, text, html }: MailMessage): Promise<void> {
    const message: MailboxMessage = {
      id: this.#ids.make('mail_', 16),
      sent_at: new Date(this.#clock.now()).toISOString(),
      from,
      to: to.address,
      subject,
      link,
      ...(approval === undefined ? {} : { approval: approval.id, name: approval.name }),
      text,
      html,
    };
    await this.#messages.insert(message.id, message);
    const surplus = (await this.#messages.list()).slice(0, -MOST_MESSAGES);
    for (const { id } of surplus) await this.#messages.remove(id);
    this.#tell(message);
    this.#tellOthers(message.id);
  }

  #tell(message: MailboxMessage): void {
    for (const watcher of this.#watchers) watcher(message);
  }

  /** Calls `watcher` for each message that is kept from now on. Gives the way to stop that. */
  watch(watcher: (message: MailboxMessage) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Newest first. Addresses are compared as people type them, in any case. */
  async list({ to, limit }: { to?: string | undefined; limit: number }): Promise<MailboxMessage[]> {
    return (await this.#messages.list())
      .map(({ value }) => value)
      .filter((message) => to === undefined || isAddressedTo(message, to))
      .reverse()
      .slice(0, limit);
  }

  async get(id: string): Promise<MailboxMessage | undefined> {
    return (await this.#messages.get(id))?.value;
  }
}

/** Whether `message` went to `address`, in whatever case either is written. */
export function isAddressedTo(message: Pick<MailboxMessage, 'to'>, address: string): boolean {
  return message.to.toLowerCase() === address.toLowerCase();
}
