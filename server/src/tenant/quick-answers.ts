// What a start says about quick answers, laid over the tenant file for as long as the server runs: also over a file that is
// read again, and without becoming part of what is kept.
import {
  type CibaConfig,
  QUICK_ANSWERS,
  type QuickAnswers,
  type QuickAnswersInput,
} from '../contract/index.ts';
import { QUICK_ANSWERS_SHAPE } from './config-shapes.ts';
import { readShape } from './shape.ts';

/** `true`: `QUICK_ANSWERS`. Otherwise seconds, as in the tenant file. */
export type QuickAnswersOption = boolean | QuickAnswersInput;

/** @throws Problem `usage` */
export async function readQuickAnswers(option: QuickAnswersOption | undefined): Promise<QuickAnswersInput> {
  if (option === undefined || option === false) return {};
  if (option === true) return QUICK_ANSWERS;
  const sound = readShape(QUICK_ANSWERS_SHAPE, option);
  if (sound) return sound;
  const { checkQuickAnswers } = await import('./config-check.ts');
  return checkQuickAnswers(option);
}

export function describeQuickAnswers({ interval, held_poll }: CibaConfig): QuickAnswers {
  return { on: interval < 1 || held_poll > 0, interval, held_poll };
}
