// What the address says of the view: the request and the step, so that a link shows the same to somebody else. Never a token.
import type { Selection } from './view-rows.ts';

export interface ViewAddress {
  /** Short name; undefined follows the newest. */
  run: string | undefined;
  selection: Selection | undefined;
}

const STEP = /^(\d{1,6})(?:\.(\d{1,6}))?$/;

export function readAddress(search: string): ViewAddress {
  const query = new URLSearchParams(search);
  const [, step, index] = STEP.exec(query.get('step') ?? '') ?? [];
  return {
    run: query.get('request') ?? undefined,
    selection:
      step === undefined
        ? undefined
        : { step: Number(step), index: index === undefined ? undefined : Number(index) - 1 },
  };
}

export function writeAddress({ run, selection }: ViewAddress): string {
  const query = new URLSearchParams();
  if (run !== undefined) query.set('request', run);
  if (run !== undefined && selection !== undefined) {
    const { step, index } = selection;
    query.set('step', index === undefined ? String(step) : `${step}.${index + 1}`);
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
