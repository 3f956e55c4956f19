// The explanation of every kind of step.
import type { StepKind } from 'assent/sequence';
import { asking } from './asking.ts';
import { callingBack } from './calling-back.ts';
import { deciding } from './deciding.ts';
import type { Explanation } from './explanation.ts';
import { notifying } from './notifying.ts';
import { redeeming } from './redeeming.ts';
import { waiting } from './waiting.ts';

export const explanations: Readonly<Record<StepKind, Explanation>> = {
  ...asking,
  ...notifying,
  ...waiting,
  ...deciding,
  ...callingBack,
  ...redeeming,
};
