// Everything that answers over HTTP, in the order in which it is asked. Routes translate; they decide nothing.
import Koa from 'koa';
import {
  CONTROL_API,
  type ConsentPreview,
  type ConsentPreviewInput,
  type NotificationChannel,
} from '../contract/index.ts';
import type { Readings, Transactions } from '../guardian/index.ts';
import type { BankApi, Lessons } from '../lessons/index.ts';
import type { Mailbox, Outbox } from '../notify/index.ts';
import { redirectInPlainText } from '../pages/index.ts';
import { mountRoutes, type RouteSummary } from '../routes.ts';
import type { Tenant } from '../tenant/index.ts';
import { warnOfFailure } from '../warnings.ts';
import { approverRoutes } from './approver-routes.ts';
import { caRoutes } from './ca-routes.ts';
import { type ControlAccess, requireControlToken } from './control-access.ts';
import { controlApi } from './control-api.ts';
import { enrolmentRoutes } from './enrolment-page.ts';
import type { FaultsPort } from './fault-routes.ts';
import { frontDoorRoutes } from './front-door.ts';
import { bankApiRoutes } from './lesson-routes.ts';
import type { FaultNews, HeldNews } from './open-inboxes.ts';
import { answerProblems } from './problem-responses.ts';
import type { PushPort } from './push-registration-routes.ts';
import { refusePagesOfForeignNames, requireSameOrigin } from './same-origin.ts';
import type { ScenesPort } from './scene-routes.ts';
import type { SteppingPort } from './step-routes.ts';
import { explainUnknownRoutes } from './unknown-route.ts';
import { serveWebApps, webAppRoutes } from './web-apps.ts';
import type { WorldPort } from './world-routes.ts';

interface HttpParts {
  tenant: Tenant;
  transactions: Transactions;
  readings: Readings;
  worlds: WorldPort;
  outbox: Outbox;
  lessons: Lessons;
  bankApi: BankApi;
  mailbox: Mailbox;
  /** Answers all protocol routes; calls next() for paths it does not own. */
  oauth: Koa.Middleware;
  /** What programs that call those are told when anything fails. */
  answerFailedCalls: Koa.Middleware;
  /** What fails on purpose. */
  faults: FaultsPort & FaultNews;
  /** In front of everything that can fail so. */
  meetFaults: Koa.Middleware;
  /** What is held, and letting it go. */
  stepping: SteppingPort;
  /** Runs that are played in a world of their own. */
  scenes: ScenesPort;
  steps: HeldNews;
  /** In front of everything that can be held, whether it fails or not. */
  holdExchanges: Koa.Middleware;
  /** How devices say where they can be reached. */
  push: PushPort;
  /** Switches under which Chromium uses the push service of this server; undefined on plain http. */
  openForChromium(): Promise<readonly string[] | undefined>;
  /** For suggestions: the routes that `oauth` owns. */
  oauthRoutes: readonly RouteSummary[];
  /** Answers everything below /api/v2. */
  management: Koa.Middleware;
  managementRoutes(): Promise<readonly RouteSummary[]>;
  /** Answers what Guardian apps call. */
  guardian: Koa.Middleware;
  guardianRoutes: readonly RouteSummary[];
  /** Undefined: the server listens to this computer only, and nobody asked for a token. */
  controlAccess: ControlAccess | undefined;
  isReady(): boolean;
  version: string;
  startedAtMs: number;
  /** Folder of the built web app; may not exist when running from source. */
  webFolder: string;
  caPem: string | undefined;
  /** Where other computers reach this server, the likeliest address first; empty where none does. */
  networkUrls: readonly string[];
  /** Values of the Host header, in lower case, that may reach /approver and /control. */
  allowedHosts(): ReadonlySet<string>;
  /** Whether a page names people to whoever opens it. */
  isPageOfPeople(path: string): boolean;
  /** What a request with authorization details would come to; undefined where there is no such API. */
  previewConsent(input: ConsentPreviewInput): ConsentPreview | undefined;
  /** Asks `userId` something harmless as the tenant's first CIBA client; gives the short name. */
  askDemo(userId: string, channel?: NotificationChannel): Promise<string>;
  /** Aborts when the server stops: open streams and long polls end at once. */
  shutdown: AbortSignal;
}

/**
 * The Koa application, to be mounted on any HTTP or HTTPS server.
 *
 * @example createServer(createHttpApp(parts).callback()).listen(4443, '127.0.0.1')
 */
export function createHttpApp(parts: HttpParts): Koa {
  const { tenant } = parts;
  const frontDoor = [
    ...bankApiRoutes(parts.bankApi, tenant),
    ...frontDoorRoutes(parts),
    ...caRoutes(parts),
    ...enrolmentRoutes(tenant, { networkUrls: parts.networkUrls, hasAuthority: parts.caPem !== undefined }),
  ];
  const forApprovers = approverRoutes(parts);
  const forControl = controlApi(parts);
  const ownPagesOnly = requireSameOrigin({ allowedHosts: parts.allowedHosts, issuer: tenant.issuer });

  const app = new Koa();
  redirectInPlainText(app);
  app.use(endUnreadConnections());
  app.use(answerProblems(() => parts.shutdown.aborted));
  app.use(setDefaultHeaders(tenant));
  app.use(parts.answerFailedCalls);
  app.use(requireCurrentKnowledge(tenant));
  app.use(refusePagesOfForeignNames(parts.allowedHosts, parts.isPageOfPeople));
  app.use(parts.holdExchanges);
  app.use(parts.meetFaults);
  app.use(mountRoutes(forApprovers, (ctx) => ownPagesOnly(ctx)));
  app.use(
    mountRoutes(forControl, (ctx, { shapes }) => {
      ownPagesOnly(ctx, shapes);
      requireControlToken(ctx, parts.controlAccess, shapes);
    }),
  );
  app.use(mountRoutes(frontDoor));
  app.use(serveWebApps(parts.webFolder));
  app.use(parts.guardian);
  app.use(parts.management);
  app.use(parts.oauth);
  app.use(
    explainUnknownRoutes(tenant.displayName, async () => [
      ...frontDoor,
      ...forApprovers,
      ...forControl,
      ...webAppRoutes,
      ...parts.oauthRoutes,
      ...(await parts.managementRoutes()),
      ...parts.guardianRoutes,
    ]),
  );
  app.on('error', warnOfBrokenAnswer);
  return app;
}

/**
 * What is left of a body that was not read to its end would be taken for the next request, or keep that waiting.
 * RFC 9112 §9.3: read all of it, or close the connection after the answer.
 */
function endUnreadConnections(): Koa.Middleware {
  return async (ctx, next) => {
    await next();
    if (!ctx.req.complete && !ctx.headerSent) ctx.set('Connection', 'close');
  };
}

/** What holds for every answer unless a route says otherwise. */
function setDefaultHeaders({ clock }: Tenant): Koa.Middleware {
  return (ctx, next) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.set('X-Content-Type-Options', 'nosniff');
    // The tenant's time, which devices with a wrong clock reckon with.
    ctx.set('Date', new Date(clock.now()).toUTCString());
    return next();
  };
}

/** Whoever could not learn what other instances have answered might contradict them. Only that it lives is no news of theirs. */
function requireCurrentKnowledge({ instances }: Tenant): Koa.Middleware {
  return (ctx, next) => {
    if (ctx.path !== `${CONTROL_API}/live`) instances.requireCaughtUp();
    return next();
  };
}

/** Codes of a connection that its other end closed, or filled with something that is no HTTP (Node's parser: HPE_…). */
const CALLER_LEFT =
  /^(ECONNABORTED|ECONNRESET|EPIPE|ERR_STREAM_DESTROYED|ERR_STREAM_PREMATURE_CLOSE|HPE_\w+)$/;

/** An answer broke off after it had begun. Usually its reader left, which is nothing to report. */
function warnOfBrokenAnswer(error: NodeJS.ErrnoException): void {
  if (!CALLER_LEFT.test(error.code ?? '')) warnOfFailure('An answer failed', error);
}
