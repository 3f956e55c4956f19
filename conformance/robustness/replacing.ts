// A server is killed while a reset, or a snapshot, takes the place of what there is: at each of the writes that this takes. What is
// there afterwards, at every instance, is all that was before or all that was to come, and never some of both. Whoever was told
// that it is done finds it done.
import { Exchange } from '../client/exchange.ts';
import { ADA, emailOf } from '../lab/people.ts';
import { CrashScene } from './crash-scene.ts';
import { openTrappedStore, type StoreName } from './crash-stores.ts';
import { DeathWatch } from './every-step.ts';
import { CUT_OFF, rest } from './persistence.ts';
import type { TrapPlan } from './trap.ts';

export interface ReplacingOptions {
  store: StoreName;
  instances: number;
  what: 'reset' | 'restore';
  when: TrapPlan['when'];
  seed: number;
  /** Every one of the writes, or every second, third … one; the seed says with which it begins, if there are so many. */
  stride?: number;
  report?: (step: number, left: 'before' | 'after' | 'unharmed') => void;
}

/** Far more than there are. */
const MOST_STEPS = 300;

/** Everything that can be told apart, as text, each part by its name. */
type Picture = Readonly<Record<string, string>>;

/** Resolves with what was not kept, and with how many kills were tried. */
export async function killWhileReplacing(
  options: ReplacingOptions,
): Promise<{ kills: number; violations: readonly string[] }> {
  const { instances, what, when, seed, stride = 1, report = () => undefined } = options;
  await using store = await openTrappedStore(options.store, instances);
  await using scene = await CrashScene.open({ ...store, instances, seed });
  await using household = new TwoStates(scene);
  const trap = store.trapFor(scene.fleet);
  const { ledger } = scene;
  const { snapshot, picture: then } = await household.prepareThen(what);
  let kills = 0;
  let step = 1 + (seed % stride);
  while (step <= MOST_STEPS) {
    await trap.disarm();
    const now = await household.prepareNow(step);
    // The first write of the replacement is the one that empties the store.
    await trap.arm({ step, when, mark: options.store === 'sqlite' ? 'DELETE FROM documents' : 'founding' });
    const watch = new DeathWatch(scene.fleet);
    const isTold = await household.replace(what, snapshot);
    await trap.disarm();
    await household.allAnswer();
    const isKilled = await watch.end();
    if (isKilled) kills += 1;
    const looks = await household.look(now.last);
    report(step, !isKilled ? 'unharmed' : looks.every((one) => sameAs(one, then)) ? 'after' : 'before');
    for (const [instance, after] of looks.entries()) {
      const isNew = sameAs(after, then);
      const isOld = sameAs(after, now.picture);
      if (isNew || (isOld && !isTold)) continue;
      ledger.object(
        `killed ${when} write ${step} of a ${what}, seed ${seed}, instance ${instance} is neither as before nor as it was to be: ` +
          JSON.stringify({ isTold, after, then, now: now.picture }),
      );
    }
    const isBeyond = !isKilled && (kills > 0 || step === 1);
    if (ledger.violations.length > 0 || isBeyond) return { kills, violations: ledger.violations };
    step = isKilled ? step + stride : 1;
  }
  throw new Error(`a ${what} wrote more than ${MOST_STEPS} times`);
}

function sameAs(one: Picture, other: Picture): boolean {
  return Object.keys(other).every((part) => one[part] === other[part]);
}

/** What there is, then and now: requests, people, devices, rules, the clock, the story. */
class TwoStates implements AsyncDisposable {
  readonly #scene: CrashScene;
  readonly #exchange = new Exchange(undefined);

  constructor(scene: CrashScene) {
    this.#scene = scene;
  }

  /** What is to be put in place. */
  async prepareThen(what: ReplacingOptions['what']): Promise<{ snapshot: string; picture: Picture }> {
    if (what === 'reset') {
      await this.#control('POST', '/control/reset', {});
      return { snapshot: '', picture: { ...(await this.#lookAt(0, 0)), story: '' } };
    }
    const asked = [await this.#ask('THEN-1'), await this.#ask('THEN-2'), await this.#ask('THEN-3')];
    await this.#decide(asked[0], 'approve');
    await this.#rename('Then');
    await this.#control('POST', '/control/clock', { advance_ms: 60_000 });
    const { number } = await this.#lastEvent();
    const snapshot = await this.#control('GET', '/control/snapshot');
    return { snapshot, picture: await this.#lookAt(0, number) };
  }

  /** What is to be replaced, other each time. */
  async prepareNow(step: number): Promise<{ picture: Picture; last: number }> {
    const asked = [await this.#ask(`NOW-${step}-1`), await this.#ask(`NOW-${step}-2`)];
    await this.#decide(asked[1], 'deny');
    await this.#control('POST', '/control/clock', { advance_ms: 1_000 });
    const { number } = await this.#lastEvent();
    // Takes the story until here along to where it is durable.
    await this.#rename(`Now ${step}`);
    return { picture: await this.#lookAt(0, number), last: number };
  }

  /** Whether somebody was told that it is done. */
  async replace(what: ReplacingOptions['what'], snapshot: string): Promise<boolean> {
    const { persistence, ledger, fleet } = this.#scene;
    const answer = await persistence.once(`a ${what}`, () =>
      this.#exchange.send(`${fleet.front.url}/control/${what === 'reset' ? 'reset' : 'snapshot'}`, {
        method: what === 'reset' ? 'POST' : 'PUT',
        headers: { 'content-type': 'application/json' },
        body: what === 'reset' ? '{}' : snapshot,
      }),
    );
    if (answer === CUT_OFF) return false;
    if (answer.status !== 200) ledger.object(`a ${what} was answered ${answer.status}: ${answer.text}`);
    return answer.status === 200;
  }

  /** Whoever has ended is started again meanwhile. */
  async allAnswer(): Promise<void> {
    const { fleet } = this.#scene;
    for (let instance = 0; instance < fleet.size; instance += 1) {
      const isThere = (): Promise<boolean> =>
        this.#exchange.send(`${fleet.urlOf(instance)}/control/live`).then(
          ({ status }) => status === 200,
          () => false,
        );
      while (!(await isThere())) await rest();
    }
  }

  /** At each of the instances. @param last the last event that is compared */
  async look(last: number): Promise<Picture[]> {
    const instances = Array.from({ length: this.#scene.fleet.size }, (_, instance) => instance);
    return Promise.all(instances.map((instance) => this.#lookAt(instance, last)));
  }

  async #lookAt(instance: number, last: number): Promise<Picture> {
    const read = async (path: string) => JSON.parse(await this.#control('GET', path, undefined, instance));
    const { requests } = await read('/control/requests');
    const { tenant, clients, users } = await read('/control/tenant');
    const { devices } = await read(`/control/devices?user_id=${encodeURIComponent(ADA)}`);
    const { offset_ms: offsetMs } = await read('/control/clock');
    const { events } = await read('/control/trace?after=0&limit=5000');
    const told: Array<{ number: number; type: string }> = events;
    return {
      requests: JSON.stringify(
        requests
          .map((one: Record<string, string>) => `${one['name']} ${one['binding_message']} ${one['state']}`)
          .toSorted(),
      ),
      tenant: JSON.stringify([tenant, clients, users]),
      devices: JSON.stringify(devices.map(({ id }: { id: string }) => id).toSorted()),
      clock: String(offsetMs),
      story: told
        .filter(({ number }) => number <= last)
        .map(({ number, type }) => `${number} ${type}`)
        .join(),
    };
  }

  async #lastEvent(): Promise<{ number: number }> {
    const { events } = JSON.parse(await this.#control('GET', '/control/trace?after=0&limit=5000'));
    return events.at(-1) ?? { number: 0 };
  }

  async #ask(bindingMessage: string): Promise<string> {
    const { pollingClient, persistence, fleet } = this.#scene;
    const answer = await persistence.until('a request', () =>
      this.#exchange.post(`${fleet.front.url}/bc-authorize`, {
        client_id: pollingClient.clientId,
        client_secret: pollingClient.secret ?? '',
        scope: 'openid',
        login_hint: emailOf(ADA),
        binding_message: bindingMessage,
      }),
    );
    return answer.json().auth_req_id;
  }

  async #decide(authReqId: string | undefined, decision: 'approve' | 'deny'): Promise<void> {
    await this.#control('POST', `/control/requests/${authReqId}/decision`, { decision, from: 'control API' });
  }

  async #rename(name: string): Promise<void> {
    await this.#control('PATCH', '/control/tenant', { tenant: { friendly_name: name } });
  }

  /** @param instance whom to ask; any, where that is left out */
  async #control(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    body?: unknown,
    instance?: number,
  ): Promise<string> {
    const { persistence, ledger, fleet } = this.#scene;
    const { host } = new URL(fleet.front.url);
    const answer = await persistence.until(path, () =>
      this.#exchange.send(
        `${(instance === undefined ? undefined : fleet.urlOf(instance)) ?? fleet.front.url}${path}`,
        {
          method,
          headers: { host, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        },
      ),
    );
    if (answer.status >= 300)
      ledger.object(`${method} ${path} was answered ${answer.status}: ${answer.text}`);
    return answer.text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#exchange[Symbol.asyncDispose]();
  }
}
