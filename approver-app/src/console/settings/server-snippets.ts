// What to paste elsewhere to use this server. Pure; without a secret, a variable or three dots stand in its place.
import { CIBA_GRANT_TYPE } from 'assent/contract';

export interface ServerParts {
  /** With a slash at the end. */
  issuer: string;
  /** Where this page reaches it. */
  url: string;
  clientId: string | undefined;
  /** Undefined: it is not to be shown. */
  clientSecret: string | undefined;
  audience: string | undefined;
  userId: string | undefined;
}

/** As the SDKs of Auth0 read them. */
export function agentVariables({ issuer, clientId, clientSecret, audience }: ServerParts): string {
  const { host, protocol } = new URL(issuer);
  return [
    `AUTH0_DOMAIN=${host}`,
    ...(clientId === undefined
      ? []
      : [`AUTH0_CLIENT_ID=${clientId}`, `AUTH0_CLIENT_SECRET=${clientSecret ?? '…'}`]),
    ...(audience === undefined ? [] : [`AUTH0_AUDIENCE=${audience}`]),
    ...(protocol === 'https:' ? ['NODE_EXTRA_CA_CERTS=.assent/ca.pem'] : []),
  ].join('\n');
}

/** CIBA Core §7.1, and how the answer is polled for, §10.1. */
export function askByCurl({
  issuer,
  url,
  clientId = '',
  clientSecret,
  userId = '',
  audience,
}: ServerParts): string {
  const trust = url.startsWith('https:') ? ' --cacert .assent/ca.pem' : '';
  const secret =
    clientSecret === undefined
      ? '"client_secret=$AUTH0_CLIENT_SECRET"'
      : quote(`client_secret=${clientSecret}`);
  const hint = JSON.stringify({ format: 'iss_sub', iss: issuer, sub: userId });
  const ask = [
    `curl${trust} ${quote(`${url}/bc-authorize`)}`,
    `--data-urlencode ${quote(`client_id=${clientId}`)} --data-urlencode ${secret}`,
    `--data-urlencode ${quote(`login_hint=${hint}`)}`,
    "--data-urlencode 'scope=openid' --data-urlencode 'binding_message=ABC-123'",
    ...(audience === undefined ? [] : [`--data-urlencode ${quote(`audience=${audience}`)}`]),
  ].join(' \\\n  ');
  const poll = [
    `curl${trust} ${quote(`${url}/oauth/token`)}`,
    `--data-urlencode ${quote(`client_id=${clientId}`)} --data-urlencode ${secret}`,
    `--data-urlencode ${quote(`grant_type=${CIBA_GRANT_TYPE}`)} --data-urlencode "auth_req_id=$AUTH_REQ_ID"`,
  ].join(' \\\n  ');
  return `${ask}\n\n${poll}`;
}

/** The one that brings the typed client. */
const PACKAGE = 'assent';

export function testSetUp({ url }: ServerParts): string {
  return [
    `import { createControlClient } from '${PACKAGE}';`,
    '',
    `const control = createControlClient({ url: '${url}' });`,
    'const request = await control.nextApproval();',
    'if (request) await control.approve(request.name);',
  ].join('\n');
}

/** For a POSIX shell: nothing within single quotes is interpreted. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
