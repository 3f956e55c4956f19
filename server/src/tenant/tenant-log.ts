// The log of the tenant: what Auth0 would have written into its own, newest last. Append-only and bounded; the story of
// requests comes from the trace, logins and token exchanges are added where they happen. A journal keeps it.
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { LOG_EVENTS, type LogEntry, type NewLogEntry } from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import type { Journal, JournalBounds } from '../store.ts';

const MOBILE = /\b(Mobile|Android|iPhone|iPad)\b/;
const LONGEST_TEXT = 1_000;
const NUMBER_DIGITS = 16;

/** What its journal has of an entry: all but its number, which is a part of its id. */
type UnnumberedEntry = Omit<LogEntry, '_id' | 'log_id'>;

interface KeptEntry {
  number: number;
  text: string;
}

/** How much is kept. The oldest entries go first. */
export const TENANT_LOG_BOUNDS: JournalBounds = { mostEntries: 5_000, mostCharacters: 32_000_000 };

/** Only what this file reads again: the rest of an entry is what it was when it was written. */
const savedSchema = z.strictObject({
  count: z.int(),
  entries: z.array(z.custom<LogEntry>((one) => isJsonObject(one) && typeof one['log_id'] === 'string')),
});

export interface TenantLogParts {
  clock: Clock;
  /** With a slash at the end. */
  issuer: string;
  tenantName(): string;
  nameOfClient(clientId: string): string | undefined;
  nameOfUser(userId: string): string | undefined;
  journal: Journal<UnnumberedEntry>;
}

export class TenantLog {
  readonly #parts: TenantLogParts;
  readonly #hostname: string;
  /** As JSON, which is parsed when somebody reads the log: as objects they would be most of what the collector has to walk. */
  #entries: KeptEntry[] = [];
  #stopFollowing = (): void => {};

  private constructor(parts: TenantLogParts) {
    this.#parts = parts;
    this.#hostname = new URL(parts.issuer).host;
  }

  /** With everything that the journal has. */
  static async open(parts: TenantLogParts): Promise<TenantLog> {
    const log = new TenantLog(parts);
    log.#stopFollowing = await parts.journal.follow(0, ({ number, text }) => log.#keep({ number, text }));
    return log;
  }

  append(entry: NewLogEntry): void {
    const { clock, journal } = this.#parts;
    const date = new Date(clock.now()).toISOString();
    const { type, caller, details = {}, description, ...about } = entry;
    journal.append({
      date,
      type,
      description: (description ?? LOG_EVENTS[type]).slice(0, LONGEST_TEXT),
      ...this.#describeSubject(about),
      ...(caller === undefined ? {} : caller),
      hostname: this.#hostname,
      is_mobile: MOBILE.test(caller?.user_agent ?? ''),
      tenant_name: this.#parts.tenantName(),
      environment_name: 'assent',
      details,
      $event_schema: { version: '1.0.0' },
    });
  }

  /** Newest last. */
  list(): readonly LogEntry[] {
    return this.#entries.slice(-TENANT_LOG_BOUNDS.mostEntries).map(toLogEntry);
  }

  /** Resolves when every entry until now, of whichever process, is in the list. */
  caughtUp(): Promise<void> {
    return this.#parts.journal.caughtUp();
  }

  /** What is kept, for a snapshot. */
  write(): { count: number; entries: readonly LogEntry[] } {
    return { count: this.#parts.journal.lastNumber, entries: this.list() };
  }

  read(saved: unknown): void {
    const { count, entries } = savedSchema.parse(saved);
    const { journal } = this.#parts;
    const unnumbered = entries.map(({ _id, log_id: logId, ...value }) => ({
      number: numberOf(logId),
      value,
    }));
    journal.refill(unnumbered);
    journal.startAbove(count);
    this.#entries = unnumbered.map(({ number, value }) => ({ number, text: JSON.stringify(value) }));
  }

  close(): void {
    this.#stopFollowing();
  }

  #keep(entry: KeptEntry): void {
    this.#entries.push(entry);
    const { mostEntries } = TENANT_LOG_BOUNDS;
    // Half of it at once, so that moving the rest down is rare.
    if (this.#entries.length > mostEntries * 2) this.#entries = this.#entries.slice(-mostEntries);
  }

  #describeSubject(about: Omit<NewLogEntry, 'type' | 'caller' | 'details' | 'description'>) {
    const { client_id: clientId, user_id: userId, ...rest } = about;
    const clientName = clientId === undefined ? undefined : this.#parts.nameOfClient(clientId);
    const userName = userId === undefined ? undefined : this.#parts.nameOfUser(userId);
    const members = {
      client_id: clientId,
      client_name: clientName,
      user_id: userId,
      user_name: userName,
      ...rest,
    };
    return Object.fromEntries(
      Object.entries(members)
        .filter((member): member is [string, string] => member[1] !== undefined)
        .map(([name, value]) => [name, value.slice(0, LONGEST_TEXT)]),
    );
  }
}

function toLogEntry({ number, text }: KeptEntry): LogEntry {
  const value: UnnumberedEntry = JSON.parse(text);
  // auth0: "900", the time, and a number that grows.
  const logId = `900${value.date.replaceAll(/\D/g, '')}${String(number).padStart(NUMBER_DIGITS, '0')}`;
  return { _id: logId, log_id: logId, ...value };
}

function numberOf(logId: string): number {
  return Number(logId.slice(-NUMBER_DIGITS));
}
