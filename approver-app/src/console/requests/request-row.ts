// One row of the list of requests: an approval, or a question that was refused before it became one. Pure.
import type { ApprovalState, ApprovalView, TraceEvent } from 'assent/contract';
import type { FilterFields } from '../frame/filter.ts';

export type Refusal = Extract<TraceEvent, { type: 'request.refused' }>;

export interface RequestRow {
  /** Short name, or `refused-12` by the number of its event. */
  key: string;
  name: string;
  client: string;
  clientId: string;
  approver: string;
  summary: string;
  state: ApprovalState | 'refused';
  channel: string;
  atMs: number;
  view?: ApprovalView;
  refusal?: Refusal;
}

function rowOfRequest(view: ApprovalView): RequestRow {
  return {
    key: view.name,
    name: view.name,
    client: view.client.name,
    clientId: view.client.client_id,
    approver: view.approver.name,
    summary: view.consent.summary,
    state: view.state,
    channel: view.channel === 'email' ? 'e-mail' : 'push',
    atMs: Date.parse(view.requested_at),
    view,
  };
}

function rowOfRefusal(event: Refusal): RequestRow {
  return {
    key: `refused-${event.number}`,
    name: '–',
    client: event.client_id ?? '–',
    clientId: event.client_id ?? '',
    approver: '–',
    summary: event.error_description ?? event.error,
    state: 'refused',
    channel: '–',
    atMs: Date.parse(event.at),
    refusal: event,
  };
}

/** Newest first. */
export function listRows(views: readonly ApprovalView[], events: readonly TraceEvent[]): RequestRow[] {
  const refusals = events.filter((event) => event.type === 'request.refused').map(rowOfRefusal);
  const rows = views.map(rowOfRequest);
  return refusals.length === 0 ? rows : [...rows, ...refusals].toSorted((a, b) => b.atMs - a.atMs);
}

/** States under which a row is found: its own, and the word that stands for several. */
const ALSO: Readonly<Record<RequestRow['state'], readonly string[]>> = {
  pending: ['waiting'],
  approved: [],
  redeemed: ['approved'],
  denied: ['failed'],
  expired: ['failed'],
  refused: ['failed'],
};

export const REQUEST_FIELDS = ['state', 'client', 'approver', 'channel', 'code'] as const;

export function fieldsOfRow(row: RequestRow): FilterFields {
  return {
    state: [row.state, ...ALSO[row.state]],
    client: [row.client, row.clientId],
    approver: [row.approver, row.view?.approver.user_id ?? ''],
    channel: [row.channel],
    code: [row.view?.binding_message ?? ''],
    name: [row.name],
    summary: [row.summary],
  };
}
