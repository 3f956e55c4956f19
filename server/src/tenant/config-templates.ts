// Templates of e-mails that could not be rendered, or would say nothing.
import { findLiquidMistakes, type LiquidMistake, MAIL_VARIABLES } from '../liquid.ts';
import { findNearest } from '../nearest.ts';
import type { ConfigMistake } from './config-path.ts';

/** Texts of e-mails, which the server would stumble over only when it must send one. */
export function findTemplateMistakes(
  template: { subject?: string | undefined; body?: string | undefined } | undefined,
): ConfigMistake[] {
  const { subject, body } = template ?? {};
  const explain = (member: string, mistakes: readonly LiquidMistake[]): ConfigMistake[] =>
    mistakes.map((mistake) => ({
      path: ['email', 'template', member],
      text: explainLiquidMistake(mistake),
    }));
  return [
    ...(subject === undefined ? [] : explain('subject', findLiquidMistakes(subject))),
    ...(body === undefined ? [] : explain('body', findLiquidMistakes(body, ['url']))),
  ];
}

function explainLiquidMistake(mistake: LiquidMistake): string {
  if (mistake.kind === 'broken') return `expected Liquid, but ${mistake.why}.`;
  if (mistake.kind === 'unused variable') {
    return `has no {{ ${mistake.variable} }}, without which nobody can open the request.`;
  }
  const guess = findNearest(mistake.variable, MAIL_VARIABLES);
  const advice = guess === undefined ? '' : ` Did you mean {{ ${guess} }}?`;
  return `received {{ ${mistake.variable} }}, expected one of ${MAIL_VARIABLES.join(', ')}.${advice}`;
}
