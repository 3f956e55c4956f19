// Whether everybody means the same server by the issuer: whoever is here, a container, a browser. Tokens carry the issuer and
// SDKs compare it letter by letter, so the name must lead to the server from everywhere.

import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { isLoopback } from '../../network-addresses.ts';
import type { CommandContext } from '../context.ts';
import { type Finding, note, ok, wrong } from './finding.ts';
import { describeSight, look, type Sight } from './probe.ts';
import type { Whereabouts } from './server-findings.ts';

export interface IssuerQuestion {
  /** Where the server was found, and as what. */
  place: Whereabouts;
  issuer: string;
  /** What the agent is set up with: an option, or a variable. */
  expected: { issuer: string; from: string } | undefined;
}

/** What the agent of this shell takes for the issuer. */
export function readExpectedIssuer(
  option: string | undefined,
  { env }: CommandContext,
): IssuerQuestion['expected'] {
  if (option !== undefined) return { issuer: withSlash(option), from: '--issuer' };
  const domain = env['AUTH0_DOMAIN'];
  return domain ? { issuer: withSlash(`https://${domain}`), from: 'AUTH0_DOMAIN' } : undefined;
}

export async function judgeIssuer(question: IssuerQuestion): Promise<Finding[]> {
  const { place, issuer, expected } = question;
  const sight = await look(issuer, place.trusting);
  const isHere = sight.is === 'answered' && sight.assent?.issuer === issuer;
  const isSameComputer = await isOwn(place.url);
  const findings = [
    ...(expected === undefined || expected.issuer === issuer
      ? []
      : [await judgeExpectation(question, expected)]),
    isHere ? judgeName(question) : explainMiss(question, sight, isSameComputer),
  ];
  return [
    ...findings,
    judgeContainer(question, isSameComputer),
    judgeBrowser(question, isHere, isSameComputer),
  ];
}

/** The agent and the server name different issuers: which of the two is wrong. */
async function judgeExpectation(
  { place, issuer }: IssuerQuestion,
  expected: { issuer: string; from: string },
): Promise<Finding> {
  const sight = await look(expected.issuer, { forgives: 'names', ...place.trusting });
  const isSameServer = sight.is === 'answered' && sight.assent?.issuer === issuer;
  const found = `the server calls itself ${issuer}, and ${expected.from} says ${expected.issuer}`;
  if (isSameServer) {
    return wrong('issuer', 'issuer_mismatch', {
      found: `${found}, which leads to this server`,
      expected: `a server that calls itself ${expected.issuer}; its own name is the wrong one`,
      type: [restart(expected.issuer)],
    });
  }
  return wrong('issuer', 'issuer_mismatch', {
    found: `${found}, where ${describeSight(sight)}`,
    expected: `${issuer}; ${expected.from} is the wrong one`,
    type: [`export AUTH0_DOMAIN=${new URL(issuer).host}`],
  });
}

/** The issuer is fine; the name by which the server was asked may not be. */
function judgeName({ place, issuer }: IssuerQuestion): Finding {
  if (!place.hasOtherName) return ok('issuer', `${issuer} leads to the server from here`);
  return wrong('issuer', 'issuer_mismatch', {
    found: `${place.url} leads to the server too, and its certificate is for other names; it calls itself ${issuer}`,
    expected: 'the server is asked by the name that it has',
    type: [
      `export ASSENT_URL=${new URL(issuer).origin}`,
      `or list ${new URL(place.url).hostname} under extra_host_names in the tenant file`,
    ],
  });
}

/** The server is there, and its name does not lead to it. */
function explainMiss({ place, issuer }: IssuerQuestion, sight: Sight, isSameComputer: boolean): Finding {
  const { hostname: name, host } = new URL(issuer);
  const asked = new URL(place.url);
  const answer =
    sight.is === 'answered' && sight.assent
      ? `another server answers, which calls itself ${sight.assent.issuer}`
      : describeSight(sight);
  const found = `the server answers at ${place.url} and calls itself ${issuer}; there ${answer}`;
  if (isLoopback(name) && !isSameComputer) {
    return wrong('issuer', 'issuer_mismatch', {
      found: `${found}, because ${name} is this computer or container itself`,
      expected: `a server that calls itself by a name that leads to it from everywhere; its own name is the wrong one`,
      type: [
        `${restart(`${asked.origin}/`)}`,
        `${hostsLine(asked.hostname)}   # on the computer of the browser`,
      ],
    });
  }
  if (sight.is === 'unknown_name') {
    return wrong('issuer', 'issuer_mismatch', {
      found,
      expected: `${name} leads to the server from here too; the name of the server is the wrong one only if nobody knows it`,
      type: [hostsLine(name, isSameComputer ? '127.0.0.1' : 'ADDRESS')],
    });
  }
  if (sight.is === 'refused' && asked.hostname === name) {
    return wrong('issuer', 'issuer_unreachable', {
      found,
      expected: `the server listens on the port of its issuer, or names the port on which it listens`,
      type: [`assent --issuer ${issuer} --port ${new URL(issuer).port || '443'}`],
    });
  }
  return wrong('issuer', 'issuer_unreachable', {
    found,
    expected: `${host} leads to this server`,
    type: [`assent --issuer ${place.url}/`],
  });
}

function judgeContainer({ place, issuer }: IssuerQuestion, isSameComputer: boolean): Finding {
  const { hostname } = new URL(issuer);
  if (!isSameComputer) {
    return note(
      'container',
      'this is not the computer of the server, so what was seen is what a container sees',
    );
  }
  if (isLoopback(hostname)) {
    return note('container', `a container would not find it: ${hostname} is the container itself there`, [
      `${restart('https://auth0.test:4443/')}   # and give containers and browsers that name`,
    ]);
  }
  return note(
    'container',
    `a container finds it if ${hostname} leads to this computer there; it was not asked`,
    [
      `ASSENT_URL=${new URL(issuer).origin} ASSENT_CA=FILE assent doctor   # in the container${place.caFile === undefined ? '' : `; FILE is a copy of ${place.caFile}`}`,
    ],
  );
}

/** WHATWG Fetch §2.9, "bad port", above the ports that an account may have. */
const REFUSED_BY_BROWSERS: readonly number[] = [
  ...[1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669],
  ...[6679, 6697, 10080],
];

function judgeBrowser({ place, issuer }: IssuerQuestion, isHere: boolean, isSameComputer: boolean): Finding {
  const { hostname, port, protocol } = new URL(issuer);
  if (REFUSED_BY_BROWSERS.includes(Number(port))) {
    return wrong('browser', 'issuer_unreachable', {
      found: `browsers refuse to open port ${port}, whoever listens there`,
      expected: 'a port that they open, such as 4443',
      type: [`assent --port 4443`],
    });
  }
  if (!isSameComputer) {
    return note(
      'browser',
      `whether a browser finds ${issuer} is seen on its own computer: assent doctor there`,
    );
  }
  if (!isHere) {
    return wrong('browser', 'issuer_unreachable', {
      found: `a browser of this computer does not find ${issuer} either`,
      expected: `${hostname} leads to the server for browsers as for agents`,
      type: [hostsLine(hostname)],
    });
  }
  const secure =
    protocol === 'https:' || isLoopback(hostname) ? '' : '; over plain http it offers no notifications there';
  const trust = protocol === 'https:' ? `; how it comes to trust the certificate says ${place.url}/ca` : '';
  return ok('browser', `a browser of this computer finds ${issuer}${secure}${trust}`);
}

/** Whether an address is one of this computer: then what is seen here is what its browsers see. */
async function isOwn(url: string): Promise<boolean> {
  const { hostname } = new URL(url);
  const name = hostname.replace(/^\[|\]$/g, '');
  if (isLoopback(name)) return true;
  const own = new Set(
    Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address)),
  );
  const addresses = await lookup(name, { all: true }).catch(() => []);
  return addresses.some(({ address }) => own.has(address) || isLoopback(address));
}

function restart(issuer: string): string {
  return `assent --host 0.0.0.0 --issuer ${issuer}`;
}

function hostsLine(name: string, address = '127.0.0.1'): string {
  return `echo "${address} ${name}" | sudo tee -a /etc/hosts`;
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
