// Who decided and where, in words.
import type { Decision, GrantChange } from '../contract/index.ts';
import { showText } from './output.ts';

const PLACES: Readonly<Record<Decision['from'], string>> = {
  'approver app': 'in the approver app',
  'Guardian app': 'in a Guardian app',
  'e-mail link': 'through the link of an e-mail',
  'command line': 'from the command line',
  'control API': 'through the control API',
  rule: 'by a rule',
};

/** `by auth0|ada in the approver app on Ada’s phone` */
export function describeDecider(decision: {
  by: string;
  from: string;
  rule?: string | undefined;
  device?: string | undefined;
  verified_by?: Decision['verified_by'];
}): string {
  if (decision.rule !== undefined)
    return `by the rule ${showText(decision.rule)} for ${showText(decision.by)}`;
  const place = isPlace(decision.from) ? PLACES[decision.from] : `in the ${showText(decision.from)}`;
  const device = decision.device === undefined ? '' : ` on ${showText(decision.device)}`;
  const verified = decision.verified_by === undefined ? '' : `, verified by ${decision.verified_by}`;
  return `by ${showText(decision.by)} ${place}${device}${verified}`;
}

/** What was granted otherwise than asked, a line each: `without  Actions: pay`. */
export function describeChanges(changes: readonly GrantChange[] | undefined): string[] {
  return (changes ?? []).map(
    ({ kind, label, value }) =>
      `${kind === 'struck_out' ? 'without' : 'with'} ${showText(label)}${value === '' ? '' : `: ${showText(value)}`}`,
  );
}

function isPlace(from: string): from is Decision['from'] {
  return from in PLACES;
}
