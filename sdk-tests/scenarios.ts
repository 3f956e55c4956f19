// The stories that every SDK has to get through. What is expected is stated once, as it is on the wire; the driver says
// how its SDK passes that on.
import type { AuthorizationDetail } from 'assent/contract';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { expect } from 'vitest';
import { detailOf } from './bank-api.ts';
import { DENIED_OR_EXPIRED, NO_DEVICE, POLLED_TOO_FAST, SPENT, UNKNOWN_USER } from './refusals.ts';
import { nextApproval, question, type Stage, tokensOf, waitForEvent, waitingRequestOf } from './stage.ts';
import { AGENT, AUDIENCE, TRANSFER_SCOPE, TRANSFER_TYPE } from './tenant.ts';

export interface Scenario {
  /** Heading in the matrix. */
  readonly name: string;
  /** Name of the test: what holds for every SDK. */
  readonly claim: string;
  /**
   * `fast` answers polls five times a second; `auth0` has the interval of Auth0, five seconds; `quick` has quick answers.
   * `ahead` is fast, on a server whose clock is three days ahead of the SDK's.
   */
  readonly pace: 'fast' | 'auth0' | 'quick' | 'ahead';
  play(stage: Stage): Promise<void>;
}

// RFC 9396 §2 and the limits of Auth0: nested, empty, escaped and unusual values, and members that no type mentions.
const INTRICATE_DETAILS: readonly AuthorizationDetail[] = [
  {
    type: TRANSFER_TYPE,
    zebra: 1,
    alpha: '250.00',
    amount: { value: 250.5, tiny: 1e-7, huge: 1e21, negative: -0.25 },
    recipients: [{ name: 'Grace Hopper', tags: [] }, { name: 'Zoë <b>&amp;</b> "quoted" \\ \u2028 漢字 🏦' }],
    note: '',
    nothing: null,
    urgent: false,
    'x-custom_1.2': {},
  },
  { type: TRANSFER_TYPE, to: 'the same type again', amount: 1 },
];

const approve: Scenario = {
  name: 'approve',
  claim: 'waits while the approver thinks and gets tokens once they approve',
  pace: 'fast',
  async play({ agent, assent, people }) {
    const asking = agent.ask(question(people.approver));
    const approval = await waitingRequestOf(asking, assent.control, people.approver);
    expect(await assent.control.approve(approval.id)).toMatchObject({ result: 'decided' });

    const tokens = tokensOf(await asking);
    const keys = createRemoteJWKSet(new URL('.well-known/jwks.json', assent.issuer));
    const access = await jwtVerify(tokens.accessToken, keys, { issuer: assent.issuer, audience: AUDIENCE });
    expect(access.payload).toMatchObject({
      sub: people.approver,
      aud: [AUDIENCE, `${assent.issuer}userinfo`],
      azp: AGENT.client_id,
      scope: `openid ${TRANSFER_SCOPE}`,
    });
    expect(tokens).toMatchObject({
      tokenType: expect.stringMatching(/^bearer$/i),
      scope: access.payload['scope'],
    });
    expect(tokens.authorizationDetails).toBeUndefined();
    const id = await jwtVerify(tokens.idToken ?? '', keys, {
      issuer: assent.issuer,
      audience: AGENT.client_id,
    });
    expect(id.payload.sub).toBe(people.approver);
  },
};

const deny: Scenario = {
  name: 'deny with a reason',
  claim: 'learns that the approver denied, and the reason stays with the approver',
  pace: 'fast',
  async play({ driver, agent, assent, people }) {
    const asking = agent.ask(question(people.approver));
    const approval = await waitingRequestOf(asking, assent.control, people.approver);
    await assent.control.deny(approval.id, 'I do not know Grace');

    expect(await asking).toEqual({ error: driver.tell(DENIED_OR_EXPIRED) });
    expect(await assent.control.request(approval.id)).toMatchObject({
      state: 'denied',
      decision: { outcome: 'denied', reason: 'I do not know Grace' },
    });
  },
};

const expire: Scenario = {
  name: 'expire',
  claim: 'learns that nobody answered in time',
  pace: 'fast',
  async play({ driver, agent, assent, people }) {
    const asking = agent.ask(question(people.approver));
    const approval = await waitingRequestOf(asking, assent.control, people.approver);
    await assent.control.expire(approval.id);

    expect(await asking).toEqual({ error: driver.tell(DENIED_OR_EXPIRED) });
    expect(await assent.control.request(approval.id)).toMatchObject({ state: 'expired' });
  },
};

const quickAnswer: Scenario = {
  name: 'quick answers',
  claim: 'gets its tokens from a poll that waits for the decision, with an interval below a second',
  pace: 'quick',
  async play({ agent, assent, people }) {
    const asking = agent.ask(question(people.approver));
    const { id } = await nextApproval(assent.control, people.approver);
    await waitForEvent(assent.control, (event) => event.type === 'poll.held' && event.approval === id);
    await assent.control.approve(id);

    expect(decodeJwt(tokensOf(await asking).accessToken).sub).toBe(people.approver);
    const story = (await assent.control.trace(id)).map(({ type }) => type);
    const told = story
      .slice(story.lastIndexOf('poll.held'))
      .filter((type) => !type.startsWith('notification.'));
    expect(told).toEqual(['poll.held', 'decision.made', 'request.settled', 'token.issued']);
  },
};

const pollTooFast: Scenario = {
  name: 'poll too fast',
  claim: 'may poll at once, is told to slow down when it polls again, and still gets its tokens',
  pace: 'auth0',
  async play({ driver, agent, assent, people }) {
    const open = await agent.start(question(people.approver));
    const { id } = await nextApproval(assent.control, people.approver);
    const answersSoFar = async () =>
      (await assent.control.trace(id)).flatMap((event) =>
        event.type === 'poll.answered' ? [event.answer] : [],
      );
    // Some SDKs poll while they start; for the others this is the first poll.
    if ((await answersSoFar()).length === 0) await open.poll();

    expect(await open.poll()).toEqual({ error: driver.tell(POLLED_TOO_FAST) });
    expect(await answersSoFar()).toEqual(['authorization_pending', 'slow_down']);

    // CIBA Core §11: slow_down is a variant of authorization_pending, so a request that is decided has its answer.
    await assent.control.approve(id);
    expect(decodeJwt(tokensOf(await open.poll()).accessToken).sub).toBe(people.approver);
  },
};

const roundTrip: Scenario = {
  name: 'RAR round trip',
  claim: 'gets back exactly the authorization details that it asked for',
  pace: 'fast',
  async play({ agent, assent, people }) {
    const asked = question(people.approver, { authorizationDetails: INTRICATE_DETAILS });
    const asking = agent.ask(asked);
    const approval = await waitingRequestOf(asking, assent.control, people.approver);
    await assent.control.approve(approval.id);

    const tokens = tokensOf(await asking);
    const places = {
      'what the approver was shown': approval.authorization_details,
      'the token response': tokens.authorizationDetails,
      'the access token': decodeJwt(tokens.accessToken)['authorization_details'],
    };
    const text = JSON.stringify(INTRICATE_DETAILS);
    for (const [place, details] of Object.entries(places)) {
      expect(details, place).toEqual(INTRICATE_DETAILS);
      expect(JSON.stringify(details), `order and spelling in ${place}`).toBe(text);
    }
  },
};

const wrongDetails: Scenario = {
  name: 'wrong details',
  claim: 'cannot move more than was approved, and can move what was',
  pace: 'fast',
  async play({ agent, assent, bank, people }) {
    const approved = { to: people.approver, amount: '250.00', currency: 'EUR' };
    const asking = agent.ask(question(people.approver, { authorizationDetails: [detailOf(approved)] }));
    const approval = await waitingRequestOf(asking, assent.control, people.approver);
    await assent.control.approve(approval.id);
    const { accessToken } = tokensOf(await asking);

    expect(await bank.transfer({ ...approved, amount: '2500.00' }, accessToken)).toMatchObject({
      status: 403,
      body: { error: 'insufficient_authorization_details' },
    });
    expect(bank.movedTo(people.approver)).toEqual([]);
    expect(await bank.transfer(approved, accessToken)).toMatchObject({ status: 201 });
    expect(bank.movedTo(people.approver)).toEqual([approved]);
  },
};

const unknownUser: Scenario = {
  name: 'unknown user',
  claim: 'learns that there is no such person',
  pace: 'fast',
  async play({ driver, agent, assent, people }) {
    expect(await agent.ask(question(people.unknown))).toEqual({ error: driver.tell(UNKNOWN_USER) });
    expect(await assent.control.requests({ user_id: people.unknown })).toEqual([]);
  },
};

const noDevice: Scenario = {
  name: 'no device',
  claim: 'learns that the person cannot be reached',
  pace: 'fast',
  async play({ driver, agent, assent, people }) {
    expect(await agent.ask(question(people.withoutDevice))).toEqual({ error: driver.tell(NO_DEVICE) });
    expect(await assent.control.requests({ user_id: people.withoutDevice })).toEqual([]);
  },
};

const replay: Scenario = {
  name: 'replay',
  claim: 'cannot redeem an approval twice, and trying does not harm the tokens of the first time',
  pace: 'auth0',
  async play({ driver, agent, assent, people }) {
    const open = await agent.start(question(people.approver));
    const { id } = await nextApproval(assent.control, people.approver);
    await assent.control.approve(id);
    const { accessToken } = tokensOf(await open.poll());

    expect(await open.poll()).toEqual({ error: driver.tell(SPENT) });
    expect(await assent.control.request(id)).toMatchObject({ state: 'redeemed' });
    const response = await fetch(new URL('userinfo', assent.issuer), {
      headers: { Authorization: `Bearer ${accessToken}` },
    });
    expect([response.status, await response.json()]).toMatchObject([200, { sub: people.approver }]);
  },
};

const twoAtOnce: Scenario = {
  name: 'two at once',
  claim: 'keeps two requests to one person apart',
  pace: 'fast',
  async play({ driver, agent, assent, people }) {
    const ask = (amount: string) => {
      const detail = detailOf({ to: people.approver, amount, currency: 'EUR' });
      const bindingMessage = `Transfer ${amount}`;
      const asked = question(people.approver, { bindingMessage, authorizationDetails: [detail] });
      return { detail, bindingMessage, answer: agent.ask(asked) };
    };
    const small = ask('10.00');
    const large = ask('20.00');
    const anyAnswer = Promise.race([small.answer, large.answer]);
    const first = await waitingRequestOf(anyAnswer, assent.control, people.approver);
    const second = await nextApproval(assent.control, people.approver, first.id);
    expect([first, second].map((approval) => approval.binding_message).sort()).toEqual([
      small.bindingMessage,
      large.bindingMessage,
    ]);
    const [forSmall, forLarge] =
      first.binding_message === small.bindingMessage ? [first, second] : [second, first];
    await assent.control.deny(forSmall.id);
    await assent.control.approve(forLarge.id);

    expect(await small.answer).toEqual({ error: driver.tell(DENIED_OR_EXPIRED) });
    expect(tokensOf(await large.answer).authorizationDetails).toEqual([large.detail]);
  },
};

const clockAhead: Scenario = {
  name: 'clock ahead',
  claim: 'takes the tokens of a server whose clock is three days ahead, and so does an API',
  pace: 'ahead',
  async play({ agent, assent, bank, people }) {
    const transfer = { to: people.approver, amount: '10.00', currency: 'EUR' };
    const asking = agent.ask(question(people.approver, { authorizationDetails: [detailOf(transfer)] }));
    const approval = await waitingRequestOf(asking, assent.control, people.approver);
    await assent.control.approve(approval.id);
    const { accessToken, idToken } = tokensOf(await asking);
    const aheadOf = (token: string): number => (decodeJwt(token).iat ?? 0) - Date.now() / 1000;
    for (const token of [accessToken, idToken ?? '']) expect(aheadOf(token)).toBeGreaterThan(71 * 3600);
    expect(await bank.transfer(transfer, accessToken)).toMatchObject({ status: 201 });
  },
};

export const scenarios: readonly Scenario[] = [
  approve,
  deny,
  expire,
  pollTooFast,
  quickAnswer,
  roundTrip,
  wrongDetails,
  unknownUser,
  noDevice,
  replay,
  twoAtOnce,
  clockAhead,
];
