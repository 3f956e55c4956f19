// A trace → the runs in it, and one of them as steps. Events that concern nobody in particular, such as a clock that is moved,
// are marks in every run that was going on.
import type { TraceEvent } from '../contract/index.ts';
import type { Piece, StoryContext } from './arrow-pen.ts';
import { readEvent } from './event-arrows.ts';
import { foldArrows } from './fold-arrows.ts';
import { fillText, sentenceTexts } from './sentences.ts';
import type { Letter, Participant, Row, Run, RunHeading, RunOutcome, Step } from './step.ts';

type EventOf<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>;

/** Every run of a trace, oldest first. */
export function readRuns(events: readonly TraceEvent[]): RunHeading[] {
  return [...groupEvents(events)].map(([id, own]) => describeRun(id, own));
}

/** @param ref id or short name; left out: the newest. Undefined if there is none */
export function readRun(events: readonly TraceEvent[], ref?: string): Run | undefined {
  const groups = [...groupEvents(events)];
  const found =
    ref === undefined
      ? groups.at(-1)
      : // A name may come again after a reset: the newest one is meant.
        groups.findLast(([id, own]) => id === ref || nameOf(id, own) === ref);
  if (found === undefined) return undefined;
  const [id, own] = found;
  const heading = describeRun(id, own);
  const story = withBystanders(own, events, heading.outcome);
  const names = readNames(story);
  const context: StoryContext = {
    names: {
      agent: names.agent ?? sentenceTexts.agent,
      approver: heading.approverName ?? sentenceTexts.approver,
      device: names.approver ?? sentenceTexts.device,
    },
    heldPolls: 0,
  };
  const values = readValues(story);
  const pieces = completeHeldPolls(story.flatMap((event) => readEvent(event, context)));
  const rows = foldArrows(pieces.map((piece) => keepKnownLetters(piece, values)));
  return { ...heading, names, values, rows, steps: stepsOf(rows), events: story };
}

/** The steps of the only, or newest, run of a story. */
export function readSteps(events: readonly TraceEvent[]): readonly Step[] {
  return readRun(events)?.steps ?? [];
}

function stepsOf(rows: readonly Row[]): Step[] {
  return rows.flatMap((row) => (row.type === 'step' ? [row.step] : []));
}

/** Own events of each run, in the order in which the runs begin. */
function groupEvents(events: readonly TraceEvent[]): Map<string, TraceEvent[]> {
  const groups = new Map<string, TraceEvent[]>();
  for (const event of events) {
    const id = runOf(event);
    if (id === undefined) continue;
    const group = groups.get(id);
    if (group) group.push(event);
    else groups.set(id, [event]);
  }
  return groups;
}

/** Undefined for what is no run's own. */
function runOf(event: TraceEvent): string | undefined {
  switch (event.type) {
    case 'request.refused':
      return `event-${event.number}`;
    case 'token.refused':
    case 'api.called':
    case 'attack.attempted':
      return event.approval ?? `event-${event.number}`;
    default:
      return 'approval' in event ? event.approval : undefined;
  }
}

function withBystanders(
  own: readonly TraceEvent[],
  events: readonly TraceEvent[],
  outcome: RunOutcome,
): TraceEvent[] {
  const first = own[0]?.number ?? 0;
  const isGoingOn = outcome === 'pending' || outcome === 'approved';
  const last = isGoingOn ? Number.POSITIVE_INFINITY : (own.at(-1)?.number ?? 0);
  const mine = new Set(own);
  return events.filter(
    (event) =>
      mine.has(event) ||
      (event.number > first && event.number < last && runOf(event) === undefined && isForEverybody(event)),
  );
}

function isForEverybody(event: TraceEvent): boolean {
  return event.type === 'clock.moved' || event.type.startsWith('fault.') || event.type.startsWith('tenant.');
}

function nameOf(id: string, own: readonly TraceEvent[]): string {
  for (const event of own) if ('name' in event && event.name !== undefined) return event.name;
  return id.replace(/^event-/, 'e');
}

function describeRun(id: string, own: readonly TraceEvent[]): RunHeading {
  const received = findEvent(own, 'request.received');
  return {
    id,
    name: nameOf(id, own),
    title: received?.consent.summary ?? titleWithoutRequest(own),
    outcome: readOutcome(own),
    startedAt: own[0]?.at ?? '',
    clientName: received?.client_name ?? findEvent(own, 'request.refused')?.client_id,
    approverName: received?.user_name,
  };
}

function titleWithoutRequest([first]: readonly TraceEvent[]): string {
  switch (first?.type) {
    case 'request.refused':
    case 'token.refused':
      return fillText(sentenceTexts.refusedRun, { error: first.error });
    case 'api.called':
      return fillText(sentenceTexts.apiRun, { method: first.method, path: first.path });
    case 'attack.attempted':
      return fillText(sentenceTexts.attackRun, { attack: first.attack });
    default:
      return '';
  }
}

function readOutcome(own: readonly TraceEvent[]): RunOutcome {
  let outcome: RunOutcome = findEvent(own, 'request.received') === undefined ? 'refused' : 'pending';
  for (const event of own) {
    if (event.type === 'decision.made') outcome = event.outcome;
    if (event.type === 'request.expired') outcome = 'expired';
    if (event.type === 'token.issued') outcome = 'redeemed';
  }
  return outcome;
}

function readNames(story: readonly TraceEvent[]): Partial<Record<Participant, string>> {
  const received = findEvent(story, 'request.received');
  const device = story.findLast(
    (event): event is EventOf<'decision.made' | 'request.read' | 'notification.received'> =>
      ['decision.made', 'request.read', 'notification.received'].includes(event.type) &&
      'device' in event &&
      event.device !== undefined,
  )?.device;
  const access = received?.consent.sections.find(({ type }) => type === 'access');
  const api = access?.rows.find(({ path }) => path === '/audience')?.value;
  const agent = received?.client_name ?? findEvent(story, 'request.refused')?.client_id;
  const approver = [received?.user_name, device].filter((part) => part !== undefined).join(', ');
  return {
    ...(agent === undefined ? {} : { agent }),
    ...(approver === '' ? {} : { approver }),
    ...(received === undefined ? {} : { push: sentenceTexts.channels[received.channel] ?? received.channel }),
    ...(api === undefined ? {} : { api }),
  };
}

function readValues(story: readonly TraceEvent[]): Partial<Record<Letter, string>> {
  const received = findEvent(story, 'request.received');
  const refused = findEvent(story, 'request.refused')?.exchange?.request.parameters;
  const details = received?.authorization_details;
  const fetched = findEvent(story, 'token.issued')?.exchange;
  const brought = story.find(
    (event): event is EventOf<'callback.sent'> => event.type === 'callback.sent' && event.says === 'tokens',
  )?.exchange;
  const entries: ReadonlyArray<readonly [Letter, unknown]> = [
    ['a', received?.exchange?.response.body?.['auth_req_id']],
    ['b', received?.binding_message ?? refused?.['binding_message']],
    ['d', details === undefined ? refused?.['authorization_details'] : JSON.stringify(details)],
    ['c', received?.consent_id],
    ['t', fetched?.response.body?.['access_token'] ?? brought?.request.parameters['access_token']],
  ];
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'));
}

/** An arrow carries no details where the request had none. What an API is asked for is its own. */
function keepKnownLetters(piece: Piece, known: Partial<Record<Letter, string>>): Piece {
  if (piece.type === 'mark' || piece.arrow.kind === 'api-called') return piece;
  const isKnown = (letter: Letter): boolean =>
    known[letter] !== undefined || letter === 'a' || letter === 't';
  const { arrow } = piece;
  if (arrow.values.every(isKnown)) return piece;
  return { type: 'arrow', arrow: { ...arrow, values: arrow.values.filter(isKnown) } };
}

/** A poll that waits is drawn before anything is known of it: its exchange comes with the answer. */
function completeHeldPolls(pieces: readonly Piece[]): Piece[] {
  const completed = [...pieces];
  const open: number[] = [];
  pieces.forEach((piece, index) => {
    if (piece.type === 'mark') return;
    const { arrow } = piece;
    if (arrow.kind === 'poll') {
      if (arrow.exchange === undefined) open.push(index);
      return;
    }
    const isAnswer = arrow.isResponse && arrow.to === 'agent' && arrow.exchange !== undefined;
    const before = pieces[index - 1];
    const hasOwnQuestion =
      before?.type === 'arrow' && before.arrow.event === arrow.event && !before.arrow.isResponse;
    if (!isAnswer || hasOwnQuestion) return;
    const question = open.shift();
    const held = question === undefined ? undefined : pieces[question];
    if (question === undefined || held?.type !== 'arrow') return;
    completed[question] = { type: 'arrow', arrow: { ...held.arrow, exchange: arrow.exchange } };
  });
  return completed;
}

function findEvent<T extends TraceEvent['type']>(
  events: readonly TraceEvent[],
  type: T,
): EventOf<T> | undefined {
  return events.find((event): event is EventOf<T> => event.type === type);
}
