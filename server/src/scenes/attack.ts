// Attempts to pass the gate without approval, each played to its end: where it stops is found out, never assumed.
import type { ApiCheck, Attack, TraceEvent } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { changeDetails, type Question } from './question.ts';
import { RUN_WORDS, STOP_WORDS } from './scene-words.ts';
import { type Asked, type Stage, standsStill } from './stage.ts';

type Attempted = Extract<TraceEvent, { type: 'attack.attempted' }>;

export interface AttackEnd {
  /** Whose approval was to be got around. */
  run: string;
  /** Number of the last event before the attempt. */
  begins: number;
  stoppedBy?: Attempted['stopped_by'];
  tried?: Attempted['tried'];
}

export async function playAttack(stage: Stage, attack: Attack, question: Question): Promise<AttackEnd> {
  switch (attack) {
    case 'claimed_approval': {
      const asked = await askAndPoll(stage, question);
      const begins = await lastNumber(stage);
      await stage.callApi(undefined, question.details, RUN_WORDS.claim);
      return { run: asked.name, begins, ...(await apiVerdict(stage, begins)) };
    }
    case 'login_token': {
      // A login: nothing but the identity is asked for, and no details.
      const login = { ...question, scope: ['openid'], details: undefined, bindingMessage: 'LOGIN' };
      const { asked, token } = await approve(stage, login);
      return useToken(stage, asked, token, question.details);
    }
    case 'other_token': {
      const other = changeDetails(question.details ?? []);
      const { asked, token } = await approve(stage, { ...question, details: other });
      return useToken(stage, asked, token, question.details);
    }
    case 'changed_amount': {
      const { asked, token } = await approve(stage, question);
      return useToken(stage, asked, token, changeDetails(question.details ?? []));
    }
    case 'replayed_token': {
      const { asked, token } = await approve(stage, question);
      await stage.callApi(token, question.details);
      return useToken(stage, asked, token, question.details);
    }
    case 'replayed_request': {
      const { asked } = await approve(stage, question);
      const begins = await lastNumber(stage);
      const { status } = await stage.poll(asked);
      const stop = { at: 'server' as const, ...STOP_WORDS.oneRedemption };
      return { run: asked.name, begins, ...(status === 200 ? {} : { stoppedBy: stop }) };
    }
    case 'approved_by_get':
      return approveByGet(stage, question);
    case 'ignored_denial': {
      const asked = await stage.ask(question);
      await (await stage.read(asked))().deny(RUN_WORDS.denialReason);
      const begins = await lastNumber(stage);
      await stage.poll(asked);
      await stage.callApi(undefined, question.details, RUN_WORDS.claim);
      return { run: asked.name, begins, ...(await apiVerdict(stage, begins)) };
    }
  }
}

async function askAndPoll(stage: Stage, question: Question): Promise<Asked> {
  const asked = await stage.ask(question);
  await stage.read(asked);
  await stage.poll(asked);
  return asked;
}

async function approve(stage: Stage, question: Question): Promise<{ asked: Asked; token: string }> {
  const asked = await stage.ask(question);
  await (await stage.read(asked))().allow();
  const { status, body } = await stage.poll(asked);
  if (typeof body['access_token'] !== 'string')
    throw new Problem('scene_stuck', `The scene got no token: ${String(body['error'] ?? status)}.`, {
      status: 409,
      hint: 'It is played as the tenant is configured now. Ask in the same way yourself: the answer says which setting refuses it.',
    });
  return { asked, token: body['access_token'] };
}

async function useToken(
  stage: Stage,
  asked: Asked,
  token: string,
  details: Question['details'],
): Promise<AttackEnd> {
  const begins = await lastNumber(stage);
  await stage.callApi(token, details);
  return { run: asked.name, begins, ...(await apiVerdict(stage, begins)) };
}

/** Everything that an agent could know or guess; it is even told the ids. */
async function approveByGet(stage: Stage, question: Question): Promise<AttackEnd> {
  const asked = await askAndPoll(stage, question);
  const { id } = await stage.control.request(asked.name);
  const begins = await lastNumber(stage);
  const guesses = [
    `/approve/requests/${id}`,
    `/approver/requests/${id}?decision=approve`,
    `/approver/requests/${id}/transaction`,
    `/appliance-mfa/api/resolve-transaction?auth0_guardian_accepted=true`,
    `/control/requests/${asked.name}/decision?decision=approve`,
  ];
  const tried: NonNullable<Attempted['tried']> = [];
  for (const guess of guesses) {
    const { status } = await stage.agent.call('server', { method: 'GET', url: `${stage.url}${guess}` });
    tried.push({ method: 'GET', path: guess.split('?', 1)[0] ?? guess, status });
  }
  const { status } = await stage.poll(asked);
  const stop = { at: 'server' as const, ...STOP_WORDS.getChangesNothing };
  return { run: asked.name, begins, tried, ...(status === 200 ? {} : { stoppedBy: stop }) };
}

/** What the API said of its last call, by what it reported. */
async function apiVerdict(stage: Stage, after: number): Promise<Pick<AttackEnd, 'stoppedBy'>> {
  const { events } = await stage.control.story({ after });
  const called = events.findLast((event) => event.type === 'api.called');
  if (!called) throw standsStill('its API told of no call');
  const stop = called.checks.find((check: ApiCheck) => !check.passed);
  return stop === undefined ? {} : { stoppedBy: { at: 'api', check: stop.check, why: stop.why ?? '' } };
}

async function lastNumber(stage: Stage): Promise<number> {
  return (await stage.control.story({ limit: 0 })).last_number;
}
