// docs/reference/configuration.md: what a start decides, the tenant file member by member, and where each value can be set.
import { parse } from 'yaml';
import { tenantConfigSchema } from '../../src/contract/index.ts';
import { checkConfig } from '../../src/tenant/config-check.ts';
import { describeProgram } from './command-line-page.ts';
import { describeSchema, formatMembers, formatTable, listSections } from './schema-tables.ts';

const EXAMPLE = `# yaml-language-server: $schema=./server/tenant.schema.json
clients:
  - client_id: travel-agent
    client_secret: travel-agent-secret-not-real
    name: Travel agent
resource_servers:
  - identifier: https://api.example/bookings
    name: Bookings
    scopes: [{ value: create:booking, description: Book in your name }]
    authorization_details:
      - type: booking
        name: Booking
        display: { action: Book, amount: /price, currency: /currency, to: /hotel, preposition: at }
users:
  - user_id: auth0|ada
    name: Ada Lovelace
    email: ada@example.com
ciba:
  interval: 1`;

export function writeConfigurationPage(): string {
  // The example is a promise: writing the page fails when it is broken.
  checkConfig(parse(EXAMPLE), { name: 'the example of the configuration page' });
  const sections = listSections('', describeSchema(tenantConfigSchema, 'input'));
  return [
    '# Configuration',
    '',
    'For whoever writes a tenant file. Assent reads `assent.yaml`, `assent.yml` or `assent.json` from the folder in which it',
    'is started, or the file that `--config` names; without one it runs the bank of the lab. Member names are those of',
    'Auth0’s Management API and of the OAuth specifications. An unknown member is an error, and all errors of a file are',
    'told at once, with line and column.',
    '',
    '```yaml',
    EXAMPLE,
    '```',
    '',
    ...describeStart(),
    ...sections.flatMap(({ path, node }) => [
      path === '' ? '## The file' : `## ${path}`,
      '',
      ...(node.description === undefined || path === '' ? [] : [node.description, '']),
      formatMembers(node, 'input', {
        head: 'Set by',
        of: (name) => describeWays(path === '' ? name : `${path}.${name}`),
      }),
      '',
    ]),
  ].join('\n');
}

/** What the options of a start decide, which is no part of a tenant file. */
function describeStart(): string[] {
  const start = describeProgram().commands.find((command) => command.name() === 'start');
  const options = (start?.options ?? []).filter(({ long }) => long !== '--format');
  return [
    '## Where a value comes from',
    '',
    'A default gives way to the tenant file, that to a variable, and that to an option which is typed. What the command line,',
    'the control API or the Management API changes while the server runs stands over all of them until it stops, or for good',
    'with `--data`; only what an option lays over the tenant file stays as it is. `assent doctor` shows every value that holds,',
    'and who decided it; `assent export` writes the tenant as it is now.',
    '',
    'How the server is started:',
    '',
    formatTable(
      ['Setting', 'Option of `start`', 'Variable', 'In code', 'Default'],
      options.map((option) => [
        option.description.split(/[;(]/)[0]?.trim() ?? '',
        `\`--${option.name()}\``,
        option.envVar === undefined ? '' : `\`${option.envVar}\``,
        IN_CODE[option.name()] === undefined ? '' : `\`${IN_CODE[option.name()]}\``,
        option.defaultValue === undefined
          ? (/\(default: (.+)\)$/.exec(option.description)?.[1] ?? '')
          : `\`${option.defaultValue}\``,
      ]),
    ),
    '',
    '`exec` takes the same options but `--watch`, and no variables. In code, they are what `startAssent` is called with.',
    '',
    'In the tables below, *file* is the tenant file, *start* that only a new start reads it there, and *run time* that it can',
    'also be changed while the server runs: by `assent import --merge`, `PATCH /control/tenant`, and for what Auth0 has by the',
    '[Management API](management-api.md).',
    '',
  ];
}

/** Members of `StartOptions`. */
const IN_CODE: Readonly<Record<string, string>> = {
  port: 'port',
  host: 'host',
  issuer: 'issuer',
  config: 'config',
  'data-folder': 'dataFolder',
  data: 'dataFile',
  http: 'tls: false',
  'quick-answers': 'quickAnswers: true',
  interval: 'quickAnswers.interval',
  'held-poll': 'quickAnswers.held_poll',
};

/** What is read once. */
const READ_AT_START = ['tenant.name', 'signing_keys', 'extra_host_names'];
const LAID_OVER: Readonly<Record<string, string>> = {
  'ciba.interval': '`--interval`, `--quick-answers`',
  'ciba.held_poll': '`--held-poll`, `--quick-answers`',
};

function describeWays(path: string): string {
  const isFixed = READ_AT_START.some((fixed) => path === fixed || path.startsWith(`${fixed}[`));
  const option = LAID_OVER[path];
  return `${isFixed ? 'file, start' : 'file, run time'}${option === undefined ? '' : `; ${option}`}`;
}
