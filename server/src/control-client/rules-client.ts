// `control.rules`: how people answer without anybody deciding.
import {
  CONTROL_API,
  type RuleInput,
  type RuleView,
  rulesSchema,
  ruleViewSchema,
} from '../contract/index.ts';
import type { ControlTransport } from './transport.ts';

export interface RulesClient {
  /** In their order: the first that matches a request takes it. */
  list(): Promise<RuleView[]>;
  /**
   * Puts a rule behind the others. Requests that wait already are none of its business.
   *
   * @example await control.rules.add({ answer: 'approve', up_to: '50 EUR' })
   */
  add(rule: RuleInput): Promise<RuleView>;
  /** Forgets a rule and the answers that it still owes. */
  remove(id: string): Promise<void>;
  clear(): Promise<void>;
}

export function createRulesClient(transport: ControlTransport): RulesClient {
  const path = `${CONTROL_API}/rules`;
  return {
    list: async () => (await transport.call({ path }, rulesSchema)).rules,
    add: (rule) => transport.call({ method: 'POST', path, body: rule, accepted: [201] }, ruleViewSchema),
    async remove(id) {
      await transport.call({ method: 'DELETE', path: `${path}/${encodeURIComponent(id)}` }, rulesSchema);
    },
    async clear() {
      await transport.call({ method: 'DELETE', path }, rulesSchema);
    },
  };
}
