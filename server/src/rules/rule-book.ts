// The rules of the tenant and how often each has taken a request. The rules themselves are part of the configuration, which
// alone says what holds; only the counts are kept here.
import type { Rule, RuleView } from '../contract/index.ts';
import type { Collection, Store } from '../store.ts';
import { type IdentifiedRule, identify } from './rule-ids.ts';
import { describeRule } from './rule-text.ts';

export interface RuleBookParts {
  store: Store;
  /** As the configuration has them now. */
  rules(): readonly Rule[];
  /** Puts others in their place, checked like a tenant file. `edit` may run again, on newer ones. */
  change(edit: (rules: readonly Rule[]) => Rule[]): Promise<void>;
}

interface RuleCount {
  fired: number;
}

export class RuleBook {
  readonly #parts: RuleBookParts;
  readonly #counts: Collection<RuleCount>;

  constructor(parts: RuleBookParts) {
    this.#parts = parts;
    this.#counts = parts.store.collection<RuleCount>('rule-counts');
  }

  /** In their order: the first that matches wins. */
  current(): IdentifiedRule[] {
    return identify(this.#parts.rules());
  }

  find(id: string): IdentifiedRule | undefined {
    return this.current().find((rule) => rule.id === id);
  }

  async list(): Promise<RuleView[]> {
    return Promise.all(this.current().map((rule) => this.#view(rule)));
  }

  /** Puts a rule behind the others. @throws Problem `config_invalid` */
  async add(rule: Rule): Promise<RuleView> {
    let added = '';
    await this.#parts.change((rules) => {
      // From now on an id is a rule's own: others that come or go change nothing about it.
      const next = identify([...rules, rule]);
      added = next.at(-1)?.id ?? '';
      return next;
    });
    // An import may have taken it away already.
    return this.#view(this.find(added) ?? { ...rule, id: added });
  }

  /** False if there is none of that id. */
  async remove(id: string): Promise<boolean> {
    let isFound = false;
    await this.#parts.change((rules) => {
      const identified = identify(rules);
      isFound = identified.some((rule) => rule.id === id);
      return identified.filter((rule) => rule.id !== id);
    });
    return isFound;
  }

  async clear(): Promise<void> {
    await this.#parts.change(() => []);
  }

  /** Forgets how often rules have fired that are gone. */
  async forgetLost(): Promise<void> {
    for (const { id } of await this.#counts.list()) if (!this.find(id)) await this.#counts.remove(id);
  }

  /** Counts one more request; false when the rule has taken all that it may. */
  async take({ id, times = Number.POSITIVE_INFINITY }: IdentifiedRule): Promise<boolean> {
    for (;;) {
      const found = await this.#counts.get(id);
      const fired = (found?.value.fired ?? 0) + 1;
      if (fired > times) return false;
      const isWritten = found
        ? await this.#counts.replace(id, found.version, { fired })
        : await this.#counts.insert(id, { fired });
      if (isWritten) return true;
    }
  }

  async #view(rule: IdentifiedRule): Promise<RuleView> {
    const fired = (await this.#counts.get(rule.id))?.value.fired ?? 0;
    return { ...rule, says: describeRule(rule), fired };
  }
}
