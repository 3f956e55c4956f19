// The tabs of the step panel, in order. Each is a component of its own that is given the step, the arrow of it that is looked at
// (a fold has several) and the run; it draws nothing else and keeps nothing.
import type { Arrow, Run, Step } from 'assent/sequence';
import type { ComponentType } from 'react';
import { hasExchange, RequestTab } from './request-tab.tsx';
import { ResponseTab } from './response-tab.tsx';
import { hasSpecification, SpecificationTab } from './specification-tab.tsx';
import { hasToken, TokenTab } from './token-tab.tsx';
import { WhyTab } from './why-tab.tsx';

export interface StepTabProps {
  step: Step;
  /** The one that is looked at; `step.arrows` has all. */
  arrow: Arrow;
  run: Run;
}

export type StepTabId = 'why' | 'request' | 'response' | 'token' | 'specification';

export interface StepTab {
  id: StepTabId;
  /** False strikes it through. */
  isPartOf(props: StepTabProps): boolean;
  Content: ComponentType<StepTabProps>;
}

export const stepTabs: readonly StepTab[] = [
  { id: 'why', isPartOf: () => true, Content: WhyTab },
  { id: 'request', isPartOf: hasExchange, Content: RequestTab },
  { id: 'response', isPartOf: hasExchange, Content: ResponseTab },
  { id: 'token', isPartOf: hasToken, Content: TokenTab },
  { id: 'specification', isPartOf: hasSpecification, Content: SpecificationTab },
];
