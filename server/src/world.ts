// Everything that changes, and what answers with it: one tenant with its store, its protocols and its routes. Worlds come and
// go behind one port (`worlds`); nothing of a world outlives its `end()`. Reads like the flow picture in ARCHITECTURE.md.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { toApprovalView } from './approvals/index.ts';
import { Callbacks } from './callbacks/index.ts';
import { createMovableClock } from './clock.ts';
import { approvalViewSchema, faultsSchema } from './contract/index.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { demoQuestion, sendDemoRequest } from './demo-request.ts';
import { Faults, InnerFaults, meetFaults } from './faults/index.ts';
import { createGuardian, Readings, Transactions } from './guardian/index.ts';
import { createHttpApp, createPlainDoor, type WorldPort } from './http/index.ts';
import { createRandomIds } from './ids.ts';
import { foundingMark, Instances } from './instances/index.ts';
import { BANK_API_PATH, BankApi, Lessons } from './lessons/index.ts';
import { openManagement } from './management/index.ts';
import { MemoryState } from './memory-state.ts';
import { createOAuth, LOGIN_PAGES_PATH, type OAuth, previewConsent, recordIssued } from './oauth/index.ts';
import type { Ground } from './open-ground.ts';
import { openStore } from './open-store.ts';
import { Outbound } from './outbound/index.ts';
import { inOwnPackage } from './own-package.ts';
import { Scenes } from './scenes/index.ts';
import { holdExchanges, InnerSteps, Stepping, SteppingTogether } from './stepping/index.ts';
import { createTenant, loadSigningKeys, storiesOf } from './tenant/index.ts';
import { makeBrokenCertificate } from './tls/broken-certificates.ts';
import { undoAll } from './undo.ts';
import { warnOfFailure } from './warnings.ts';
import type { World, WorldBeginning, WorldFrame } from './world-frame.ts';

/** Of the pages; may be missing when running from source. */
export function findWebFolder(): string {
  return fileURLToPath(inOwnPackage('dist/web'));
}

export interface WorldOpening {
  /** Undefined: with what its store has. */
  beginning?: WorldBeginning | undefined;
  /** Of the first one, where that was there before. */
  ground?: Ground | undefined;
  /** Number of the last event that readers were told of here, in a world that another instance has replaced. */
  toldEvent?: number | undefined;
}

/** @param worlds how its control API ends it and has another one begin */
export async function openWorld(
  frame: WorldFrame,
  worlds: WorldPort & { follow(): void },
  how: WorldOpening = {},
): Promise<World> {
  const { beginning, ground } = how;
  const { config, issuer, url, certificates } = frame;
  const clock = ground?.clock ?? createMovableClock(frame.clock);
  const memory = new MemoryState(beginning?.memory);
  const undo: Array<() => Promise<void> | void> = [];
  const end = (): Promise<void> => undoAll(undo.splice(0));
  try {
    const store = ground?.store ?? (await openStore(frame, clock));
    undo.push(() => store.close());
    if (beginning) {
      const documents = [...beginning.documents, ...(store.isShared ? [foundingMark(url)] : [])];
      await store.refill(documents, storiesOf(beginning.memory), beginning.over);
    }
    const ids = createRandomIds();
    const instances = await Instances.open(
      { store, clock: clock.base, ids, issuer, url, controlToken: frame.controlAccess?.token },
      { isFounder: beginning !== undefined },
    );
    undo.push(() => instances.close());
    instances.whenOver(() => worlds.follow());

    const wired: { oauth?: OAuth; delivery?: Delivery; inner?: InnerFaults; steps?: InnerSteps } = {};
    const tenant = await createTenant({
      config,
      ...(frame.quickAnswers === undefined ? {} : { quickAnswers: frame.quickAnswers }),
      issuer,
      mtlsUrl: frame.mtlsUrl,
      clock,
      ids,
      store,
      instances,
      memory,
      lastEvent: beginning?.lastEvent,
      toldEvent: how.toldEvent,
      keys: ground?.keys ?? (await loadSigningKeys(config, frame.keyFolder, store)),
      ports: {
        announce: (approval) => wired.steps?.beforePush(approval, () => wired.delivery?.announce(approval)),
        settle: async (approval) => wired.oauth?.settle(approval),
        needsSettling: (approval) => wired.oauth?.needsSettling(approval) ?? true,
        beforeDecision: async (approval, answer) => wired.steps?.beforeDecision(approval, answer),
        winnerOf: async (approval) => wired.inner?.winnerOf(approval),
      },
    });
    undo.push(() => tenant.close());
    if (frame.onEvent) tenant.log.subscribe(frame.onEvent);
    const shutdown = new AbortController();
    const together = instances.areMany ? new SteppingTogether({ store, instances, clock }) : undefined;
    const stepping = new Stepping({
      together,
      clock,
      record: (event) => void tenant.log.append(event),
      shutdown: shutdown.signal,
    });
    memory.add('steps', stepping);
    tenant.approvals.watch((approval) => {
      if (approval.state !== 'pending') stepping.forget(approval.id);
    });
    undo.push(() => stepping.close());
    await together?.attach(stepping);
    const steps = new InnerSteps(stepping);
    wired.steps = steps;
    together?.watchLeaving((approvalId) => {
      tenant.approvals
        .get(approvalId)
        .then((approval) => approval && steps.tellLeaving(approval))
        .catch((cause: unknown) => warnOfFailure('a request was not told of', cause));
    });
    undo.push(() => steps.close());
    const faults = await Faults.open({
      store,
      approvals: tenant.approvals,
      instances,
      seed: () => String(tenant.config.seed),
      hasTls: certificates !== undefined,
      record: (event) => void tenant.log.append(event),
    });
    undo.push(() => faults.close());
    const inner = new InnerFaults(faults, clock);
    wired.inner = inner;
    undo.push(() => inner.close());
    const transactions = new Transactions(tenant);
    const readings = new Readings(tenant);
    const delivery = await createDelivery({
      tenant,
      transactions,
      url,
      ca: certificates?.ca,
      keyFolder: frame.keyFolder,
      tls: certificates && { certificate: certificates, host: frame.host },
      faults: inner,
      isHeldBack: (approvalId) => steps.isHeldBack(approvalId),
    });
    wired.delivery = delivery;
    let deliveryClosing: Promise<void> | undefined;
    const closeDelivery = (): Promise<void> => {
      deliveryClosing ??= delivery.close();
      return deliveryClosing;
    };
    undo.push(closeDelivery);
    if (frame.chromiumPush) await delivery.embeddedPush.openForChromium();
    const outbound = new Outbound({
      clock: clock.base,
      ownCa: certificates?.ca,
      settings: () => tenant.config.ciba,
    });
    undo.push(() => outbound.close());
    const oauth = createOAuth(tenant, {
      fetchText: (address) => outbound.fetchText(address),
      shutdown: shutdown.signal,
      isSlowedDown: (approval) => inner.isSlowedDown(approval),
      beforeLastAnswer: (approval) => steps.beforeLastAnswer(approval),
      isSteppedThrough: () => stepping.isOn,
    });
    wired.oauth = oauth;
    undo.push(() => oauth.close());
    const callbacks = new Callbacks({
      store,
      clock,
      approvals: tenant.approvals,
      instances,
      outbound,
      config: () => tenant.config.ciba,
      tokens: {
        areInTime: (approval) => oauth.isRedeemable(approval),
        make: (approval) => oauth.makePushedTokens(approval),
        tellIssued: (approval, answer) => recordIssued(tenant, approval, answer, {}, { delivery: 'push' }),
      },
      acknowledged: (authReqId) => oauth.acknowledged(authReqId),
      mayLeave: (approval) => steps.beforeCallback(approval),
      faults: inner,
      record: (event) => void tenant.log.append(event),
    });
    undo.push(() => callbacks.close());

    const management = openManagement(tenant, { invite: (invitation) => delivery.invite(invitation) });
    const guardian = createGuardian({ tenant, transactions, readings, push: delivery.push });
    const scenes = new Scenes({
      open: frame.openSceneServer,
      config: () => tenant.config,
      storyOf: async (ref) => {
        const approval = await tenant.approvals.find(ref);
        return approval && tenant.log.of(approval.id);
      },
      demoQuestion: () => demoQuestion(tenant),
      clock,
      ids: tenant.ids,
      version: frame.version,
    });
    undo.push(() => scenes.close());
    const http = createHttpApp({
      tenant,
      transactions,
      readings,
      worlds,
      outbox: delivery.outbox,
      mailbox: delivery.mailbox,
      faults,
      meetFaults: meetFaults({
        faults,
        clock,
        keys: {
          rotate: (how) => tenant.keys.rotate(how),
          beforeRotation: () => oauth.keysBeforeRotation(),
        },
        readParameters: (ctx) => oauth.readParameters(ctx.req),
        findByAuthReqId: (authReqId) => tenant.approvals.findByAuthReqId(authReqId),
        shutdown: shutdown.signal,
      }),
      stepping: together ? together.portOf(stepping) : stepping,
      scenes,
      steps,
      holdExchanges: holdExchanges({
        stepping,
        clock: clock.base,
        readParameters: (ctx) => oauth.readParameters(ctx.req),
        findByAuthReqId: (authReqId) => tenant.approvals.findByAuthReqId(authReqId),
        apiPaths: ['/userinfo', BANK_API_PATH],
      }),
      lessons: new Lessons(tenant, { url, ca: certificates?.ca }),
      bankApi: new BankApi(tenant, { url, ca: certificates?.ca }),
      push: delivery.push,
      openForChromium: () => delivery.embeddedPush.openForChromium(),
      oauth: oauth.middleware,
      answerFailedCalls: oauth.answerFailures,
      oauthRoutes: oauth.routes,
      management: management.middleware,
      managementRoutes: () => management.routes(),
      guardian: guardian.middleware,
      guardianRoutes: guardian.routes,
      controlAccess: frame.controlAccess,
      isReady: () => !shutdown.signal.aborted,
      version: frame.version,
      startedAtMs: frame.startedAtMs + clock.offsetMs,
      webFolder: findWebFolder(),
      caPem: certificates?.ca,
      networkUrls: frame.networkUrls,
      allowedHosts: () => frame.allowedHosts,
      isPageOfPeople: (path) => path.startsWith(`${LOGIN_PAGES_PATH}/`),
      shutdown: shutdown.signal,
      previewConsent: (input) => previewConsent(tenant, input),
      async askDemo(userId, channel) {
        const authReqId = await sendDemoRequest({ tenant, url, ca: certificates?.ca }, userId, channel);
        return (await tenant.approvals.findByAuthReqId(authReqId))?.name ?? '';
      },
    });
    const answerByApp = http.callback();
    const answerByPlainDoor = createPlainDoor({ tenant, caPem: certificates?.ca }).callback();
    const isOwnHost = (request: IncomingMessage): boolean =>
      frame.allowedHosts.has((request.headers.host ?? '').toLowerCase());

    return {
      tenant,
      get chromiumSwitches() {
        return delivery.embeddedPush.chromiumSwitches;
      },
      answer(request: IncomingMessage, response: ServerResponse) {
        const isPush = isOwnHost(request) && delivery.embeddedPush.answer(request, response);
        if (!isPush) void answerByApp(request, response);
      },
      answerPlain: (request, response) => void answerByPlainDoor(request, response),
      upgrade: (request, socket, head) =>
        isOwnHost(request) && delivery.embeddedPush.upgrade(request, socket, head),
      trouble: inner.ofConnections((how) => {
        if (!certificates) throw new Error('a certificate was to be shown where there is no TLS');
        // Certificates are judged by other programs, and those go by the computer's clock.
        return makeBrokenCertificate(how, certificates, Date.now());
      }),
      async requireReadable() {
        const nowMs = clock.now();
        for (const approval of await tenant.approvals.list())
          approvalViewSchema.parse(toApprovalView(approval, nowMs));
        faultsSchema.parse({ faults: faults.list() });
      },
      async found() {
        await instances.found();
      },
      catchUp: instances.areMany ? async () => instances.catchUp() : undefined,
      get isOver() {
        return instances.areOver;
      },
      async resume() {
        const resumeAll = async (): Promise<void> => {
          await tenant.approvals.resume();
          await callbacks.resume();
          await tenant.scriptedPeople.resume();
        };
        instances.addTakeOver(resumeAll);
        // Those that a crash has left are seen off first, so that what was theirs is nobody's.
        await instances.begin();
        await resumeAll();
      },
      async letGo({ isReplaced = false } = {}) {
        if (isReplaced) await instances.close({ quietly: true });
        shutdown.abort();
        callbacks.close();
        outbound.close();
        await closeDelivery();
      },
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}
