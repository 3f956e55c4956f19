// The ids of rules that nobody gave one: derived from what they say, so that they are the same after every start.
import { createHash } from 'node:crypto';
import type { Rule } from '../contract/index.ts';

export type IdentifiedRule = Rule & { id: string };

/** The same rules, all with ids. Of several that say the same, the later ones are numbered. */
export function identify(rules: readonly Rule[]): IdentifiedRule[] {
  const taken = new Set(rules.map(({ id }) => id));
  return rules.map((rule) => {
    if (rule.id !== undefined) return { ...rule, id: rule.id };
    const derived = derivedId(rule);
    let id = derived;
    for (let number = 2; taken.has(id); number += 1) id = `${derived}-${number}`;
    taken.add(id);
    return { ...rule, id };
  });
}

function derivedId(rule: Rule): string {
  const digest = createHash('sha256').update(JSON.stringify(rule)).digest('hex');
  return `rul_${digest.slice(0, 8)}`;
}
