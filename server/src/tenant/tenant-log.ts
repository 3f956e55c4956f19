// The log of the tenant: what Auth0 would have written into its own, newest last. Append-only and bounded; the story of
// requests comes from the trace, logins and token exchanges are added where they happen. A journal keeps it.
import { z } from 'zod';
import { Batch } from '../batch.ts';
import type { Clock } from '../clock.ts';
import { LOG_EVENTS, type LogEntry, type NewLogEntry } from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import type { Journal, JournalBounds, JournalEntry } from '../store.ts';
import { ReadableEntries } from '../trace/index.ts';

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

/** How many entries may not be among those that are kept yet. */
const MOST_UNWRITTEN = 64;

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
  readonly #readable = new ReadableEntries<UnnumberedEntry>('the tenant log', ['date']);
  readonly #unwritten = new Batch<JournalEntry<UnnumberedEntry>>(MOST_UNWRITTEN, ({ number, text }) =>
    this.#keep({ number, text }),
  );
  #stopFollowing = (): void => {};

  private constructor(parts: TenantLogParts) {
    this.#parts = parts;
    this.#hostname = new URL(parts.issuer).host;
  }

  /** With everything that the journal has. */
  static async open(parts: TenantLogParts): Promise<TenantLog> {
    const log = new TenantLog(parts);
    log.#stopFollowing = await parts.journal.follow(0, (entry) => log.#unwritten.add(entry));
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
    this.#unwritten.finish();
    return this.#entries.slice(-TENANT_LOG_BOUNDS.mostEntries).flatMap((kept) => {
      const entry = this.#readable.read(kept);
      return entry ? toLogEntry(entry) : [];
    });
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
    const unnumbered = entries.map(toJournalEntry);
    journal.refill(unnumbered);
    journal.startAbove(count);
    this.#unwritten.clear();
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
    const described: Record<string, string> = {};
    for (const [name, value] of Object.entries(members)) {
      if (value !== undefined) described[name] = value.slice(0, LONGEST_TEXT);
    }
    return described;
  }
}

/** As its journal has it. */
export function toJournalEntry({ _id, log_id: logId, ...value }: LogEntry): {
  number: number;
  value: UnnumberedEntry;
} {
  return { number: Number(logId.slice(-NUMBER_DIGITS)), value };
}

function toLogEntry({ number, ...value }: UnnumberedEntry & { number: number }): LogEntry {
  // auth0: "900", the time, and a number that grows.
  const logId = `900${value.date.replaceAll(/\D/g, '')}${String(number).padStart(NUMBER_DIGITS, '0')}`;
  return { _id: logId, log_id: logId, ...value };
}
