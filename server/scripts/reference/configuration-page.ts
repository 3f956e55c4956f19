// docs/reference/configuration.md: the tenant file, member by member.
import { parse } from 'yaml';
import { tenantConfigSchema } from '../../src/contract/index.ts';
import { checkConfig } from '../../src/tenant/config-file.ts';
import { describeSchema, formatMembers, listSections } from './schema-tables.ts';

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
    ...sections.flatMap(({ path, node }) => [
      path === '' ? '## The file' : `## ${path}`,
      '',
      ...(node.description === undefined || path === '' ? [] : [node.description, '']),
      formatMembers(node, 'input'),
      '',
    ]),
  ].join('\n');
}
