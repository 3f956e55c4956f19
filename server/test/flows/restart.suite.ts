// One store, two servers after one another: what waited, what was decided and who was known is there again. Time stands still until
// a test moves it, also while no server runs. Every store that outlives a process runs this suite.
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Approval } from '../../src/approvals/index.ts';
import {
  enrolmentTicketSchema,
  pushMessageSchema,
  pushSetupSchema,
  relaySubscriptionSchema,
  type TenantConfigInput,
  type TraceEvent,
} from '../../src/contract/index.ts';
import {
  type Clock,
  createManualClock,
  type ManualClock,
  type RunningAssent,
  type StartOptions,
  startAssent,
} from '../../src/index.ts';
import type { Store } from '../../src/store.ts';
import { Agent, TRANSFER, TRANSFERS, unlimitedBank } from '../agent.ts';
import { Browser } from '../browser.ts';
import { EventReader } from '../event-reader.ts';
import { call } from '../http-call.ts';
import { MailServer } from '../mail-server.ts';
import { askByEmail, bankByEmail, eventOf, linkFor } from '../mail-tenant.ts';
import { makeDeviceKey, PairedBrowser, pairingBody } from '../paired-browser.ts';
import { WebApplication } from '../web-application.ts';
import { BrowserKeys } from '../web-push/browser-keys.ts';
import { ADA } from '../world.ts';

/** Where a server keeps everything. */
export interface RestartPlace {
  /** Before each test. */
  empty(): Promise<void>;
  options(): Pick<StartOptions, 'dataFile' | 'store'>;
  /** What a server that is over has left, of the tenant `bank`. */
  open(clock: Clock): Promise<Store>;
}

export function describeRestart(name: string, place: RestartPlace): void {
  describe(name, () => {
    let clock: ManualClock;
    let running: RunningAssent | undefined;
    let port: number;

    beforeEach(async () => {
      await place.empty();
      clock = createManualClock(Date.now());
      port = 0;
    });

    afterEach(async () => {
      await running?.close();
      running = undefined;
    });

    /** On the port of the last time, so that addresses and issuer are the same. Keys are nowhere but in the store. */
    async function start(config: TenantConfigInput = unlimitedBank()): Promise<RunningAssent> {
      running = await startAssent({ config, tls: false, clock, port, ...place.options() });
      port = Number(new URL(running.url).port);
      return running;
    }

    async function stop(): Promise<void> {
      await running?.close();
      running = undefined;
    }

    async function restart(config?: TenantConfigInput): Promise<RunningAssent> {
      await stop();
      return start(config);
    }

    const server = () => ({ url: `http://localhost:${port}`, clock });

    /** A request whose person was looked for: nobody has a device. */
    async function askAndLook(agent: Agent, changes: Record<string, string> = {}): Promise<string> {
      const authReqId = await agent.askFor(changes);
      await vi.waitFor(async () => expect(await story(authReqId)).toContain('notification.waiting'));
      return authReqId;
    }

    /** Types of what happened to a request. */
    async function story(ref: string): Promise<string[]> {
      return ((await running?.control.trace(ref)) ?? []).map(({ type }) => type);
    }

    async function wholeStory(): Promise<TraceEvent[]> {
      return (await call(`${server().url}/control/trace`)).json().events;
    }

    describe('a request that waits', () => {
      test('is seen and approved by the device that was paired before, and redeemed by the id that the agent has', async () => {
        const agent = new Agent(await start());
        const ada = await PairedBrowser.pair(server(), ADA);
        const authReqId = await agent.askFor({ authorization_details: JSON.stringify([TRANSFER]) });
        const before = await running?.control.request(authReqId);
        const assent = await restart();
        await using inbox = await ada.events();
        const { data: approval } = await inbox.nextOf('approval');
        expect(approval).toEqual(before);
        expect((await agent.poll(authReqId)).json().error).toBe('authorization_pending');
        expect((await ada.answer(approval, true)).status).toBe(200);
        const tokens = await agent.poll(authReqId);
        expect([tokens.status, tokens.json().authorization_details]).toEqual([200, [TRANSFER]]);
        expect((await assent.control.request(authReqId)).state).toBe('redeemed');
      });

      test('ends in its time, and numbers of requests go on', async () => {
        const agent = new Agent(await start());
        const authReqId = await agent.askFor({ requested_expiry: '60' });
        clock.advance(20_000);
        const assent = await restart();
        clock.advance(39_999);
        expect((await assent.control.request(authReqId)).state).toBe('pending');
        clock.advance(1);
        expect(await story(authReqId)).toContain('request.expired');
        const { name } = await assent.control.request(await agent.askFor());
        expect(name).toBe('r2');
      });

      test('and whose time ends while no server runs is expired by the next one, which tells the agent', async () => {
        const agent = new Agent(await start());
        const authReqId = await askAndLook(agent, { requested_expiry: '60' });
        await stop();
        clock.advance(60_000);
        const assent = await start();
        expect((await assent.control.request(authReqId)).state).toBe('expired');
        expect(await story(authReqId)).toEqual([
          'request.received',
          'notification.waiting',
          'request.expired',
        ]);
        expect((await agent.poll(authReqId)).json().error).toBe('access_denied');
      });

      test('is waited for by whoever asks the control API for the next one', async () => {
        const agent = new Agent(await start());
        await agent.askFor();
        const assent = await restart();
        expect(await assent.control.nextApproval()).toMatchObject({ name: 'r1', state: 'pending' });
      });
    });

    describe('an answer', () => {
      test('that was kept, but that the agent could not be told of any more, is told after the restart', async () => {
        const agent = new Agent(await start());
        const authReqId = await askAndLook(agent);
        await stop();
        await decideWithoutSettling();
        await start();
        expect(await story(authReqId)).toEqual([
          'request.received',
          'notification.waiting',
          'request.settled',
        ]);
        expect((await agent.poll(authReqId)).status).toBe(200);
      });

      test('that was redeemed stays redeemed, and one that was a no stays a no', async () => {
        const agent = new Agent(await start());
        const [first, second] = [await agent.askFor(), await agent.askFor()];
        await running?.control.approve(first);
        await running?.control.deny(second, 'not tonight');
        expect((await agent.poll(first)).status).toBe(200);
        const assent = await restart();
        expect((await agent.poll(first)).json().error).toBe('invalid_grant');
        expect((await agent.poll(second)).json().error).toBe('access_denied');
        expect((await assent.control.request(second)).decision?.reason).toBe('not tonight');
        expect((await assent.control.approve(second)).result).toBe('already_decided');
      });
    });

    describe('devices', () => {
      test('of the tenant file are enrolled once: a name given later and a removal stay, as long as the file says the same', async () => {
        await start();
        const ada = await PairedBrowser.pair(server(), ADA);
        const list = async () => (await ada.call('/approver/devices')).json().devices;
        const [listed] = await list();
        await ada.call(`/approver/devices/${listed.id}`, { method: 'PATCH', body: { name: 'Old phone' } });
        await restart();
        expect((await list())[0]).toEqual({ ...listed, name: 'Old phone' });
        await ada.call(`/approver/devices/${listed.id}`, { method: 'DELETE' });
        await restart();
        expect((await list()).map(({ id }: { id: string }) => id)).toEqual([ada.device.id]);
        const changed = structuredClone(unlimitedBank());
        for (const { devices = [] } of changed.users ?? [])
          for (const device of devices) device.name = 'New phone';
        await restart(structuredClone(changed));
        expect((await list()).map(({ name }: { name: string }) => name)).toContain('New phone');
        for (const user of changed.users ?? []) user.devices = [];
        await restart(changed);
        expect((await list()).map(({ id }: { id: string }) => id)).toEqual([ada.device.id]);
      });

      test('join with a ticket of before, and a ticket that was used stays used', async () => {
        await start();
        const ada = await PairedBrowser.pair(server(), ADA);
        const issue = async (): Promise<string> =>
          enrolmentTicketSchema.parse(
            (await ada.call('/approver/tickets', { method: 'POST', body: {} })).json(),
          ).ticket;
        const redeem = async (ticket: string): Promise<number> => {
          const body = { ...(await pairingBody(server(), ADA, await makeDeviceKey())), ticket };
          return (await call(`${server().url}/approver/devices`, { method: 'POST', body })).status;
        };
        const [used, unused] = [await issue(), await issue()];
        expect(await redeem(used)).toBe(201);
        await restart();
        expect([await redeem(used), await redeem(unused)]).toEqual([404, 201]);
      });

      test('cannot be imitated with a proof that was used before the restart', async () => {
        await start();
        const ada = await PairedBrowser.pair(server(), ADA);
        const headers = await ada.proof('GET', '/approver/devices');
        const replay = () => call(`${server().url}/approver/devices`, { headers });
        expect((await replay()).status).toBe(200);
        await restart();
        const refused = await replay();
        expect([refused.status, refused.json().detail]).toEqual([401, 'The signature was used before.']);
      });

      test('hear of a request once, though it is announced again, and that it ended while no server ran', async () => {
        const agent = new Agent(await start());
        const ada = await PairedBrowser.pair(server(), ADA);
        const relay = await subscribeByRelay(ada);
        await agent.askFor({ requested_expiry: '60' });
        const announced = await eventOf(running ?? (await start()), 'notification.delivered');
        await eventOf(await restart(), 'notification.delivered', announced.number);
        {
          await using stream = await EventReader.open(relay.subscription);
          expect(await relay.read(stream)).toMatchObject({ kind: 'request', name: 'r1' });
          // Had the announcement of the first server been left in the queue, it would come before that of the second request.
          await agent.askFor();
          expect(await relay.read(stream)).toMatchObject({ kind: 'request', name: 'r2' });
        }
        await stop();
        clock.advance(60_000);
        await start();
        await using stream = await EventReader.open(relay.subscription);
        const told = [await relay.read(stream), await relay.read(stream)];
        expect(told.map(({ name, kind }) => `${name} ${kind}`).sort()).toEqual(['r1 ended', 'r2 request']);
      });
    });

    describe('tokens and logins', () => {
      test('are good as before: access tokens verify, refresh tokens refresh, /userinfo answers', async () => {
        const app = await WebApplication.of(await start());
        const tokens = await app.logIn({
          audience: TRANSFERS,
          scope: 'openid offline_access create:transfer',
        });
        const opaque = await app.logIn({ scope: 'openid email' });
        const assent = await restart();
        const keys = (await call(`${assent.url}/.well-known/jwks.json`)).json();
        const verified = await jwtVerify(tokens.access_token, createLocalJWKSet(keys), {
          issuer: assent.issuer,
        });
        expect(verified.payload.sub).toBe(ADA);
        const refreshed = await new Agent(assent).token({
          grant_type: 'refresh_token',
          refresh_token: tokens.refresh_token,
        });
        expect(refreshed.status).toBe(200);
        const userInfo = await call(`${assent.url}/userinfo`, {
          headers: { Authorization: `Bearer ${opaque.access_token}` },
        });
        expect(userInfo.json()).toMatchObject({ sub: ADA, email: 'ada@bank.example' });
      });

      test('need no second login, and a login that was begun is finished', async () => {
        const app = await WebApplication.of(await start());
        const [browser, other] = [new Browser(), new Browser()];
        await app.logIn({}, browser);
        const begun = await app.begin();
        const page = await other.open(begun.url);
        await restart();
        const silent = await app.logIn({ prompt: 'none' }, browser);
        expect(silent.claims()?.sub).toBe(ADA);
        const back = await page.press('Grace Hopper');
        expect((await app.finish(begun, back.url)).claims()?.sub).toBe('auth0|grace');
      });
    });

    test('somebody who signed up is known, and still logged in', async () => {
      const app = await WebApplication.of(await start());
      const browser = new Browser();
      const person = { name: 'Edith Clarke', email: 'edith@bank.example', password: 'password-not-real' };
      const signedUp = await app.logIn({}, browser, async (page) =>
        (await page.click('Sign up')).press('Sign up', person),
      );
      await restart();
      expect((await app.logIn({ prompt: 'none' }, browser)).claims()).toMatchObject({
        sub: signedUp.claims()?.sub,
        name: 'Edith Clarke',
      });
    });

    describe('a request by e-mail', () => {
      test('is in the mailbox once, and the page that was open answers it', async () => {
        const config = bankByEmail();
        const assent = await start(config);
        const agent = new Agent(assent);
        const authReqId = await askByEmail(agent);
        const page = await (await new Browser().open(await linkFor(assent, authReqId))).press('Ada Lovelace');
        const next = await restart(config);
        // Whatever is announced again is on its way before this one.
        await linkFor(next, await askByEmail(agent));
        const { messages } = (await call(`${next.url}/control/mailbox`)).json();
        expect(messages.map(({ name }: { name: string }) => name)).toEqual(['r2', 'r1']);
        expect((await page.press('Approve')).heading).toBe('You approved');
        expect((await agent.poll(authReqId)).status).toBe(200);
      });

      test('is sent by a mail server once', async () => {
        await using mailServer = await MailServer.start();
        const config = bankByEmail({
          provider: { host: '127.0.0.1', port: mailServer.port },
          from: 'the bAInk <approvals@bank.example>',
        });
        const assent = await start(config);
        const agent = new Agent(assent);
        await askByEmail(agent);
        const sent = await eventOf(assent, 'notification.delivered');
        const next = await restart(config);
        await askByEmail(agent, { binding_message: 'SECOND' });
        await eventOf(next, 'notification.delivered', sent.number);
        expect(mailServer.received.map(({ mail }) => mail.subject)).toEqual([
          'Aiya asks for your approval: RENT-4K9',
          'Aiya asks for your approval: SECOND',
        ]);
      });
    });

    describe('the trace', () => {
      test('is there again, to the letter, and a reader goes on where it was', async () => {
        const agent = new Agent(await start());
        const authReqId = await agent.askFor();
        await running?.control.approve(authReqId);
        await agent.poll(authReqId);
        const before = await wholeStory();
        const last = before.at(-1)?.number ?? 0;
        await restart();
        expect(await wholeStory()).toEqual(before);
        await using reader = await EventReader.open(`${server().url}/control/events`, {
          'Last-Event-ID': String(last),
        });
        await agent.askFor();
        expect(await reader.next()).toMatchObject({ id: String(last + 1), event: 'request.received' });
      });

      test('begins anew with a reset, whose numbers no restart gives again', async () => {
        const agent = new Agent(await start());
        await agent.askFor();
        const last = (await wholeStory()).at(-1)?.number ?? 0;
        await running?.reset();
        await restart();
        expect((await wholeStory()).map(({ number, type }) => [number, type])).toEqual([
          [last + 2, 'tenant.reset'],
        ]);
      });
    });

    test('memory behaves alike, and nothing is left', async () => {
      const agent = new Agent(await start());
      await agent.askFor();
      await stop();
      await using assent = await startAssent({ config: unlimitedBank(), tls: false, clock });
      expect(await assent.control.requests()).toEqual([]);
    });

    /** The state in which a process leaves a request that dies between keeping the answer and telling the provider. */
    async function decideWithoutSettling(): Promise<void> {
      const store = await place.open(clock);
      const approvals = store.collection<Approval>('approvals');
      for (const { id, version, value } of await approvals.list()) {
        const decision = { outcome: 'approved', by: ADA, from: 'control API', atMs: clock.now() } as const;
        await approvals.replace(id, version, { ...value, state: 'approved', decision });
      }
      await store.close();
    }

    async function subscribeByRelay(browser: PairedBrowser) {
      const { vapid_public_key: vapid } = pushSetupSchema.parse(
        (await browser.call('/approver/push')).json(),
      );
      const keys = new BrowserKeys();
      const made = await call(`${server().url}/push/subscribe`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/webpush-options+json' },
        body: JSON.stringify({ vapid }),
      });
      const { endpoint, subscription } = relaySubscriptionSchema.parse(made.json());
      await browser.call(`/approver/devices/${browser.device.id}/push`, {
        method: 'PUT',
        body: { kind: 'relay', subscription: keys.toSubscription(endpoint) },
      });
      const read = async (stream: EventReader) => {
        const { data } = await stream.nextOf('push');
        return pushMessageSchema.parse(JSON.parse(keys.open(Buffer.from(data.body, 'base64url')).text));
      };
      return { subscription, read };
    }
  });
}
