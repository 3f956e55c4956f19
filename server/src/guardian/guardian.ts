// What Guardian apps and the Guardian SDKs call: enrol, read what is asked, answer, leave. auth0: Guardian SDKs.
// One table of routes, mounted under both addresses that the SDKs build: with /appliance-mfa for a tenant's own host, and
// without it for a host that is called guardian.
import type { Context, Middleware } from 'koa';
import { getRawBody } from 'raw-body';
import { isJsonObject } from '../json-object.ts';
import { describeCaller } from '../log-caller.ts';
import { ownUrl } from '../own-url.ts';
import { mountRoutes, type Route, type RouteSummary } from '../routes.ts';
import type { Tenant } from '../tenant/index.ts';
import { changeDevice, removeDevice } from './device-accounts.ts';
import { enrolDevice } from './enrol.ts';
import { GuardianCall, GuardianReply } from './guardian-call.ts';
import { GuardianError } from './guardian-error.ts';
import type { Readings } from './readings.ts';
import { resolveTransaction } from './resolve-transaction.ts';
import { showConsent } from './rich-consents.ts';
import type { Transactions } from './transactions.ts';

const LONGEST_BODY_BYTES = 64 * 1024;

interface GuardianRoute {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  purpose: string;
  /** Of a success with a body. */
  status?: number;
  /** Returns the body; undefined for 204. */
  answer(call: GuardianCall): Promise<object | undefined>;
}

const API_ROUTES: readonly GuardianRoute[] = [
  { method: 'POST', path: '/enroll', purpose: 'enrol a device', status: 201, answer: enrolDevice },
  {
    method: 'POST',
    path: '/resolve-transaction',
    purpose: 'answer a push',
    answer: resolveTransaction,
  },
  { method: 'PATCH', path: '/device-accounts/:id', purpose: 'change an enrolment', answer: changeDevice },
  { method: 'DELETE', path: '/device-accounts/:id', purpose: 'end an enrolment', answer: removeDevice },
  {
    // Ours alone: what stands in for APNs and FCM.
    method: 'GET',
    path: '/push-service',
    purpose: 'learn where a device without APNs or FCM listens',
    answer: async ({ tenant, vapidPublicKey }) => ({
      subscribe: `${tenant.issuer}push/subscribe`,
      vapid_public_key: vapidPublicKey,
    }),
  },
];

const ROUTES: readonly GuardianRoute[] = [
  ...['/appliance-mfa/api', '/api'].flatMap((base) =>
    API_ROUTES.map((route) => ({ ...route, path: `${base}${route.path}` })),
  ),
  { method: 'GET', path: '/rich-consents/:id', purpose: 'read what a push asks', answer: showConsent },
];

export interface Guardian {
  /** Answers the routes below and passes everything else on. */
  readonly middleware: Middleware;
  readonly routes: readonly RouteSummary[];
}

export interface GuardianParts {
  tenant: Tenant;
  transactions: Transactions;
  readings: Readings;
  push: {
    /** base64url; who listens to the embedded push service subscribes with it. */
    readonly publicKey: string;
  };
}

export function createGuardian(parts: GuardianParts): Guardian {
  const routes = ROUTES.map(
    (route): Route => ({
      method: route.method,
      path: route.path,
      purpose: route.purpose,
      answer: (ctx) => answerRoute(ctx, route, parts),
    }),
  );
  return { middleware: mountRoutes(routes), routes };
}

async function answerRoute(
  ctx: Context & { params: Record<string, string> },
  route: GuardianRoute,
  { tenant, transactions, readings, push }: GuardianParts,
): Promise<void> {
  try {
    const asked =
      route.method === 'GET' || route.method === 'DELETE' ? undefined : await readBody(ctx, tenant);
    const body = await route.answer(
      new GuardianCall({
        tenant,
        transactions,
        readings,
        vapidPublicKey: push.publicKey,
        parameters: ctx.params,
        header: (name) => ctx.get(name),
        body: asked,
        url: ownUrl(ctx, tenant),
        describe: (answer) => tenant.exchanges.describe(ctx, isJsonObject(asked) ? asked : {}, answer),
      }),
    );
    if (body instanceof GuardianReply) {
      ctx.status = body.status;
      ctx.body = body.body;
      return;
    }
    ctx.status = body === undefined ? 204 : (route.status ?? 200);
    if (body !== undefined) ctx.body = body;
  } catch (error) {
    if (!(error instanceof GuardianError)) throw error;
    ctx.status = error.status;
    ctx.body = error.body;
    if (route.answer === showConsent) recordConsentRefusal(ctx, tenant, error);
  }
}

/** auth0: Log Event Type Codes, `rich_consents_access_error`. */
function recordConsentRefusal(
  ctx: Context & { params: Record<string, string> },
  tenant: Tenant,
  error: GuardianError,
): void {
  tenant.tenantLog.append({
    type: 'rich_consents_access_error',
    caller: describeCaller(ctx),
    description: error.message,
    details: {
      error: { message: error.message },
      requestedRichConsentId: (ctx.params['id'] ?? '').slice(0, 100),
    },
  });
}

async function readBody(ctx: Context, { exchanges }: Tenant): Promise<unknown> {
  let text: string;
  try {
    text = await getRawBody(ctx.req, {
      length: ctx.req.headers['content-length'] ?? null,
      limit: LONGEST_BODY_BYTES,
      encoding: 'utf-8',
    });
  } catch (cause) {
    if (!(cause instanceof Error && 'type' in cause)) throw cause;
    throw new GuardianError(400, 'invalid_body', `The body cannot be read: ${cause.message}.`);
  }
  exchanges.keepBody(ctx.req, text);
  // A content type that forms cannot send: no foreign page can enrol or answer without being asked first.
  if (ctx.request.type !== 'application/json') {
    throw new GuardianError(
      400,
      'invalid_body',
      `Received ${ctx.request.type || 'no content type'}, expected application/json.`,
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new GuardianError(400, 'invalid_body', 'Received a body that is not JSON.');
  }
}
