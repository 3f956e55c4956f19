// Tickets that let another device join: good once, for one person, for a while. Making one opens a pending enrolment; the
// browser that brings the ticket confirms it. auth0: Guardian enrolment tickets.
import type { JWK } from 'jose';
import type { Clock } from '../clock.ts';
import type { Ids } from '../ids.ts';
import type { Collection, Store } from '../store.ts';
import type { Devices, EnrolledDevice } from './devices.ts';

export interface Ticket {
  /** `gten_` and 32 letters or digits. */
  id: string;
  userId: string;
  /** The enrolment that is pending until the ticket is used. */
  deviceId: string;
  /** What a Guardian app enrols with: `enrollment_tx_id`. As secret as the ticket. */
  transactionId: string;
  /** Four characters for two screens to agree on. */
  code: string;
  /** Whoever made it has the browser in hand that will bring it, so nobody needs to be asked there. */
  pairsAtOnce?: true;
  expiresAtMs: number;
  usedAtMs?: number;
}

/** Lifetime of a ticket that the app shows as a QR code. In milliseconds. */
const APP_TICKET_MS = 5 * 60_000;
/** Characters that cannot be mistaken for one another. */
const CODE_CHARACTERS = /[^2-9A-HJKMNP-Z]/g;
const CODE_LENGTH = 4;

export class EnrolmentTickets {
  readonly #tickets: Collection<Ticket>;
  readonly #devices: Devices;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #tellIssued: (userId: string) => void;

  /** @param options `tellIssued` hears of every ticket */
  constructor(options: {
    store: Store;
    clock: Clock;
    ids: Ids;
    devices: Devices;
    tellIssued?: (userId: string) => void;
  }) {
    this.#tellIssued = options.tellIssued ?? (() => {});
    this.#tickets = options.store.collection<Ticket>('enrolment-tickets');
    this.#devices = options.devices;
    this.#clock = options.clock;
    this.#ids = options.ids;
  }

  /** @param lifetimeMs five minutes where the app shows it; the Management API gives five days */
  async issue(
    userId: string,
    lifetimeMs: number = APP_TICKET_MS,
    options: { pairsAtOnce?: boolean } = {},
  ): Promise<Ticket> {
    const expiresAtMs = this.#clock.now() + lifetimeMs;
    const device = await this.#devices.announce({ userId, expiresAtMs });
    const ticket: Ticket = {
      id: this.#ids.make('gten_', 32),
      userId,
      deviceId: device.id,
      transactionId: this.#ids.make('', 32),
      code: this.#makeCode(),
      ...(options.pairsAtOnce ? { pairsAtOnce: true } : {}),
      expiresAtMs,
    };
    await this.#tickets.insert(ticket.id, ticket, { expiresAt: expiresAtMs });
    this.#tellIssued(userId);
    return ticket;
  }

  /** A ticket that could still be used: not spent, and its enrolment not taken back. */
  async find(id: string): Promise<Ticket | undefined> {
    const ticket = (await this.#tickets.get(id))?.value;
    if (!ticket || ticket.usedAtMs !== undefined) return undefined;
    return (await this.#devices.get(ticket.deviceId))?.status === 'pending' ? ticket : undefined;
  }

  /** Like `find`, by the transaction that a Guardian app names. */
  async findByTransaction(transactionId: string): Promise<Ticket | undefined> {
    const [found] = await this.#tickets.findBy('transactionId', transactionId);
    return found && this.find(found.id);
  }

  /** Spends the ticket and confirms its enrolment; undefined if it is not good (any more). One of many callers wins. */
  async redeem(
    id: string,
    device: Pick<EnrolledDevice, 'name' | 'guardian' | 'push'> & { publicKey: JWK },
  ): Promise<EnrolledDevice | undefined> {
    const found = await this.#tickets.get(id);
    if (!found || found.value.usedAtMs !== undefined) return undefined;
    const spent: Ticket = { ...found.value, usedAtMs: this.#clock.now() };
    if (!(await this.#tickets.replace(id, found.version, spent))) return undefined;
    return this.#devices.confirm(spent.deviceId, device);
  }

  #makeCode(): string {
    let code = '';
    while (code.length < CODE_LENGTH)
      code += this.#ids.make('', 8).toUpperCase().replaceAll(CODE_CHARACTERS, '');
    return code.slice(0, CODE_LENGTH);
  }
}
