// Whether the server is there, and where: not started, another port, another program, not trusted, or ready.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { CommandContext } from '../context.ts';
import { type FoundRunFile, findRunFile } from '../run-file.ts';
import { type Finding, ok, wrong } from './finding.ts';
import { describeSight, type FrontDoor, look, type ProbeOptions, type Sight } from './probe.ts';

/** Where a server listens that nobody told otherwise. */
const USUAL_URL = 'https://localhost:4443';

export interface Whereabouts {
  findings: Finding[];
  /** Where it is looked for. */
  url: string;
  /** What it says about itself; undefined where it could not be asked. */
  assent: FrontDoor | undefined;
  /** It can be asked in full: it is ready, and its authority is known here. */
  isUsable: boolean;
  /** The certificate is trusted, and does not carry the name by which it was asked. */
  hasOtherName: boolean;
  caFile: string | undefined;
  ca: string | undefined;
  /** How to look at it and at what may be it. Where its authority is unknown, that is a finding of its own. */
  trusting: Pick<ProbeOptions, 'ca' | 'forgives' | 'asAssent'>;
  runFile: FoundRunFile | undefined;
}

export async function findServer(
  context: CommandContext,
  dataFolder: string | undefined,
): Promise<Whereabouts> {
  const runFile = await findRunFile(context.folder, dataFolder);
  const named = context.env['ASSENT_URL'] || undefined;
  const url = (named ?? runFile?.run.url ?? USUAL_URL).replace(/\/$/, '');
  const caFile =
    context.env['ASSENT_CA'] ||
    (named === undefined || named === runFile?.run.url ? runFile?.run.ca_file : undefined);
  const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8').catch(() => undefined);
  const base = {
    url,
    caFile,
    ca,
    trusting: { ca, asAssent: true },
    runFile,
    findings: [],
    assent: undefined,
    isUsable: false,
    hasOtherName: false,
  };
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    return {
      ...base,
      findings: [
        wrong('server', 'wrong_port', {
          found: `ASSENT_URL is "${url}"`,
          expected: 'https:// or http:// and a host',
          type: ['export ASSENT_URL=https://localhost:4443'],
        }),
      ],
    };
  }
  const found = { ...base, isNamed: named !== undefined };
  if (named === undefined && !runFile) return { ...base, findings: [await explainNothing()] };
  const sight = await look(url, { ca, asAssent: true });
  if (sight.is === 'answered' && sight.assent) return judgeReadiness(base, sight.assent);
  if (sight.is === 'other_name') {
    // The authority is the right one, so what it says can be believed.
    const again = await look(url, { ca, forgives: 'names', asAssent: true });
    if (again.is === 'answered' && again.assent)
      return {
        ...base,
        assent: again.assent,
        hasOtherName: true,
        findings: [ok('server', `${url} answers: assent ${again.assent.version}`)],
      };
  }
  if (sight.is === 'untrusted') {
    const again = await look(url, { forgives: 'everything', asAssent: true });
    if (again.is === 'answered' && again.assent) return explainDistrust(base, again.assent, sight);
  }
  return { ...base, findings: [await explainAbsence(found, sight)] };
}

type Base = Omit<Whereabouts, 'findings'>;

/** Of an earlier version that says nothing about it, it is the only one. */
const instancesSchema = z.object({ instances: z.int().default(1) });

/** Where several processes serve the tenant. */
function oneOf(healthText: string): string {
  const { instances } = instancesSchema.parse(JSON.parse(healthText));
  return instances > 1 ? `, one of ${instances} instances` : '';
}

async function judgeReadiness(base: Base, assent: FrontDoor): Promise<Whereabouts> {
  const health = await look(base.url, { ca: base.ca, path: '/control/health', asAssent: true });
  if (health.is === 'answered' && health.status === 200) {
    return {
      ...base,
      assent,
      isUsable: true,
      findings: [ok('server', `${base.url} is ready: assent ${assent.version}${oneOf(health.body)}`)],
    };
  }
  const found =
    health.is === 'answered'
      ? `${base.url} answers its readiness with ${health.status}`
      : describeSight(health);
  return {
    ...base,
    assent,
    findings: [
      wrong('server', 'not_ready', {
        found,
        expected: '200 from /control/health',
        type: ['assent doctor --wait   # waits until it is ready'],
      }),
    ],
  };
}

/** It is Assent, and whoever calls it here will refuse its certificate. */
function explainDistrust(base: Base, assent: FrontDoor, sight: Sight): Whereabouts {
  const known = base.runFile?.run.ca_file ?? '.assent/ca.pem';
  const named =
    base.caFile === undefined
      ? 'ASSENT_CA names no file'
      : `ASSENT_CA names ${base.caFile}${base.ca === undefined ? ', which cannot be read' : ', which is another authority'}`;
  return {
    ...base,
    assent,
    trusting: { forgives: 'everything', asAssent: true },
    findings: [
      ok('server', `${base.url} answers: assent ${assent.version}`),
      wrong('trust', 'ca_not_trusted', {
        found: `${describeSight(sight)}, and ${named}`,
        expected: 'the authority of that server, ca.pem in its data folder; it is also at /ca of the server',
        type: [`export ASSENT_CA=${known} NODE_EXTRA_CA_CERTS=${known}`],
      }),
    ],
  };
}

interface Named extends Base {
  isNamed: boolean;
}

async function explainAbsence(place: Named, sight: Sight): Promise<Finding> {
  const { url, isNamed, runFile } = place;
  const elsewhere = await findElsewhere(place);
  const found = `${url}: ${describeSight(sight)}`;
  if (elsewhere !== undefined) {
    return wrong('server', 'wrong_port', {
      found,
      expected: `Assent, which listens at ${elsewhere.url}`,
      type: [
        `export ASSENT_URL=${elsewhere.url}${elsewhere.caFile === undefined ? '' : ` ASSENT_CA=${elsewhere.caFile}`}`,
      ],
    });
  }
  const isSomebodyElse = sight.is === 'answered' || sight.is === 'other_scheme' || sight.is === 'untrusted';
  if (isNamed && isSomebodyElse) {
    return wrong('server', 'wrong_port', {
      found,
      expected: 'Assent, at the address that ASSENT_URL names',
      type: ['export ASSENT_URL=…   # with the address that the server said when it started'],
    });
  }
  const stale =
    runFile && !isNamed ? `; ${runFile.folder}/server.json is left of process ${runFile.run.pid}` : '';
  return wrong('server', 'not_started', {
    found: `no server runs here (${found}${stale})`,
    expected: isNamed
      ? 'a server at the address that ASSENT_URL names'
      : 'a server that was started in this folder or above',
    type: [isSomebodyElse ? 'assent --port 0   # since another program has that port' : 'assent'],
  });
}

/** Nobody says where it might be: no variable, no file. */
async function explainNothing(): Promise<Finding> {
  const sight = await look(USUAL_URL, { forgives: 'everything', asAssent: true });
  const expected = 'a server that was started in this folder or above';
  if (sight.is === 'answered' && sight.assent) {
    return wrong('server', 'not_started', {
      found: `no server was started in this folder; Assent answers at ${USUAL_URL}`,
      expected: `${expected}, or ASSENT_URL with its address`,
      type: [`export ASSENT_URL=${USUAL_URL} ASSENT_CA=FILE   # FILE is ca.pem in its data folder`],
    });
  }
  const isFree = sight.is === 'refused' || sight.is === 'unknown_name';
  return wrong('server', 'not_started', {
    found: `no server runs here${isFree ? '' : `; at ${USUAL_URL} ${describeSight(sight)}`}`,
    expected,
    type: [isFree ? 'assent' : 'assent --port 0   # since another program has the usual port'],
  });
}

interface Elsewhere {
  url: string;
  caFile: string | undefined;
}

/** Where Assent is instead: where the run file says, or in the other protocol. */
async function findElsewhere({ url, runFile, isNamed }: Named): Promise<Elsewhere | undefined> {
  const otherScheme = url.startsWith('https:')
    ? url.replace('https:', 'http:')
    : url.replace('http:', 'https:');
  const candidates: Elsewhere[] = [
    ...(runFile && isNamed ? [{ url: runFile.run.url, caFile: runFile.run.ca_file }] : []),
    { url: otherScheme, caFile: undefined },
  ];
  for (const candidate of candidates) {
    if (candidate.url === url) continue;
    const sight = await look(candidate.url, { forgives: 'everything', asAssent: true });
    if (sight.is === 'answered' && sight.assent) return candidate;
  }
  return undefined;
}
