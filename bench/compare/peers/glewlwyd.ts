// Glewlwyd as Debian packages it, with its SQLite database, its own CIBA and people who have logged in. Where it is not installed
// it is left out: `apt-get install glewlwyd sqlite3`.
import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { findProgram } from '../../../scripts/find-browser.mjs';
import type { Ground } from '../ground.ts';
import { findFreePort, type ServerProcess, startServer } from '../server-process.ts';
import { agentFor, type Peer } from './peer.ts';

const TABLES = '/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz';
const SAMPLE = '/etc/glewlwyd/glewlwyd.conf';
const ADMINISTRATOR = { username: 'admin', password: 'password' };
const PASSWORD = 'password-not-real';
/** It drops a request when the same client asks the same person again, so that there must be one for each connection. */
const PEOPLE: readonly string[] = Array.from({ length: 8 }, (_, number) => `person-${number + 1}`);
const { clientId, clientSecret, scope } = agentFor('RS256');

export const glewlwyd: Peer = {
  name: 'glewlwyd',
  title: 'Glewlwyd',
  // Over 32 it answers a cycle with an error of its own now and then: its database is taken.
  can: { cycles: ['RS256'], ownTokens: true, mostConnections: 8 },
  start: async (ground) => {
    const folder = join(ground.folder, 'glewlwyd');
    const sessionFile = join(folder, 'sessions.json');
    if (!existsSync(sessionFile)) {
      const url = await layOut(folder);
      await using _server = await run(folder, url, '/config');
      await writeFile(sessionFile, JSON.stringify(await furnish(url, ground)));
    }
    const url = await readFile(join(folder, 'url'), 'utf8');
    const server = await run(folder, url);
    return {
      ...server,
      target: {
        peer: 'glewlwyd',
        pid: server.pid,
        url,
        issuer: `${url}/`,
        jwksPath: '/api/oidc/jwks',
        tokenPath: '/api/oidc/token',
        authorizePath: '/api/oidc/ciba',
        agents: { RS256: agentFor('RS256') },
        approvers: [...PEOPLE],
        sessions: JSON.parse(await readFile(sessionFile, 'utf8')),
      },
    };
  },
};

/** Its version, where it is installed. */
export function findGlewlwyd(): string | undefined {
  if (
    findProgram(['glewlwyd']) === undefined ||
    findProgram(['sqlite3']) === undefined ||
    !existsSync(TABLES)
  )
    return undefined;
  return execFileSync('glewlwyd', ['--version'], { encoding: 'utf8' }).trim();
}

/** The configuration that Debian brings, on a free port and with a database of its own. Answers where it will be. */
async function layOut(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const port = await findFreePort();
  const database = join(folder, 'glewlwyd.db');
  execFileSync('sqlite3', [database], { input: gunzipSync(await readFile(TABLES)) });
  const sample = await readFile(SAMPLE, 'utf8');
  const configuration = sample
    .replace(/^port=.*$/m, `port=${port}`)
    .replace(/^#bind_address=.*$/m, 'bind_address="127.0.0.1"')
    .replace(/^external_url=.*$/m, `external_url="http://localhost:${port}/"`)
    .replace(/^log_mode=.*$/m, 'log_mode="console"')
    .replace(/^log_level=.*$/m, 'log_level="ERROR"')
    .replace(/^@include.*$/m, `database = { type = "sqlite3"; path = "${database}"; };`);
  await writeFile(join(folder, 'glewlwyd.conf'), configuration);
  const url = `http://localhost:${port}`;
  await writeFile(join(folder, 'url'), url);
  return url;
}

/** @param untilPath answers before there is an OpenID Connect plugin, whose discovery document counts else */
function run(folder: string, url: string, untilPath?: string): Promise<ServerProcess> {
  return startServer({
    command: ['glewlwyd', `--config-file=${join(folder, 'glewlwyd.conf')}`],
    folder,
    url,
    issuer: untilPath === undefined ? `${url}/` : undefined,
    discoveryPath: untilPath ?? '/api/oidc/.well-known/openid-configuration',
  });
}

/** By its own API, as its page would: scope, plugin with the key of the others, client, people. Answers their sessions. */
async function furnish(url: string, { keys }: Ground): Promise<Record<string, string>> {
  const cookie = await logIn(url, ADMINISTRATOR);
  const privateKey = createPrivateKey({ key: keys.RS256, format: 'jwk' });
  await call(url, cookie, 'POST', '/api/scope/', {
    name: scope,
    display_name: scope,
    password_required: false,
  });
  await call(url, cookie, 'POST', '/api/mod/plugin/', {
    module: 'oidc',
    name: 'oidc',
    display_name: 'OpenID Connect',
    parameters: {
      iss: `${url}/`,
      'jwt-type': 'rsa',
      'jwt-key-size': '256',
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      cert: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }),
      'access-token-duration': 300,
      'refresh-token-duration': 300,
      'auth-type-client-enabled': true,
      'allow-non-oidc': true,
      'allowed-scope': ['openid'],
      'jwks-show': true,
      'subject-type': 'public',
      'oauth-ciba-allowed': true,
      'oauth-ciba-mode-poll-allowed': true,
      'oauth-ciba-default-expiry': 300,
      'oauth-ciba-maximum-expiry': 3600,
    },
  });
  await call(url, cookie, 'POST', '/api/client/', {
    client_id: clientId,
    name: clientId,
    confidential: true,
    client_secret: clientSecret,
    authorization_type: ['client_credentials', 'urn:openid:params:grant-type:ciba'],
    backchannel_token_delivery_mode: 'poll',
    token_endpoint_auth_method: ['client_secret_post'],
    scope: [scope],
    enabled: true,
  });
  const sessions: Record<string, string> = {};
  for (const username of PEOPLE) {
    const person = { username, name: username, password: PASSWORD, scope: [scope, 'openid'], enabled: true };
    await call(url, cookie, 'POST', '/api/user/', person);
    const session = await logIn(url, { username, password: PASSWORD });
    await call(url, session, 'PUT', `/api/auth/grant/${clientId}/`, { scope: `openid ${scope}` });
    sessions[username] = session;
  }
  return sessions;
}

async function logIn(url: string, person: { username: string; password: string }): Promise<string> {
  const answer = await call(url, '', 'POST', '/api/auth/', person);
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

async function call(
  url: string,
  cookie: string,
  method: string,
  path: string,
  body: unknown,
): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', Cookie: cookie };
  const answer = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok)
    throw new Error(`Glewlwyd answers ${method} ${path} with ${answer.status} ${await answer.text()}`);
  return answer;
}
