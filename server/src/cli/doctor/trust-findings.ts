// Who trusts the certificate here: Node with the environment that it has, and what asks the system's store.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CommandContext } from '../context.ts';
import { type Finding, note, ok, wrong } from './finding.ts';
import { describeSight, look } from './probe.ts';
import type { Whereabouts } from './server-findings.ts';

const LONGEST_RUN_MS = 10_000;

export async function judgeTrust(place: Whereabouts, context: CommandContext): Promise<Finding[]> {
  if (place.url.startsWith('http:')) {
    return [
      note('trust', 'plain http: there is no certificate to trust, and most SDKs refuse such a server'),
    ];
  }
  return [await judgeNode(place, context), await judgeSystem(place, context)];
}

async function judgeNode({ url, caFile, ca }: Whereabouts, context: CommandContext): Promise<Finding> {
  // This process was started with the variables of this shell, as an agent would be.
  const sight = await look(url, { forgives: 'names' });
  const isBlind = context.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0';
  if (sight.is === 'answered' && isBlind) {
    return note(
      'trust',
      'Node checks no certificate at all here, because of NODE_TLS_REJECT_UNAUTHORIZED=0',
      ['unset NODE_TLS_REJECT_UNAUTHORIZED'],
    );
  }
  if (sight.is === 'answered')
    return ok('trust', 'programs on Node that are started from here trust the certificate');
  if (sight.is !== 'untrusted') {
    return wrong('trust', 'ca_not_trusted', {
      found: `programs on Node that are started from here do not come as far as the certificate: ${describeSight(sight)}`,
      expected: 'a handshake as with this command; what fails on purpose stands above',
      type: ['assent doctor   # once nothing fails on purpose any more'],
    });
  }
  return wrong('trust', 'ca_not_trusted', {
    found: `programs on Node that are started from here refuse the certificate: ${await describeVariable(ca, context)}`,
    expected: `the authority in ${caFile ?? 'ca.pem of the data folder'}`,
    type: [
      `export NODE_EXTRA_CA_CERTS=${caFile ?? '.assent/ca.pem'}   # before they start; "assent exec" does it by itself`,
    ],
  });
}

/** Node says nothing about a file that it cannot read. */
async function describeVariable(ca: string | undefined, { env, folder }: CommandContext): Promise<string> {
  const file = env['NODE_EXTRA_CA_CERTS'];
  if (!file) return 'NODE_EXTRA_CA_CERTS is not set';
  const content = await readFile(resolve(folder, file), 'utf8').catch(() => undefined);
  if (content === undefined) return `NODE_EXTRA_CA_CERTS names ${file}, which cannot be read`;
  if (ca !== undefined && content.includes(ca.trim())) return `though NODE_EXTRA_CA_CERTS names ${file}`;
  return `NODE_EXTRA_CA_CERTS names ${file}, which has another authority`;
}

/** Asks the programs themselves: each system has its store elsewhere. */
async function judgeSystem(
  { url, caFile, hasOtherName }: Whereabouts,
  { env }: CommandContext,
): Promise<Finding> {
  if (hasOtherName)
    return note('system', 'curl and openssl were not asked: the certificate is for other names');
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const connect = `${hostname}:${port || '443'}`;
  const [curl, openssl] = await Promise.all([
    run('curl', ['--silent', '--output', '/dev/null', '--max-time', '5', `${url}/`], env),
    run('openssl', ['s_client', '-connect', connect, '-servername', host, '-verify_return_error'], env),
  ]);
  const verdicts = [
    `curl ${describeRun(curl, curl === 60 ? 'refuses it' : undefined)}`,
    `openssl ${describeRun(openssl, openssl === 1 ? 'refuses it' : undefined)}`,
  ];
  if (curl === 0 && openssl === 0) return ok('system', 'curl and openssl trust it too');
  const file = caFile ?? 'FILE';
  return note('system', `beside Node: ${verdicts.join(', ')}`, [
    `curl --cacert ${file} ${url}/   # and SSL_CERT_FILE=${file} for what is built on OpenSSL, such as Python`,
  ]);
}

/** The code that it ended with; undefined where there is no such program. */
function run(
  program: string,
  words: readonly string[],
  env: CommandContext['env'],
): Promise<number | undefined> {
  return new Promise((done) => {
    const child = execFile(program, words, { env, timeout: LONGEST_RUN_MS }, (error) => {
      if (error === null) done(0);
      else done(typeof error.code === 'number' ? error.code : undefined);
    });
    child.stdin?.end();
  });
}

function describeRun(code: number | undefined, meaning: string | undefined): string {
  if (code === undefined) return 'is not here';
  if (code === 0) return 'trusts it';
  return meaning ?? `ended with ${code}`;
}
