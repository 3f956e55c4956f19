// The log of the tenant: what Auth0 would have written into its own, newest last. Append-only and bounded; the story of
// requests comes from the trace, logins and token exchanges are added where they happen.
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { LOG_EVENTS, type LogEntry, type NewLogEntry } from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';

const MOBILE = /\b(Mobile|Android|iPhone|iPad)\b/;
const LONGEST_TEXT = 1_000;

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
  /** How many entries are kept. The oldest go first. */
  mostEntries?: number;
}

export class TenantLog {
  readonly #parts: TenantLogParts;
  readonly #mostEntries: number;
  #entries: LogEntry[] = [];
  #count = 0;

  constructor(parts: TenantLogParts) {
    this.#parts = parts;
    this.#mostEntries = parts.mostEntries ?? 5_000;
  }

  append(entry: NewLogEntry): void {
    const { clock, issuer } = this.#parts;
    const date = new Date(clock.now()).toISOString();
    this.#count += 1;
    // auth0: "900", the time, and a number that grows.
    const logId = `900${date.replaceAll(/\D/g, '')}${String(this.#count).padStart(16, '0')}`;
    const { type, caller, details = {}, description, ...about } = entry;
    this.#entries.push({
      _id: logId,
      log_id: logId,
      date,
      type,
      description: (description ?? LOG_EVENTS[type]).slice(0, LONGEST_TEXT),
      ...this.#describeSubject(about),
      ...(caller === undefined ? {} : caller),
      hostname: new URL(issuer).host,
      is_mobile: MOBILE.test(caller?.user_agent ?? ''),
      tenant_name: this.#parts.tenantName(),
      environment_name: 'assent',
      details,
      $event_schema: { version: '1.0.0' },
    });
    // Half of it at once, so that moving the rest down is rare.
    if (this.#entries.length > this.#mostEntries * 2) this.#entries = this.#entries.slice(-this.#mostEntries);
  }

  /** Newest last. */
  list(): readonly LogEntry[] {
    return this.#entries.slice(-this.#mostEntries);
  }

  /** What is kept, for a snapshot. */
  write(): { count: number; entries: readonly LogEntry[] } {
    return { count: this.#count, entries: this.list() };
  }

  read(saved: unknown): void {
    const { count, entries } = savedSchema.parse(saved);
    this.#count = count;
    this.#entries = entries;
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
