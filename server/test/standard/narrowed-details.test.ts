// A token request may ask for a part of what was granted, never for more; whoever asks for too much has lost nothing.
// RFC 9396 §6 and §7.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuthorizationDetail } from '../../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, type Changes, claimsOf, unlimitedBank } from '../agent.ts';
import { refreshingClients } from '../clients.ts';

const API = 'https://bank.example/open-banking';
const READ = {
  type: 'account_information',
  actions: ['list_accounts', 'read_balances'],
  locations: ['https://bank.example/accounts', 'https://bank.example/cards'],
};
const PAY = { type: 'payment_initiation', amount: '12.00', creditor: { name: 'Merchant A' } };

let assent: RunningAssent;
beforeAll(async () => {
  assent = await startAssent({
    tls: false,
    config: unlimitedBank({
      clients: refreshingClients({ grant_types: ['client_credentials'] }),
      resource_servers: [
        {
          identifier: API,
          allow_offline_access: true,
          authorization_details: [{ type: 'account_information' }, { type: 'payment_initiation' }],
        },
      ],
      client_grants: [{ client_id: 'steady', audience: API }],
      users: [
        { user_id: 'auth0|ada', name: 'Ada', devices: [{ id: 'dev_AdaLovelacePhon1', name: 'Phone' }] },
      ],
    }),
  });
});
afterAll(() => assent.close());

function agentOf(client_id: string): Agent {
  return new Agent(assent, { client_id, client_secret: `${client_id}-secret-not-real` });
}

/** An approved request of this client. */
async function approved(agent: Agent, details: readonly AuthorizationDetail[] | undefined): Promise<string> {
  const authReqId = await agent.askFor({
    audience: API,
    scope: 'openid offline_access',
    ...(details === undefined ? {} : { authorization_details: JSON.stringify(details) }),
  });
  await assent.control.approve(authReqId);
  return authReqId;
}

const asking = (...details: readonly unknown[]): Changes => ({
  authorization_details: JSON.stringify(details),
});

const TOO_MUCH: ReadonlyArray<[string, string]> = [
  ['another action', JSON.stringify([{ ...READ, actions: ['list_accounts', 'pay'] }])],
  ['no actions at all', JSON.stringify([{ type: READ.type, locations: READ.locations }])],
  ['an empty list of actions', JSON.stringify([{ ...READ, actions: [] }])],
  ['another amount', JSON.stringify([{ ...PAY, amount: '1200.00' }])],
  ['a member more', JSON.stringify([{ ...PAY, urgent: true }])],
  ['the same payment twice', JSON.stringify([PAY, PAY])],
  ['another type', JSON.stringify([{ ...READ, type: 'payment_initiation' }])],
  ['an unknown type', JSON.stringify([{ type: 'urn:nobody:knows' }])],
  ['an empty list', '[]'],
  ['an object', JSON.stringify(PAY)],
  ['no JSON', 'x'],
];

it('a request for more is refused, and the approved request is still good for less', async () => {
  const agent = agentOf('rotating');
  const authReqId = await approved(agent, [READ, PAY]);
  for (const [what, authorization_details] of TOO_MUCH) {
    const answer = await agent.poll(authReqId, { authorization_details });
    expect([what, answer.status, answer.json().error]).toEqual([what, 400, 'invalid_authorization_details']);
  }
  const less = { ...READ, actions: ['read_balances'], locations: [READ.locations[1]] };
  const answer = await agent.poll(authReqId, asking(less));
  expect(answer.status, answer.text).toBe(200);
  expect(answer.json().authorization_details).toEqual([less]);
  expect(claimsOf(answer.json().access_token)['authorization_details']).toEqual([less]);
  const issued = (await assent.control.trace(authReqId)).find(({ type }) => type === 'token.issued');
  expect(issued).toMatchObject({ details_match: true });
});

it.each(['rotating', 'steady'])(
  'a refresh token of the client "%s" has all that was granted, whatever part was asked for before',
  async (client_id) => {
    const agent = agentOf(client_id);
    const first = (await agent.poll(await approved(agent, [READ, PAY]), asking(PAY))).json();
    expect(first.authorization_details).toEqual([PAY]);
    let { refresh_token } = first;
    for (const [what, authorization_details] of TOO_MUCH) {
      const answer = await agent.token({ grant_type: 'refresh_token', refresh_token, authorization_details });
      expect([what, answer.status, answer.json().error]).toEqual([
        what,
        400,
        'invalid_authorization_details',
      ]);
    }
    for (const [changes, expected] of [
      [asking(READ), [READ]],
      [{}, [READ, PAY]],
      [asking(PAY, { ...READ, actions: ['list_accounts'] }), [PAY, { ...READ, actions: ['list_accounts'] }]],
    ] as const) {
      const answer = await agent.token({ grant_type: 'refresh_token', refresh_token, ...changes });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.json().authorization_details).toEqual(expected);
      refresh_token = answer.json().refresh_token ?? refresh_token;
    }
  },
);

it('where nothing was granted, nothing can be asked for', async () => {
  const agent = agentOf('steady');
  const authReqId = await approved(agent, undefined);
  const refused = await agent.poll(authReqId, asking(PAY));
  expect([refused.status, refused.json().error]).toEqual([400, 'invalid_authorization_details']);
  const { refresh_token, authorization_details } = (await agent.poll(authReqId)).json();
  expect(authorization_details).toBeUndefined();
  const later = await agent.token({ grant_type: 'refresh_token', refresh_token, ...asking(PAY) });
  expect([later.status, later.json().error]).toEqual([400, 'invalid_authorization_details']);
});

it('a machine has nobody who could grant it details', async () => {
  const answer = await agentOf('steady').token({
    grant_type: 'client_credentials',
    audience: API,
    ...asking(PAY),
  });
  expect([answer.status, answer.json().error]).toEqual([400, 'invalid_authorization_details']);
});

it('in the dialect of Auth0 a token request takes no details, and spends nothing', async () => {
  const agent = agentOf('dialect');
  const authReqId = await approved(agent, [PAY]);
  const refused = await agent.poll(authReqId, asking(PAY));
  expect([refused.status, refused.json().error]).toEqual([400, 'invalid_authorization_details']);
  expect((await agent.poll(authReqId)).json().authorization_details).toEqual([PAY]);
});

it('many objects that are alike are compared at once, and one too many is refused', async () => {
  const agent = agentOf('steady');
  const authReqId = await approved(
    agent,
    Array.from({ length: 20 }, () => READ),
  );
  const less = { ...READ, actions: ['read_balances'] };
  const alike = Array.from({ length: 19 }, () => less);
  const refused = await agent.poll(authReqId, asking(...alike, { ...READ, actions: ['pay'] }));
  expect([refused.status, refused.json().error]).toEqual([400, 'invalid_authorization_details']);
  expect((await agent.poll(authReqId, asking(...alike, READ))).json().authorization_details).toHaveLength(20);
});

it('a smaller request leaves the larger object to the one that needs it', async () => {
  const agent = agentOf('steady');
  const small = { ...READ, actions: ['read_balances'] };
  const authReqId = await approved(agent, [READ, small]);
  expect((await agent.poll(authReqId, asking(small, READ))).json().authorization_details).toEqual([
    small,
    READ,
  ]);
});
