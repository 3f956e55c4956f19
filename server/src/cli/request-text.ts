// Requests as text. Everything that came from a client or a person is shown as text and never steers the terminal.
import type { ApprovalView } from '../contract/index.ts';
import { alignColumns } from './columns.ts';
import { describeChanges, describeDecider } from './decision-text.ts';
import { formatDuration } from './log-lines.ts';
import { type Paint, type Style, showText } from './output.ts';

const STATE_STYLES: Readonly<Record<ApprovalView['state'], Style>> = {
  pending: 'warning',
  approved: 'good',
  redeemed: 'good',
  denied: 'bad',
  expired: 'bad',
};

/** One line each, newest first. */
export function formatRequests(requests: readonly ApprovalView[], paint: Paint, nowMs: number): string {
  const rows = requests.map((request) => {
    const { name, state, client, approver, consent } = request;
    return [
      ['address', name],
      [STATE_STYLES[state], state],
      `${showText(client.name)} → ${showText(approver.name)}`,
      showText(consent.summary),
      ['quiet', describeTime(request, nowMs)],
    ] as const;
  });
  return alignColumns(rows, paint);
}

function describeTime({ state, expires_at, requested_at }: ApprovalView, nowMs: number): string {
  if (state === 'pending') {
    const leftSeconds = Math.max(0, (Date.parse(expires_at) - nowMs) / 1000);
    return `expires in ${formatDuration(leftSeconds)}`;
  }
  return `asked ${formatDuration(Math.max(0, (nowMs - Date.parse(requested_at)) / 1000))} ago`;
}

/** Everything about one request: what the approver reads, and what became of it. */
export function formatRequest(request: ApprovalView, paint: Paint): string {
  const { consent, decision, client, approver } = request;
  const facts: Array<[string, string | undefined]> = [
    ['State', paint(STATE_STYLES[request.state], request.state)],
    ['Code', request.binding_message === '' ? 'none' : showText(request.binding_message)],
    ['Client', `${showText(client.name)} (${showText(client.client_id)})`],
    ['Approver', `${showText(approver.name)} (${showText(approver.user_id)})`],
    ['Audience', request.audience && showText(request.audience)],
    ['Scope', showText(request.scope.join(' '))],
    ['Asked', request.requested_at],
    ['Expires', request.expires_at],
    ['Decided', decision && `${decision.outcome} ${describeDecider(decision)}, ${decision.at}`],
    ...describeChanges(decision?.changes).map((text, index): [string, string] => [
      index === 0 ? 'Granted' : '',
      text,
    ]),
    ['Reason', decision?.reason && showText(decision.reason)],
    ['Redeemed', request.redeemed_at],
    ['Id', request.id],
  ];
  return [
    `  ${paint('address', request.name)}  ${paint('title', `${showText(consent.who)} asks to ${showText(consent.summary)}`)}`,
    '',
    ...facts.flatMap(([label, value]) =>
      value === undefined ? [] : [`  ${paint('quiet', label.padEnd(10))} ${value}`],
    ),
    ...consent.sections.flatMap((section) => [
      '',
      `  ${paint('title', showText(section.title))}${section.known ? '' : '  (a type this tenant has no wording for)'}`,
      ...(section.instruction === undefined ? [] : [`    ${showText(section.instruction)}`]),
      ...formatRows(section.rows, paint),
      ...formatMay(section, request.state),
    ]),
  ].join('\n');
}

/** What the approver may make of it, while it can still be decided. */
function formatMay({ may, rows }: ApprovalView['consent']['sections'][number], state: string): string[] {
  if (may === undefined || state !== 'pending') return [];
  const labelOf = (path: string): string => rows.find((row) => row.path === path)?.label ?? path;
  return [
    ...(may.remove ? ['may be struck out'] : []),
    ...may.shorten.map((path) => `may be struck out in part: ${labelOf(path)}`),
    ...may.choose.map(
      ({ label, many, options }) =>
        `left open: ${label}, ${many ? 'some' : 'one'} of ${options.map((one) => one.label).join(', ')}`,
    ),
  ].map((text) => `    ${showText(text)}`);
}

function formatRows(rows: ApprovalView['consent']['sections'][number]['rows'], paint: Paint): string[] {
  const labels = rows.map((row) => `${'  '.repeat(row.depth)}${showText(row.label)}`);
  const width = Math.max(...labels.map((label) => label.length));
  return rows.map(
    (row, index) =>
      `    ${paint('quiet', (labels[index] ?? '').padEnd(width))}  ${showText(row.value)}${row.hidden ? '  (not displayed by Guardian)' : ''}`,
  );
}
