// An agent on a LangGraph server, used by its programs through the real SDKs: interrupted, resumed by `GraphResumer`, and
// resumed after an enrolment.
import { type RunningAssent, startAssent } from 'assent';
import { GuardianDevice } from 'assent/guardian-device';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { type BankApi, startBankApi } from '../bank-api.ts';
import { aiLangchain } from '../drivers/auth0-ai-packages.ts';
import { managementDrivers } from '../management-clients.ts';
import { ADMINISTRATOR, readBarcode } from '../management-setup.ts';
import { nextApproval } from '../stage.ts';
import { AGENT, createTenantConfig, peopleOf } from '../tenant.ts';
import { startGraphServer } from './graph-server.ts';
import { createTransferGraph } from './transfer-graph.ts';

const GRAPH = 'bank';
const PEOPLE = peopleOf(0);
const TRANSFER = { to: 'Grace', amount: '250.00', currency: 'EUR' };

let assent: RunningAssent;
let bank: BankApi;

beforeEach(async () => {
  const { clients = [], ...tenant } = createTenantConfig({ interval: 0.2 }, 1);
  assent = await startAssent({
    dataFolder: inject('dataFolder'),
    config: {
      ...tenant,
      clients: [...clients, { ...ADMINISTRATOR, name: 'Administrator', grant_types: ['client_credentials'] }],
      client_grants: [
        { client_id: ADMINISTRATOR.client_id, audience: '{issuer}api/v2/', allow_all_scopes: true },
      ],
    },
  });
  bank = await startBankApi(assent.issuer, assent.ca ?? '');
});
afterEach(async () => {
  await bank[Symbol.asyncDispose]();
  await assent.close();
});

/** The agent of this person, on a server, in a thread of its own. */
async function startAgent(userId: string) {
  const domain = new URL(assent.issuer).host;
  const [management] = managementDrivers;
  const administration = management?.connect({
    domain,
    clientId: ADMINISTRATOR.client_id,
    clientSecret: ADMINISTRATOR.client_secret,
  });
  const graph = createTransferGraph({
    auth0: { domain, clientId: AGENT.client_id, clientSecret: AGENT.client_secret },
    bank,
    transfer: TRANSFER,
    userId,
    async invite() {
      const ticket = await administration?.createTicket({
        user_id: userId,
        factor: 'push-notification',
        send_mail: false,
        allow_multiple_enrollments: true,
      });
      return ticket?.ticket_url ?? '';
    },
  });
  const server = await startGraphServer(graph, GRAPH);
  const { client } = server;
  const { thread_id: threadId } = await client.threads.create();
  return {
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    run: (payload: Parameters<typeof client.runs.wait>[2]) => client.runs.wait(threadId, GRAPH, payload),
    /** What the thread waits for. */
    async interruption(): Promise<unknown> {
      const [thread] = await client.threads.search({ status: 'interrupted' });
      return Object.values(thread?.interrupts ?? {}).flat()[0]?.value;
    },
    /** One round of a worker that has just started and knows nothing but the threads. */
    resumeAll: () => new aiLangchain.GraphResumer({ langGraph: client, filters: { graphID: GRAPH } }).loop(),
    /** What the tool said, once it has. */
    async outcome(): Promise<unknown> {
      const { messages } = await graph
        .getState({ configurable: { thread_id: threadId } })
        .then(({ values }) => values);
      return messages.at(-1)?.getType() === 'tool' ? messages.at(-1)?.content : undefined;
    },
  };
}

const BEGIN = { input: { messages: [{ role: 'user', content: 'Pay Grace.' }] } };
const PENDING = { code: 'CIBA_AUTHORIZATION_PENDING', request: { id: expect.any(String), interval: 0.2 } };

describe('an agent on a LangGraph server, with @auth0/ai-langchain', () => {
  test('is interrupted while the person thinks, and resumed until they have approved', async () => {
    await using agent = await startAgent(PEOPLE.approver);
    await agent.run(BEGIN);
    expect(await agent.interruption()).toMatchObject(PENDING);
    await agent.resumeAll();
    expect(await agent.interruption()).toMatchObject({ request: PENDING.request });
    expect(await agent.outcome()).toBeUndefined();

    await assent.control.approve((await nextApproval(assent.control, PEOPLE.approver)).id);
    await agent.resumeAll();
    expect(await agent.outcome()).toBe('the bank answered 201');
    expect(await agent.interruption()).toBeUndefined();
    expect(bank.movedTo('Grace')).toEqual([TRANSFER]);
    expect(await assent.control.requests({ user_id: PEOPLE.approver })).toHaveLength(1);
  });

  test('learns of a denial when it is resumed, and moves nothing', async () => {
    await using agent = await startAgent(PEOPLE.approver);
    await agent.run(BEGIN);
    await assent.control.deny((await nextApproval(assent.control, PEOPLE.approver)).id);
    await agent.resumeAll();
    expect(await agent.outcome()).toBe(
      'refused: The end-user denied the authorization request or it has been expired',
    );
    expect(bank.movedTo('Grace')).toEqual([]);
  });

  test('sends somebody without a device to an enrolment page, and goes on with the same transfer', async () => {
    await using agent = await startAgent(PEOPLE.withoutDevice);
    await agent.run(BEGIN);
    const { enrolAt } = Object(await agent.interruption());
    expect(enrolAt).toContain(`${assent.issuer}guardian/enroll?ticket=`);

    await using phone = await GuardianDevice.enrol({
      barcodeUri: await readBarcode(enrolAt, assent.ca ?? ''),
      ca: assent.ca,
    });
    await agent.run({ command: { resume: 'enrolled' } });
    expect(await agent.interruption()).toMatchObject(PENDING);
    const push = await phone.nextPush();
    expect((await phone.readConsent(push)).requested_details.authorization_details).toEqual([
      { type: 'transfer_funds', ...TRANSFER },
    ]);
    await phone.allow(push);
    await agent.resumeAll();
    expect(await agent.outcome()).toBe('the bank answered 201');
    expect(bank.movedTo('Grace')).toEqual([TRANSFER]);
  });
});
