// Which paragraph of which specification the step follows.
import type { StepTabProps } from './panel-tabs.ts';

export function hasSpecification(_props: StepTabProps): boolean {
  return false;
}

export function SpecificationTab(_props: StepTabProps) {
  return null;
}
