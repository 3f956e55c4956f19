// The same with an SDK: what an agent's program would say. For steps of the agent alone; a device has no SDK call here. Pure.
import type { Exchange } from 'assent/contract';
import { isRemoved } from '../request-body.ts';
import { scriptText, scriptValue, variableOf } from './source-text.ts';

/** Parameters that `backchannel.authorize` takes by their own name. */
const PASSED = ['binding_message', 'scope', 'audience', 'authorization_details', 'requested_expiry'];

/** npm `auth0`: `backchannel.authorize`, or `backchannelGrant` for a poll; undefined where it has no call. */
export function auth0Call(exchange: Exchange, origin: string): string | undefined {
  const { path, parameters } = exchange.request;
  const client = [
    "import { AuthenticationClient } from 'auth0/legacy'; // before auth0 7: from 'auth0'",
    '',
    'const auth0 = new AuthenticationClient({',
    `  domain: ${scriptText(new URL(origin).host)},`,
    `  clientId: ${clientId(parameters)},`,
    '  clientSecret: process.env.AUTH0_CLIENT_SECRET,',
    '});',
  ];
  if (path === '/bc-authorize') {
    const user = personOf(parameters);
    if (user === undefined) return undefined;
    return [
      ...client,
      'const asked = await auth0.backchannel.authorize({',
      `  userId: ${scriptText(user)},`,
      ...PASSED.flatMap((name) => {
        const text = parameters[name];
        return text === undefined ? [] : [`  ${name}: ${scriptText(text)},`];
      }),
      '});',
      'console.log(asked);',
      '',
    ].join('\n');
  }
  const authReqId = parameters['auth_req_id'];
  if (path !== '/oauth/token' || authReqId === undefined) return undefined;
  const reference = isRemoved(authReqId) ? [{ variable: variableOf('auth_req_id') }] : [authReqId];
  return [
    ...client,
    'const tokens = await auth0.backchannel.backchannelGrant({',
    `  auth_req_id: ${scriptValue(reference)},`,
    '});',
    'console.log(tokens);',
    '',
  ].join('\n');
}

/** npm `@auth0/ai-vercel`: a tool that asks before it runs; of the step that asks alone. */
export function aiSdkCall(exchange: Exchange, origin: string): string | undefined {
  const { path, parameters } = exchange.request;
  const user = personOf(parameters);
  if (path !== '/bc-authorize' || user === undefined) return undefined;
  const details = parameters['authorization_details'];
  const { binding_message: bindingMessage, audience, requested_expiry: expiry } = parameters;
  const scopes = (parameters['scope'] ?? 'openid').split(/\s+/).filter((scope) => scope !== '');
  return [
    "import { createRequire } from 'node:module';",
    "import { tool } from 'ai';",
    "import { z } from 'zod';",
    '',
    "const { Auth0AI, runWithAIContext } = createRequire(import.meta.url)('@auth0/ai-vercel');",
    'const auth0AI = new Auth0AI({',
    '  auth0: {',
    `    domain: ${scriptText(new URL(origin).host)},`,
    `    clientId: ${clientId(parameters)},`,
    '    clientSecret: process.env.AUTH0_CLIENT_SECRET,',
    '  },',
    '});',
    'const withApproval = auth0AI.withAsyncAuthorization(',
    '  {',
    `    userID: ${scriptText(user)},`,
    `    bindingMessage: ${scriptText(bindingMessage ?? '')},`,
    `    scopes: [${scopes.map(scriptText).join(', ')}],`,
    ...(audience === undefined ? [] : [`    audience: ${scriptText(audience)},`]),
    ...(expiry === undefined || !/^\d+$/.test(expiry) ? [] : [`    requestedExpiry: ${expiry},`]),
    ...(details === undefined ? [] : [`    authorizationDetails: JSON.parse(${scriptText(details)}),`]),
    "    onAuthorizationRequest: 'block',",
    '  },',
    "  tool({ inputSchema: z.object({}), execute: async () => 'approved' }),",
    ');',
    "const result = await runWithAIContext({ threadID: '1' }, () =>",
    "  withApproval.execute({}, { toolCallId: '1', messages: [] }),",
    ');',
    'console.log(result);',
    '',
  ].join('\n');
}

function clientId(parameters: Readonly<Record<string, string>>): string {
  const id = parameters['client_id'];
  return id === undefined || isRemoved(id) ? 'process.env.AUTH0_CLIENT_ID' : scriptText(id);
}

/** auth0: `login_hint` is JSON of the format `iss_sub`. */
function personOf(parameters: Readonly<Record<string, string>>): string | undefined {
  try {
    const hint: unknown = JSON.parse(parameters['login_hint'] ?? '');
    return typeof hint === 'object' && hint !== null && 'sub' in hint && typeof hint.sub === 'string'
      ? hint.sub
      : undefined;
  } catch {
    // A malformed hint is what the step may be about; an SDK cannot send one.
    return undefined;
  }
}
