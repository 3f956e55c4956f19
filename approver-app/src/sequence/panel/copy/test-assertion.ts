// The step as a test for `assent/vitest` that fails when it comes out differently. It asks by itself, so that it runs as it
// stands; the comment says which lines the reader's own agent takes the place of. Pure.

import type { Arrow, Run } from 'assent/sequence';
import { grantedIn } from '../../../desk/grant-changes.ts';
import { isRemoved } from '../request-body.ts';
import { requestOf } from '../step-facts.ts';
import { scriptJson, scriptName, scriptText } from './source-text.ts';

/** Steps after which nothing more has to happen. */
const ASKED = [
  'ask',
  'ask-answered',
  'push-sent',
  'push-received',
  'inbox-told',
  'email-sent',
  'details-read',
  'details-shown',
];
const WAITING = ['poll', 'poll-pending', 'poll-too-fast', 'poll-unread'];

/** What the client brings itself, or what differs from server to server. */
const OWN_PARAMETERS = [
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'login_hint',
];

export function testAssertion(run: Run, arrow: Arrow): string | undefined {
  const request = requestOf(run);
  const refusal = run.events.find((event) => event.type === 'request.refused');
  const exchange = (request ?? refusal)?.exchange;
  if (exchange === undefined) return undefined;
  const { parameters } = exchange.request;
  const asked = askLines(parameters);
  if (request === undefined) {
    const { body, status } = exchange.response;
    return testOf(
      run,
      ['assent'],
      [
        ...asked,
        `expect(asked.status).toBe(${status});`,
        `expect(await asked.json()).toMatchObject({ error: ${scriptText(String(body?.['error'] ?? refusal?.error))} });`,
      ],
    );
  }
  const received = [
    ...asked,
    `const approval = await approvals.nextApproval({ user: ${scriptText(request.user_id)} });`,
    `expect(approval).toHaveBindingMessage(${scriptText(request.binding_message)});`,
    ...(request.authorization_details === undefined
      ? []
      : [`expect(approval).toAskFor(${scriptJson(request.authorization_details)});`]),
  ];
  const fixtures = ['assent', 'approvals'];
  if (ASKED.includes(arrow.kind)) return testOf(run, fixtures, received);
  const outcome = WAITING.includes(arrow.kind) ? 'pending' : run.outcome;
  return testOf(run, fixtures, [
    ...received,
    ...decideLines(run, outcome),
    ...pollLines(),
    ...endLines(run, outcome),
  ]);
}

/** Published by the package; what is written down here is read by the reader's project, not by this one. */
const KIT = 'assent/vitest';

function testOf(run: Run, fixtures: readonly string[], lines: readonly string[]): string {
  const body = lines.flatMap((line) => line.split('\n')).map((line) => (line === '' ? '' : `  ${line}`));
  return [
    `import { expect, test } from ${scriptText(KIT)};`,
    '',
    `test(${scriptText(run.title)}, async ({ ${fixtures.join(', ')} }) => {`,
    ...body,
    '});',
    '',
  ].join('\n');
}

function askLines(parameters: Readonly<Record<string, string>>): string[] {
  const sent = Object.entries(parameters).filter(
    ([name, text]) => !OWN_PARAMETERS.includes(name) && !isRemoved(text),
  );
  const hint = parameters['login_hint'];
  return [
    'const { AUTH0_CLIENT_ID: client_id, AUTH0_CLIENT_SECRET: client_secret } = assent.env;',
    '// In place of this request: what your agent does.',
    "const asked = await fetch(new URL('bc-authorize', assent.issuer), {",
    "  method: 'POST',",
    '  body: new URLSearchParams({',
    '    client_id,',
    '    client_secret,',
    ...(hint === undefined ? [] : [`    login_hint: ${hintSource(hint)},`]),
    ...sent.map(([name, text]) => `    ${scriptName(name)}: ${scriptText(text)},`),
    '  }),',
    '});',
  ];
}

/** The issuer is that of the server of the test. */
function hintSource(hint: string): string {
  try {
    const { iss, ...rest } = JSON.parse(hint) as Record<string, unknown>;
    if (typeof iss !== 'string') return scriptText(hint);
    return `JSON.stringify({ ...${scriptJson(rest).replaceAll(/\n\s*/g, ' ')}, iss: assent.issuer })`;
  } catch {
    return scriptText(hint);
  }
}

function decideLines(run: Run, outcome: Run['outcome']): string[] {
  if (outcome === 'approved' || outcome === 'redeemed') {
    const granted = grantedIn(run.events);
    return [`await approval.approve(${granted === undefined ? '' : scriptJson(granted)});`];
  }
  if (outcome === 'expired') return ['await approval.expire();'];
  if (outcome !== 'denied') return [];
  const decision = run.events.findLast((event) => event.type === 'decision.made');
  return [`await approval.deny(${decision?.reason === undefined ? '' : scriptText(decision.reason)});`];
}

function pollLines(): string[] {
  return [
    'const { auth_req_id } = await asked.json();',
    "const answer = await fetch(new URL('oauth/token', assent.issuer), {",
    "  method: 'POST',",
    '  body: new URLSearchParams({',
    "    grant_type: 'urn:openid:params:grant-type:ciba',",
    '    auth_req_id,',
    '    client_id,',
    '    client_secret,',
    '  }),',
    '});',
  ];
}

function endLines(run: Run, outcome: Run['outcome']): string[] {
  if (outcome === 'approved' || outcome === 'redeemed') {
    const details = grantedIn(run.events) ?? requestOf(run)?.authorization_details;
    return [
      'expect(answer.status).toBe(200);',
      ...(details === undefined
        ? []
        : [`expect((await answer.json()).authorization_details).toEqual(${scriptJson(details)});`]),
    ];
  }
  const error = outcome === 'pending' ? 'authorization_pending' : 'access_denied';
  return [
    'expect(answer.status).toBe(400);',
    `expect(await answer.json()).toMatchObject({ error: '${error}' });`,
  ];
}
