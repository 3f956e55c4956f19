// One rule, checked as if it stood in the tenant file, and told as what it is: a rule.
import { type Rule, ruleSchema, type TenantConfig } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { explainConfigIssues } from './config-mistakes.ts';

/**
 * @param config of the tenant that the rule is for
 * @throws Problem `bad_request` with every mistake
 */
export function checkRule(input: unknown, config: TenantConfig): Rule {
  const findings = explainConfigIssues({ ...config, rules: [...config.rules, input] }, { name: 'rule' }).map(
    (finding) => finding.replace(/^rule {2}rules\[\d+\](?:\.| {2})?/, '').trim(),
  );
  if (findings.length === 0) return ruleSchema.parse(input);
  throw new Problem('bad_request', `The rule is not usable: ${findings.join(' ')}`, {
    findings,
    hint: 'Every member of a rule: docs/reference/configuration.md#rules',
  });
}
