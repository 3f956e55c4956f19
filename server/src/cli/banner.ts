// What the terminal says once the server is ready. Pure: what runs → text. Lists only what exists, most wanted first.
import type { Health, QuickAnswers } from '../contract/index.ts';
import { isLoopback } from '../network-addresses.ts';
import type { RunningAssent } from '../running-assent.ts';
import type { Paint } from './output.ts';
import { describePhone, invitePhone, type PhoneContent } from './phone-lines.ts';
import { describeSpan } from './time-text.ts';

export interface BannerContent {
  version: string;
  assent: Pick<RunningAssent, 'url' | 'issuer' | 'env' | 'tenant' | 'pages'> & {
    mtlsUrl?: string | undefined;
  };
  phone: PhoneContent;
  /** Whether the issuer's host name leads anywhere from here. */
  issuerResolves: boolean;
  dataFolder: string;
  /** Whether some or all callers of the control API need its token. */
  hasControlToken?: boolean;
  /** What survives a restart, if anything does. */
  dataFile?: string | undefined;
  /** There was none of that name: somebody may have meant another one. */
  isDataFileNew?: boolean | undefined;
  /** What is shared with other instances, without its password. */
  store?: string | undefined;
  /** How many there are, with this one. */
  instances?: number | undefined;
  /** Requests that waited before this start, and go on. */
  waiting?: { count: number; isAll: boolean } | undefined;
  /** The tenant file, if there is one. */
  configFile?: string | undefined;
  quickAnswers?: QuickAnswers | undefined;
  /** By which people answer without anybody deciding. */
  rules?: Health['rules'] | undefined;
  /** What fails on purpose. */
  faults?: Health['faults'] | undefined;
  /** How far the clock was put forward before a restart. */
  clock?: Health['clock'] | undefined;
  /** What to ask first, where the tenant takes no transfer. */
  wish?: string | undefined;
  commandName: string;
  isInteractive: boolean;
}

const LABEL_WIDTH = 23;

export function formatBanner(content: BannerContent, paint: Paint): string {
  const { version, assent, commandName } = content;
  const ask = `${commandName} ask "${content.wish ?? 'Pay 42 EUR to Grace'}"`;
  const keys = content.isInteractive ? '        h for help, q to quit' : '';
  return [
    '',
    `  ${paint('title', `assent ${version}`)}   ${paint('quiet', 'stand-in for Auth0 async authorization, not for production')}`,
    '',
    ...describeAddresses(content).map(
      ([label, text]) => `  ${paint('quiet', label.padEnd(LABEL_WIDTH))}${text(paint)}`,
    ),
    '',
    `  ${paint('quiet', '# for your agent')}`,
    ...variablesOf(assent).map(([name, value]) => `  ${name}=${paint('address', value)}`),
    '',
    ...invitePhone(content.phone, paint),
    `  ${paint('good', 'Ready.')}  Try it:  ${ask}${paint('quiet', keys)}`,
    '',
  ].join('\n');
}

/** By the standards alone nobody looks for names of Auth0; `assent env` has both. */
function variablesOf({ env, tenant }: BannerContent['assent']): Array<[string, string]> {
  const variables = Object.entries(env);
  if (tenant.profile !== 'standard') return variables;
  return variables.filter(([name]) => !name.startsWith('AUTH0_'));
}

type Line = readonly [label: string, text: (paint: Paint) => string];

function describeAddresses(content: BannerContent): Line[] {
  const { assent, configFile } = content;
  const { people, clients, apis, profile } = assent.tenant;
  const inside = [
    count(people, 'person', 'people'),
    count(clients, 'client'),
    count(apis, 'API'),
    ...(profile === 'standard' ? ['profile standard'] : []),
  ].join(', ');
  const origin = configFile ?? 'write assent.yaml to change';
  return [
    ['Authorization server', (paint) => paint('address', assent.issuer.replace(/\/$/, ''))],
    ...describeListening(content),
    ...describeMutualTls(content),
    [
      'Approver app',
      (paint) => `${paint('address', assent.pages.approverApp)}${quietly(paint, whereOf(content))}`,
    ],
    ...describeDeskPages(content),
    ...describePhone(content.phone),
    ...describeControl(content),
    ['Host name as issuer', () => describeHostName(content)],
    ...describePace(content),
    ...describeRules(content),
    ...describeFaults(content),
    ...describeClock(content),
    ['Data', (paint) => describeData(content, paint)],
    ...describeWaiting(content),
    ['Tenant', (paint) => `${assent.tenant.name}${quietly(paint, `${inside}   (${origin})`)}`],
  ];
}

/** Only what has been built. */
function describeDeskPages({ assent: { pages } }: BannerContent): Line[] {
  return [
    ['Sequence view', pages.sequence, 'each request, arrow by arrow'],
    ['Console', pages.console, 'see and change the tenant'],
  ].flatMap(([label = '', url, purpose = '']): Line[] =>
    url === undefined ? [] : [[label, (paint) => `${paint('address', url)}${quietly(paint, purpose)}`]],
  );
}

/** The token itself is in a file of the owner's alone: what a terminal shows ends in logs. */
function describeControl({ hasControlToken, dataFolder, assent }: BannerContent): Line[] {
  if (!hasControlToken) return [];
  const where = `its token is in ${dataFolder}/server.json`;
  return [['Control API', (paint) => `${paint('address', `${assent.url}/control`)}${quietly(paint, where)}`]];
}

/** Named only where it is not the pace that agents know of Auth0. */
function describeRules({ rules, commandName }: BannerContent): Line[] {
  if (rules === undefined || rules.count === 0) return [];
  const words = `${commandName} rules lists them; seed ${rules.seed}`;
  return [['Scripted answers', (paint) => `${count(rules.count, 'rule')}${quietly(paint, words)}`]];
}

function describeFaults({ faults = [] }: BannerContent): Line[] {
  return faults.map(({ id, text }, index) => [
    index === 0 ? 'Faults' : '',
    (paint) => `${paint('warning', id)}  ${text}`,
  ]);
}

/** Named only where it is not the computer's time. */
function describeClock({ clock }: BannerContent): Line[] {
  if (clock === undefined || clock.offset_ms === 0) return [];
  return [
    ['Clock', (paint) => `${clock.now}${quietly(paint, `put forward by ${describeSpan(clock.offset_ms)}`)}`],
  ];
}

function describePace({ quickAnswers }: BannerContent): Line[] {
  if (!quickAnswers?.on) return [];
  const { interval, held_poll: heldPoll } = quickAnswers;
  const waiting = heldPoll === 0 ? '' : `, and wait up to ${heldPoll} s for the decision`;
  return [['Quick answers', () => `on; polls may come every ${interval} s${waiting}`]];
}

function describeWaiting({ waiting, commandName }: BannerContent): Line[] {
  if (waiting === undefined || waiting.count === 0) return [];
  const requests = `${count(waiting.count, 'request')}${waiting.isAll ? '' : ' or more'}`;
  return [
    ['Goes on with', (paint) => `${requests}${quietly(paint, `${commandName} requests --state pending`)}`],
  ];
}

function describeData(
  { dataFile, isDataFileNew, store, instances = 1, dataFolder }: BannerContent,
  paint: Paint,
): string {
  if (store !== undefined) {
    const others = instances === 1 ? '' : ` by ${instances} instances`;
    return `${store}${paint('quiet', `, kept and shared there${others}; certificates stay in ${dataFolder}`)}`;
  }
  return dataFile === undefined
    ? `memory${paint('quiet', `, lost on exit; keys and certificates stay in ${dataFolder}`)}`
    : `${dataFile}${isDataFileNew ? ', new' : ''}${paint('quiet', `, kept on exit; certificates stay in ${dataFolder}`)}`;
}

function quietly(paint: Paint, text: string): string {
  return text === '' ? '' : `   ${paint('quiet', text)}`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

function whereOf({ phone }: BannerContent): string {
  return isLoopback(phone.host) ? 'open on this computer' : '';
}

function describeListening({ assent }: BannerContent): Line[] {
  if (assent.url === assent.issuer.replace(/\/$/, '')) return [];
  return [['Listens on', (paint) => paint('address', assent.url)]];
}

function describeMutualTls({ assent: { mtlsUrl } }: BannerContent): Line[] {
  if (mtlsUrl === undefined) return [];
  return [
    [
      'Mutual TLS',
      (paint) => `${paint('address', mtlsUrl)}${quietly(paint, 'asks clients for a certificate')}`,
    ],
  ];
}

function describeHostName({ assent, issuerResolves }: BannerContent): string {
  const { hostname, protocol } = new URL(assent.issuer);
  if (protocol === 'http:') return 'off; most SDKs call https only';
  if (isLoopback(hostname)) return 'off; start with --issuer https://auth0.test/ --port 443';
  if (issuerResolves) return `on; ${hostname} leads to this server`;
  return `${hostname} leads nowhere yet: echo "127.0.0.1 ${hostname}" | sudo tee -a /etc/hosts`;
}
