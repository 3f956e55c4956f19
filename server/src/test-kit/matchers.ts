// Expectations about a request, for Vitest and Playwright alike: both hand over the value and take a verdict back.
import type { ApprovalView } from '../contract/index.ts';
import {
  type ExpectedDetails,
  findBindingMessageDifference,
  findDetailsDifferences,
  show,
} from './differences.ts';
import { ReceivedApproval } from './received-approval.ts';

export interface Verdict {
  pass: boolean;
  message(): string;
}

/** The signatures, for the types of each framework. */
export interface ApprovalMatchers<Result> {
  /** One of the details that are asked for has these members; or a list: all of them, in this order. */
  toAskFor(details: ExpectedDetails): Result;
  toHaveBindingMessage(bindingMessage: string | RegExp): Result;
}

export const approvalMatchers = {
  toAskFor(received: unknown, details: ExpectedDetails): Verdict {
    const request = readRequest(received, 'toAskFor');
    return judge(
      request,
      findDetailsDifferences(request.authorization_details ?? [], details),
      `ask for ${typeof details === 'function' ? 'what the function accepts' : show(details)}`,
    );
  },
  toHaveBindingMessage(received: unknown, bindingMessage: string | RegExp): Verdict {
    const request = readRequest(received, 'toHaveBindingMessage');
    return judge(
      request,
      findBindingMessageDifference(request.binding_message, bindingMessage),
      `have the binding message ${show(bindingMessage)}`,
    );
  },
};

function judge(request: ApprovalView, differences: readonly string[], wish: string): Verdict {
  const pass = differences.length === 0;
  return {
    pass,
    message: () =>
      pass
        ? `Expected ${request.name} not to ${wish}, but it does: ${request.consent.summary}`
        : [
            `Expected ${request.name} to ${wish}. It differs:`,
            ...differences.map((line) => `  ${line}`),
          ].join('\n'),
  };
}

/** What `nextApproval` gave, or a request as the control API tells it. */
function readRequest(received: unknown, matcher: string): ApprovalView {
  if (received instanceof ReceivedApproval) return received.request;
  if (isApprovalView(received)) return received;
  throw new TypeError(
    `${matcher} received ${show(received)}, expected what approvals.nextApproval() or control.request() gives.`,
  );
}

function isApprovalView(value: unknown): value is ApprovalView {
  return typeof value === 'object' && value !== null && 'binding_message' in value && 'consent' in value;
}
