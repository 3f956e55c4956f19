// What a start says about quick answers, laid over the tenant file for as long as the server runs: also over a file that is
// read again, and without becoming part of what is kept.
import {
  type CibaConfig,
  QUICK_ANSWERS,
  type QuickAnswers,
  type QuickAnswersInput,
  quickAnswersInputSchema,
} from '../contract/index.ts';
import { Problem } from '../problem.ts';

/** `true`: `QUICK_ANSWERS`. Otherwise seconds, as in the tenant file. */
export type QuickAnswersOption = boolean | QuickAnswersInput;

/** @throws Problem `usage` */
export function readQuickAnswers(option: QuickAnswersOption | undefined): QuickAnswersInput {
  if (option === undefined || option === false) return {};
  if (option === true) return QUICK_ANSWERS;
  const parsed = quickAnswersInputSchema.safeParse(option);
  if (parsed.success) return parsed.data;
  throw new Problem('usage', `Quick answers are not possible with ${JSON.stringify(option)}.`, {
    findings: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the value'}  ${issue.message}.`),
    hint: 'true, or seconds such as { interval: 0.1, held_poll: 4 }: interval above 0, held_poll from 0 to 25',
  });
}

export function describeQuickAnswers({ interval, held_poll }: CibaConfig): QuickAnswers {
  return { on: interval < 1 || held_poll > 0, interval, held_poll };
}
