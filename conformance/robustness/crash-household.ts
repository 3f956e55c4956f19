// What people and administrators do meanwhile: devices come and go, a client gets another name. Each change that was acknowledged
// stays; one that was cut off may have happened or not.
import { ApproverDevice, type ApproverServer } from '../client/approver-device.ts';
import type { Answer } from '../client/exchange.ts';
import { ADA } from '../lab/people.ts';
import type { FlowParts } from './crash-flow.ts';
import { CUT_OFF, rest } from './persistence.ts';

export interface HouseholdParts extends Pick<FlowParts, 'ledger' | 'persistence' | 'control' | 'random'> {
  server: ApproverServer;
  /** A call to the Management API. */
  manage: (token: string, name: string) => Promise<Answer>;
}

export class CrashHousehold {
  readonly #parts: HouseholdParts;
  /** Acknowledged, and not asked to leave. */
  #devices: ApproverDevice[] = [];
  /** Acknowledged as removed. */
  readonly #gone = new Set<string>();
  /** The name that was acknowledged last, and those that were sent since. */
  #named = 0;
  #sent = 0;

  constructor(parts: HouseholdParts) {
    this.#parts = parts;
  }

  async enrolAndLeave(): Promise<void> {
    const { persistence, ledger, server, random } = this.#parts;
    if (this.#devices.length < 4) {
      const enrolled = await ApproverDevice.enrol(server, ADA, 'Phone that comes and goes').catch(
        () => undefined,
      );
      if (!enrolled) return rest();
      ledger.count();
      this.#devices.push(enrolled);
      return;
    }
    const leaving = random.pick(this.#devices);
    this.#devices = this.#devices.filter((one) => one !== leaving);
    const answer = await persistence.once('un-pairing', () =>
      leaving.call('DELETE', `/approver/devices/${leaving.id}`),
    );
    if (answer !== CUT_OFF && answer.status === 204) this.#gone.add(leaving.id);
    else if (answer !== CUT_OFF) ledger.object(`un-pairing ${leaving.id} was answered ${answer.status}`);
    await leaving[Symbol.asyncDispose]();
  }

  /** Names rise, so that an earlier one is known for what it is. */
  async rename(): Promise<void> {
    const { persistence, ledger, control, manage } = this.#parts;
    const token = await persistence.until('a token', () => control('POST', '/control/management-token', {}));
    this.#sent += 1;
    const number = this.#sent;
    const answer = await persistence.once('a change', () =>
      manage(token.json().access_token, `Agent number ${number}`),
    );
    if (answer === CUT_OFF) return;
    if (answer.status === 200) this.#named = number;
    else ledger.object(`a change of a client was answered ${answer.status}: ${answer.text}`);
  }

  /** Holds what the servers say against what they have acknowledged. */
  async check(): Promise<void> {
    const { persistence, ledger, control } = this.#parts;
    const [expected, gone, named] = [this.#devices.map(({ id }) => id), [...this.#gone], this.#named];
    const answer = await persistence.until('devices', () =>
      control('GET', `/control/devices?user_id=${encodeURIComponent(ADA)}`),
    );
    const found = new Set(answer.json().devices.map(({ id }: { id: string }) => id));
    for (const id of expected)
      if (!found.has(id) && this.#devices.some((one) => one.id === id))
        ledger.object(`the device ${id} is lost`);
    for (const id of gone) if (found.has(id)) ledger.object(`the device ${id} is back`);
    const tenant = await persistence.until('the tenant', () => control('GET', '/control/tenant'));
    const [, digits] = /Agent number (\d+)/.exec(tenant.text) ?? [];
    const number = Number(digits ?? 0);
    if (number < named || number > this.#sent)
      ledger.object(`a client is called number ${number}, and was acknowledged as number ${named}`);
  }

  async close(): Promise<void> {
    for (const device of this.#devices) await device[Symbol.asyncDispose]();
  }
}
