// *Try it* of each step: what Aiya does, and whether it came as far as the step leads. A refusal for the reason of this step is
// the failure before; whatever comes after that reason is the success.
import type { LessonTrial } from '../contract/index.ts';
import type { JsonObject } from '../json-object.ts';
import type { OwnAnswer } from '../own-call.ts';
import { type Aiya, BRIEF_SECONDS, type Wish } from './aiya.ts';
import { findTransfer, readRequests, readTransfer } from './lab-6.ts';
import { LAB_6_SAYS as SAYS, type StepId } from './lab-6-texts.ts';
import { type Subject, TRANSFER_TYPE } from './subject.ts';

export interface Wrapping {
  bindingMessage: string | undefined;
  /** JSON. */
  authorizationDetails: string | undefined;
}

type Outcome = Pick<LessonTrial, 'passed' | 'says' | 'enrol' | 'request'>;
type Trial = (aiya: Aiya, subject: Subject, wrapping: Wrapping) => Promise<Outcome>;

const EXAMPLE: JsonObject = { amount: '42.00', currency: 'EUR', to: 'Grace Hopper' };
const EXAMPLE_DETAILS = JSON.stringify([{ type: TRANSFER_TYPE, ...EXAMPLE }]);
/** As long as the tool of the lab waits. */
const TOOL_SECONDS = 300;

const LOGIN: Wish = { forApi: false, expiresInSeconds: BRIEF_SECONDS };
const FOR_API: Wish = { forApi: true, expiresInSeconds: BRIEF_SECONDS };

export const TRY_STEP: Readonly<Record<StepId, Trial>> = {
  'enable-ciba': (aiya, subject) =>
    askUntil(aiya, subject, LOGIN, (answer) => answer.body['error'] === 'unauthorized_client'),
  'enable-push': (aiya, subject) =>
    askUntil(
      aiya,
      subject,
      LOGIN,
      (answer) => describes(answer, 'not enabled on tenant') || isBefore(answer, 'push'),
    ),

  async enrol(aiya, subject) {
    const outcome = await askUntil(aiya, subject, LOGIN, (answer) => answer.status !== 200);
    const last = aiya.exchanges.at(-1)?.exchange.response.body;
    const isNotEnrolled = String(last?.['error_description']).includes('does not have push notifications');
    if (outcome.passed || !isNotEnrolled) return outcome;
    const enrol = await aiya.enrol();
    return enrol === undefined ? outcome : { ...outcome, enrol };
  },

  'create-api': (aiya, subject) =>
    askUntil(
      aiya,
      subject,
      FOR_API,
      (answer) => describes(answer, 'Service not found') || isBefore(answer, 'api'),
    ),
  'authorize-application': (aiya, subject) =>
    askUntil(aiya, subject, FOR_API, (answer) => answer.status !== 200),
  'register-type': (aiya, subject) =>
    askUntil(
      aiya,
      subject,
      { ...FOR_API, authorizationDetails: EXAMPLE_DETAILS },
      (answer) => answer.status !== 200,
    ),

  async 'wrap-tool'(aiya, subject, { bindingMessage = '', authorizationDetails = '' }) {
    const details = parseDetails(authorizationDetails);
    if (bindingMessage.trim() === '' && authorizationDetails.trim() === '') {
      const answer = await aiya.transfer(EXAMPLE);
      return { passed: false, says: SAYS.unwrapped(String(answer.body['error_description'])) };
    }
    if (authorizationDetails.trim() !== '' && details === undefined)
      return { passed: false, says: SAYS.badDetails };
    const outcome = await askUntil(
      aiya,
      subject,
      {
        bindingMessage,
        ...(details === undefined ? {} : { authorizationDetails }),
        forApi: true,
        expiresInSeconds: TOOL_SECONDS,
      },
      (answer) => answer.status !== 200,
    );
    if (!outcome.passed || readTransfer(details ?? []) !== undefined) return outcome;
    return {
      ...outcome,
      passed: false,
      says: SAYS.incomplete('authorization_details with amount, currency and to'),
    };
  },

  async transfer(aiya, subject) {
    const request = (await readRequests(subject)).find(
      (one) => findTransfer(one) !== undefined && one.state !== 'redeemed',
    );
    const transfer = request && findTransfer(request);
    if (!request || !transfer) return { passed: false, says: SAYS.noRequest };
    const about = { request: request.name };
    const polled = await aiya.poll(request.authReqId);
    const token = polled.body['access_token'];
    if (typeof token !== 'string') return { ...about, passed: false, says: explainPoll(polled, subject) };
    const moved = await aiya.transfer(transfer, token);
    return moved.status === 201
      ? { ...about, passed: true, says: SAYS.moved }
      : { ...about, passed: false, says: SAYS.stopped(String(moved.body['error_description'])) };
  },
};

/** @param isStopped whether this step is still what stops it */
async function askUntil(
  aiya: Aiya,
  { person, tenant }: Subject,
  wish: Wish,
  isStopped: (answer: OwnAnswer) => boolean,
): Promise<Outcome> {
  const answer = await aiya.ask(wish);
  const { auth_req_id: authReqId, error, error_description: description } = answer.body;
  if (typeof authReqId === 'string') {
    const request = (await tenant.approvals.findByAuthReqId(authReqId))?.name;
    return { passed: true, says: SAYS.asked(person.name), ...(request === undefined ? {} : { request }) };
  }
  const passed = !isStopped(answer);
  const say = passed ? SAYS.further : SAYS.refused;
  return { passed, says: say(answer.status, String(error), String(description)) };
}

function describes({ body }: OwnAnswer, text: string): boolean {
  return String(body['error_description']).includes(text);
}

/** Whether an earlier step is what stops it, so that nothing can be said of this one. */
function isBefore({ body, status }: OwnAnswer, step: 'push' | 'api'): boolean {
  if (body['error'] === 'unauthorized_client' || status === 429 || status >= 500) return true;
  return step === 'push' && body['error'] !== 'invalid_request';
}

function explainPoll({ body }: OwnAnswer, { person }: Subject): string {
  switch (body['error']) {
    case 'authorization_pending':
      return SAYS.waiting(person.name);
    case 'slow_down':
      return SAYS.tooFast;
    default:
      return SAYS.ended(String(body['error_description'] ?? body['error']));
  }
}

/** Undefined for what is no list of one object. */
function parseDetails(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.length === 1 ? value : undefined;
  } catch {
    return undefined;
  }
}
