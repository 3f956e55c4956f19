// `assent ask`: plays the client. Sends a request as an agent would, waits for the person, shows what the token carries.
import { isDeepStrictEqual } from 'node:util';
import { decodeJwt } from 'jose';
import {
  type ApprovalView,
  type AuthorizationDetail,
  authorizationDetailSchema,
} from '../../contract/index.ts';
import { Problem } from '../../problem.ts';
import { findClient } from '../asking-client.ts';
import { startRequest, type Tokens, waitForTokens } from '../backchannel.ts';
import type { CommandContext } from '../context.ts';
import { describeChanges, describeDecider } from '../decision-text.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatDuration } from '../log-lines.ts';
import { type Format, showText } from '../output.ts';
import { findPerson } from '../person.ts';
import { findRunningServer, type RunningServer } from '../running-server.ts';
import { parseWish, toBindingMessage } from '../wish.ts';

export interface AskFlags {
  user?: string;
  client?: string;
  clientSecret?: string;
  /** JSON text; false for none. */
  details?: string | false;
  audience?: string;
  scope: string;
  expiry?: number;
  wait: boolean;
  dataFolder?: string;
  format: Format;
}

export async function runAsk(wish: string, flags: AskFlags, context: CommandContext): Promise<ExitCode> {
  const details = readDetails(wish, flags.details);
  const message = toBindingMessage(wish);
  if (message === '') throw new Problem('usage', 'Received an empty text, expected what to ask for.');
  const server = await findRunningServer(context, flags);
  const client = await findClient(server, flags);
  const person = await findPerson(server.transport, flags.user);
  const audience = flags.audience ?? server.env['AUTH0_AUDIENCE'];
  const started = await startRequest(client, {
    scope: flags.scope,
    binding_message: message,
    // auth0: `login_hint` is a JSON object in the format iss_sub.
    login_hint: JSON.stringify({ format: 'iss_sub', iss: server.health.issuer, sub: person.user_id }),
    ...(audience === undefined ? {} : { audience }),
    ...(flags.expiry === undefined ? {} : { requested_expiry: String(flags.expiry) }),
    ...(details === undefined ? {} : { authorization_details: details.text }),
  });
  const approval = await server.control.request(started.auth_req_id);
  if (!flags.wait) {
    const { name, id } = approval;
    const result = { name, id, auth_req_id: started.auth_req_id, expires_in: started.expires_in };
    context.terminal.data(
      flags.format === 'text' ? `${name}  ${started.auth_req_id}` : JSON.stringify(result),
    );
    return EXIT.fine;
  }
  if (flags.format === 'text') {
    tellAsked({ wish, approval, expiresInSeconds: started.expires_in, server, context });
  }
  const tokens = await waitForTokens(client, started);
  const outcome = await server.control.request(approval.id);
  if (!tokens) return tellRefused(outcome, flags.format, context);
  return tellTokens(outcome, details?.objects, tokens, flags.format, context);
}

interface Details {
  objects: AuthorizationDetail[];
  /** What is sent: as it was typed, for a number that JavaScript rounds is the server's to judge. */
  text: string;
}

function readDetails(wish: string, flag: string | false | undefined): Details | undefined {
  if (flag === false) return undefined;
  if (flag === undefined) {
    const parsed = parseWish(wish);
    return parsed && { objects: [parsed], text: JSON.stringify([parsed]) };
  }
  try {
    const value: unknown = JSON.parse(flag);
    const isList = Array.isArray(value);
    const objects = authorizationDetailSchema.array().parse(isList ? value : [value]);
    return { objects, text: isList ? flag : `[${flag}]` };
  } catch (cause) {
    throw new Problem('usage', '--details is not a JSON object, or list of objects, with a "type".', {
      hint: `assent ask "${wish}" --details '{"type":"transfer_funds","amount":"42.00","currency":"EUR","to":"Grace"}'`,
      cause,
    });
  }
}

interface Asked {
  wish: string;
  approval: ApprovalView;
  expiresInSeconds: number;
  server: RunningServer;
  context: CommandContext;
}

function tellAsked({ wish, approval, expiresInSeconds, server, context }: Asked): void {
  const { terminal, commandName } = context;
  const { name, client, approver, binding_message: message, consent } = approval;
  const paint = terminal.paintNote;
  const changed = message === wish ? [] : ['  (changed to the characters and length that Auth0 accepts)'];
  const lines = [
    '',
    `  ${paint('address', name)}  ${showText(client.name)} asks ${showText(approver.name)}:  ${paint('title', showText(consent.summary))}`,
    `  The approver app must show the same code:  ${paint('title', message)}`,
    ...changed,
    `  Answer it at ${paint('address', `${server.url}/approve`)} or type  ${commandName} approve ${name}`,
    paint('quiet', `  Waiting, at most ${formatDuration(expiresInSeconds)} …`),
    '',
  ];
  terminal.note(lines.join('\n'));
}

/** Denied and expired look alike to a client (auth0: access_denied); the control API tells them apart. */
function tellRefused(outcome: ApprovalView, format: Format, { terminal }: CommandContext): ExitCode {
  const isDenied = outcome.decision?.outcome === 'denied';
  const { name, state, decision } = outcome;
  if (format !== 'text') terminal.data(JSON.stringify({ name, state, decision }));
  const reason = decision?.reason === undefined ? '' : `: "${showText(decision.reason)}"`;
  const words = isDenied ? `✕ ${name} was denied${reason}` : `✕ ${name} expired; nobody decided in time`;
  terminal.note(`  ${terminal.paintNote('bad', words)}`);
  return isDenied ? EXIT.denied : EXIT.expired;
}

function tellTokens(
  outcome: ApprovalView,
  asked: readonly AuthorizationDetail[] | undefined,
  tokens: Tokens,
  format: Format,
  { terminal }: CommandContext,
): ExitCode {
  const claims = tokens.access_token.split('.').length === 3 ? decodeJwt(tokens.access_token) : undefined;
  const carried = claims === undefined ? tokens.authorization_details : claims['authorization_details'];
  const { granted_details: granted = asked, changes } = outcome.decision ?? {};
  const isMatch = isDeepStrictEqual([tokens.authorization_details, carried], [granted, granted]);
  if (format === 'text') {
    const by = outcome.decision === undefined ? '' : ` ${describeDecider(outcome.decision)}`;
    terminal.note(`  ${terminal.paintNote('good', '✓ approved')}${by}\n`);
    terminal.data(describeToken(claims, tokens));
    if (asked !== undefined) {
      const verdict = !isMatch
        ? 'details differ from what was granted'
        : changes === undefined
          ? 'details match'
          : `details match what was granted: ${describeChanges(changes).join(', ')}`;
      terminal.data(`  ${terminal.paintData(isMatch ? 'good' : 'bad', verdict)}`);
    }
  } else {
    const { name, id, state } = outcome;
    terminal.data(JSON.stringify({ name, id, state, details_match: isMatch, claims, ...tokens }));
  }
  return isMatch ? EXIT.fine : EXIT.failed;
}

/** Decoded, not verified: that is the API's task. */
function describeToken(claims: Readonly<Record<string, unknown>> | undefined, tokens: Tokens): string {
  if (!claims) return `  access token   opaque, for ${formatDuration(tokens.expires_in)}`;
  const width = Math.max(...Object.keys(claims).map((name) => name.length)) + 2;
  return Object.entries(claims)
    .map(([name, value]) => {
      const shown = typeof value === 'string' ? value : JSON.stringify(value);
      return `  ${name.padEnd(width)} ${showText(shown)}`;
    })
    .join('\n');
}
