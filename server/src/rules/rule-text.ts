// A rule in words, for terminals and the trace.
import type { Rule, ValueCondition } from '../contract/index.ts';

const ANSWERS = {
  approve: 'approve',
  deny: 'deny',
  expire: 'let expire',
  nothing: 'leave open',
} as const satisfies Record<Rule['answer'], string>;

/** As much as a line of the trace should carry. In characters. */
const LONGEST = 400;

/** `approve transfer_funds up to 50 EUR asked of auth0|ada, after 2 polls, once` */
export function describeRule(rule: Rule): string {
  const answer = rule.reason === undefined ? ANSWERS[rule.answer] : `deny ("${rule.reason}")`;
  const conditions = [
    rule.type,
    rule.up_to === undefined ? undefined : `up to ${rule.up_to}`,
    rule.at_least === undefined ? undefined : `from ${rule.at_least}`,
    rule.user_id === undefined ? undefined : `asked of ${rule.user_id}`,
    rule.client_id === undefined ? undefined : `by ${rule.client_id}`,
    rule.audience === undefined ? undefined : `for ${rule.audience}`,
    rule.scope === undefined ? undefined : `with ${rule.scope}`,
    rule.binding_message === undefined ? undefined : `with the code "${rule.binding_message}"`,
    ...Object.entries(rule.where ?? {}).map(([pointer, condition]) => describeCondition(pointer, condition)),
  ].filter((condition) => condition !== undefined);
  const text = [
    `${answer} ${conditions.length === 0 ? 'everything' : conditions.join(' ')}`,
    ...(rule.after_polls === undefined ? [] : [`after ${count(rule.after_polls, 'poll')}`]),
    ...(rule.after_seconds === undefined ? [] : [`after ${count(rule.after_seconds, 'second')}`]),
    ...(rule.late ? ['too late'] : []),
    ...(rule.probability === undefined ? [] : [`with probability ${rule.probability}`]),
    ...(rule.times === undefined ? [] : [rule.times === 1 ? 'once' : `${rule.times} times`]),
  ].join(', ');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function describeCondition(pointer: string, condition: ValueCondition): string {
  const parts = [
    condition.equals === undefined ? undefined : `= ${JSON.stringify(condition.equals)}`,
    condition.one_of && `in ${JSON.stringify(condition.one_of)}`,
    condition.at_most === undefined ? undefined : `<= ${condition.at_most}`,
    condition.at_least === undefined ? undefined : `>= ${condition.at_least}`,
    condition.exists === undefined ? undefined : condition.exists ? 'there' : 'missing',
  ].filter((part) => part !== undefined);
  return `where ${pointer} ${parts.join(' and ')}`;
}

function count(number: number, one: string): string {
  return `${number} ${number === 1 ? one : `${one}s`}`;
}
