// The Management API: the tenant, configured as Auth0's is, while it runs. auth0: Management API v2.
// A table of routes; each reads what it was sent, changes the configuration of the tenant and shows it in Auth0's shape.
import type { Context, Middleware } from 'koa';
import { getRawBody } from 'raw-body';
import { MANAGEMENT_PATH } from '../contract/index.ts';
import { DEEPEST_LEVEL, isNestedTooDeeply } from '../json-object.ts';
import { describeCaller } from '../log-caller.ts';
import { findNearestText } from '../nearest.ts';
import { Problem } from '../problem.ts';
import { mountRoutes, type Route, type RouteSummary } from '../routes.ts';
import type { Tenant } from '../tenant/index.ts';
import { ManagementAccess } from './access.ts';
import { authenticationMethodRoutes } from './authentication-methods.ts';
import { clientCredentialRoutes } from './client-credentials.ts';
import { clientGrantRoutes } from './client-grants.ts';
import { clientRoutes } from './clients.ts';
import { connectionRoutes } from './connections.ts';
import { emailProviderRoutes } from './email-provider.ts';
import { emailTemplateRoutes } from './email-templates.ts';
import { enrolmentRoutes } from './enrolments.ts';
import { guardianFactorRoutes } from './guardian-factors.ts';
import { guardianSettingRoutes } from './guardian-settings.ts';
import { keptSettingRoutes } from './kept-settings.ts';
import { logRoutes } from './logs.ts';
import { ManagementCall, type ManagementPorts, type ManagementRoute } from './management-call.ts';
import { invalidBody, ManagementError } from './management-error.ts';
import { resourceServerRoutes } from './resource-servers.ts';
import { roleRoutes } from './roles.ts';
import { tenantSettingsRoutes } from './tenant-settings.ts';
import { unimitatedRoutes } from './unimitated.ts';
import { userAccessRoutes } from './user-access.ts';
import { userRoutes } from './users.ts';

/** Largest body: a user profile with its metadata, or a page template. */
const LONGEST_BODY_BYTES = 1024 * 1024;

/** Everything that is answered, in the order in which it is looked for. */
export const MANAGEMENT_ROUTES: readonly ManagementRoute[] = [
  ...clientRoutes,
  ...clientCredentialRoutes,
  ...resourceServerRoutes,
  ...clientGrantRoutes,
  ...connectionRoutes,
  ...tenantSettingsRoutes,
  ...emailProviderRoutes,
  ...emailTemplateRoutes,
  ...enrolmentRoutes,
  ...authenticationMethodRoutes,
  ...guardianFactorRoutes,
  ...guardianSettingRoutes,
  ...userRoutes,
  ...userAccessRoutes,
  ...roleRoutes,
  ...logRoutes,
  ...keptSettingRoutes,
  ...unimitatedRoutes,
];

export interface Management {
  /** Answers everything: what is not below /api/v2 never comes here. */
  readonly middleware: Middleware;
  readonly routes: readonly RouteSummary[];
}

export function createManagement(tenant: Tenant, ports: ManagementPorts, startedAt: string): Management {
  const access = new ManagementAccess(tenant);
  const routes = MANAGEMENT_ROUTES.map(
    (route): Route => ({
      method: route.method,
      path: `${MANAGEMENT_PATH}${route.path}`,
      purpose: route.purpose,
      answer: (ctx) => answerRoute(ctx, route, { tenant, ports, access, startedAt }),
    }),
  );
  const answerKnown = mountRoutes(routes);

  const middleware: Middleware = async (ctx) => {
    try {
      await answerKnown(ctx, async () => {
        await access.readCaller(ctx.get('Authorization'));
        throw explainUnknown(ctx, routes);
      });
    } catch (error) {
      const refusal = toManagementError(error);
      if (!refusal) throw error;
      ctx.status = refusal.status;
      ctx.body = refusal.body;
      // RFC 9110 §11.6.1.
      if (refusal.status === 401) ctx.set('WWW-Authenticate', 'Bearer');
    }
  };
  return { middleware, routes };
}

async function answerRoute(
  ctx: Context & { params: Record<string, string> },
  route: ManagementRoute,
  parts: { tenant: Tenant; ports: ManagementPorts; access: ManagementAccess; startedAt: string },
): Promise<void> {
  const { access, ...rest } = parts;
  const caller = await access.readCaller(ctx.get('Authorization'));
  access.requireScope(caller, route.scopes);
  // What to take from a person or a role comes in the body of a DELETE. RFC 9110 §9.3.5 lets it have one.
  const body = route.method === 'GET' ? undefined : await readBody(ctx);
  const answer = await route.answer(
    new ManagementCall({ ...rest, caller, parameters: ctx.params, query: { ...ctx.query }, body }),
  );
  ctx.status = route.status ?? (answer === undefined ? 204 : route.method === 'POST' ? 201 : 200);
  if (answer !== undefined) ctx.body = answer;
  if (route.method !== 'GET') recordWrite(ctx, route, rest.tenant, caller.clientId);
}

/** auth0: Log Event Type Codes, `sapi`. Without the body, which may hold secrets. */
function recordWrite(ctx: Context, route: ManagementRoute, tenant: Tenant, clientId: string): void {
  const { method, path, status: statusCode } = ctx;
  const { purpose } = route;
  tenant.tenantLog.append({
    type: 'sapi',
    client_id: clientId,
    caller: describeCaller(ctx),
    description: `${purpose[0]?.toUpperCase()}${purpose.slice(1)}`,
    details: { request: { method: method.toLowerCase(), path }, response: { statusCode } },
  });
}

async function readBody(ctx: Context): Promise<unknown> {
  // What a browser sends without asking is refused: the token is in a header, but habits change. Fetch Standard §2.2.2.
  if (ctx.request.type !== '' && ctx.request.type !== 'application/json') {
    throw new ManagementError(
      415,
      'unsupported_media_type',
      `Unsupported Media Type: received ${ctx.request.type}, expected application/json`,
    );
  }
  let text: string;
  try {
    text = await getRawBody(ctx.req, {
      length: ctx.req.headers['content-length'] ?? null,
      limit: LONGEST_BODY_BYTES,
      encoding: 'utf-8',
    });
  } catch (cause) {
    if (!(cause instanceof Error && 'type' in cause)) throw cause;
    if (cause.type === 'entity.too.large') {
      throw new ManagementError(
        413,
        'payload_too_large',
        `Payload content length greater than maximum allowed: ${LONGEST_BODY_BYTES}`,
      );
    }
    throw invalidBody('The body ended early or has another length than announced.');
  }
  if (text.trim() === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ManagementError(400, 'invalid_body', 'Invalid request payload JSON format');
  }
  if (isNestedTooDeeply(body)) throw invalidBody(`The body is nested more than ${DEEPEST_LEVEL} deep.`);
  return body;
}

/** What a change makes impossible is the caller's mistake: the same findings as in a tenant file. */
function toManagementError(error: unknown): ManagementError | undefined {
  if (error instanceof ManagementError) return error;
  if (error instanceof Problem && error.code === 'config_invalid') {
    return invalidBody(error.findings.join(' ') || error.message);
  }
  return undefined;
}

function explainUnknown(ctx: Context, routes: readonly RouteSummary[]): ManagementError {
  const asked = `${ctx.method} ${ctx.path}`;
  const nearest = findNearestText(asked, routes, (route) => `${route.method} ${route.path}`);
  const advice = nearest ? ` Nearest: ${nearest.method} ${nearest.path} (${nearest.purpose}).` : '';
  return new ManagementError(404, 'not_found', `${asked} is not imitated here.${advice}`);
}
