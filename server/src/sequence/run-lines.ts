// What a row of a run says, as lines of text that can be compared: its label, and what it carries beyond that. Without times and ids.
import type { TraceEvent } from '../contract/index.ts';
import { sentenceTexts } from './sentences.ts';
import type { Row, Run, Step } from './step.ts';

/** Claims of a signed answer that say something; the others are ids and times. */
const ANSWER_CLAIMS = ['auth0_guardian_accepted', 'auth0_guardian_reason'];

export function readLines(run: Run, row: Row): string[] {
  if (row.type === 'mark') return [row.mark.text];
  const { step } = row;
  const event = run.events.find(({ number }) => number === step.event);
  const count = step.arrows.length > 1 ? ` ×${step.arrows.length}` : '';
  return [`${step.label}${count}`, ...carried(step, event)];
}

function carried({ kind, exchange, isResponse }: Step, event: TraceEvent | undefined): string[] {
  switch (kind) {
    case 'approved':
    case 'denied': {
      const claims = event?.type === 'decision.made' ? event.answer?.claims : undefined;
      return ANSWER_CLAIMS.flatMap((name) =>
        claims?.[name] === undefined ? [] : [`${name}: ${JSON.stringify(claims[name])}`],
      );
    }
    case 'ask': {
      const { binding_message: code, authorization_details: details } = exchange?.request.parameters ?? {};
      return [...(code === undefined ? [] : [code]), ...(details === undefined ? [] : [details])];
    }
    case 'api-called': {
      const details = event?.type === 'api.called' ? event.asked?.authorization_details : undefined;
      return (details ?? []).flatMap((detail) => flatten(detail));
    }
    case 'api-refused': {
      const stop = event?.type === 'api.called' ? event.checks.find(({ passed }) => !passed) : undefined;
      return stop?.why === undefined ? [] : [stop.why];
    }
    default: {
      const description = isResponse ? exchange?.response.body?.['error_description'] : undefined;
      return typeof description === 'string' ? [sentenceTexts.quoted.replace('{text}', description)] : [];
    }
  }
}

/** One line for each value: `amount: 250`. */
function flatten(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [`${path}: ${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([name, inside]) =>
    flatten(inside, path === '' ? name : `${path}.${name}`),
  );
}
