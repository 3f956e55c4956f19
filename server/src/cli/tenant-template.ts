// The tenant file that `assent init` writes: from a few answers to a file with a sentence at everything that may be changed.
// Pure; whoever calls it checks the result like any tenant file.
import { AUTH0_DETAIL_TYPE_PREFIX } from '../contract/index.ts';

export interface TenantAnswers {
  /** Id of the client: `my-agent`. */
  client: string;
  /** Identifier of the API: `https://api.example/orders`. */
  audience: string;
  /** Type of the details that may be asked for there: `order`. */
  type: string;
  /** Names or e-mail addresses. */
  people: readonly string[];
}

export const USUAL_ANSWERS: TenantAnswers = {
  client: 'my-agent',
  audience: 'https://api.example/orders',
  type: 'order',
  people: ['Ada Lovelace', 'Grace Hopper'],
};

export interface TenantFilePlaces {
  /** Where editors find the schema; undefined leaves that line out. */
  schema: string | undefined;
  /** The page that lists every setting. */
  reference: string;
}

export function writeTenantFile(answers: TenantAnswers, { schema, reference }: TenantFilePlaces): string {
  const { client, audience, type } = answers;
  return `${schema === undefined ? '' : `# yaml-language-server: $schema=${schema}\n`}# The tenant that assent runs in this folder. Every setting: ${reference}
# It is read when the server starts, and with assent start --watch whenever it is saved.

tenant:
  name: ${scalar(slugOf(client) || 'tenant')}

# Who asks: your agent. Nothing here is secret, so write no real one.
clients:
  - client_id: ${scalar(client)}
    client_secret: ${scalar(`${client}-secret-not-real`)}
    name: ${scalar(titleOf(client))} # as the approver reads it
    callbacks: [http://localhost:3000/auth/callback] # where your application takes up a login

# What the token is for. The identifier is what the agent sends as audience; it need not lead anywhere.
resource_servers:
  - identifier: ${scalar(audience)}
    name: ${scalar(titleOf(lastSegment(audience)))}
    scopes:
      - { value: ${scalar(`create:${slugOf(lastSegment(type)) || 'order'}`)}, description: ${scalar(`${titleOf(lastSegment(type))} in your name`)} }
    # What may be asked for: objects of this type, RFC 9396 §2. A type that is not listed is refused.
    authorization_details:
      - type: ${scalar(type)}
        name: ${scalar(titleOf(lastSegment(type)))}
${type.startsWith(AUTH0_DETAIL_TYPE_PREFIX) ? AUTH0_DISPLAY : ownDisplay(type)}
# Who is asked. A device of this file makes somebody reachable, and answers nothing: that is for a browser, the command line
# or a test. Take it away to see what your agent does for somebody who is not enrolled.
users:
${peopleOf(answers)
  .map(
    ({ id, name, email, device }) => `  - user_id: ${scalar(id)}
    name: ${scalar(name)}
    email: ${scalar(email)}
    devices: [{ id: ${device}, name: ${scalar(`Phone of ${name}`)} }]`,
  )
  .join('\n')}

# How it behaves. As Auth0 does, unless you say otherwise.
# ciba:
#   interval: 1                       # seconds between two polls; Auth0's are 5
#   requests_per_minute_per_user: 0   # no limit; Auth0's is 5
`;
}

/** An object of the type, for a first try: what `assent ask --details` takes. */
export function sampleDetail({ type }: TenantAnswers): Readonly<Record<string, unknown>> {
  if (!type.startsWith(AUTH0_DETAIL_TYPE_PREFIX))
    return { type, amount: '42.00', currency: 'EUR', to: 'Grace' };
  const amount = { display: true, display_order: 1, name: 'Amount', value: '42.00 EUR' };
  return { type, instruction: titleOf(lastSegment(type)), properties: { amount } };
}

const AUTH0_DISPLAY =
  '        # Objects of this type say by themselves what is shown: instruction and properties, as Auth0 has it.\n';

function ownDisplay(type: string): string {
  return `        # What the question says first. Each names a member of the object, by JSON Pointer; the rest is shown below it.
        display:
          action: ${scalar(titleOf(lastSegment(type)))}
          amount: /amount
          currency: /currency
          to: /to
          # labels: { /amount: Price }
        # What an object must be like, by JSON Schema. Without it, anything is taken.
        # schema: { required: [amount, currency, to], additionalProperties: true }
`;
}

interface Person {
  id: string;
  name: string;
  email: string;
  device: string;
}

function peopleOf({ people }: TenantAnswers): Person[] {
  const taken = new Set<string>();
  return people.map((text) => {
    const name = text.includes('@') ? titleOf(text.split('@')[0] ?? text) : text;
    const candidates = [slugOf(name.split(' ')[0] ?? ''), slugOf(name)].filter((slug) => slug !== '');
    const numbered = Array.from(people, (_, place) => `${candidates[0] ?? 'person'}-${place + 1}`);
    const slug = [...candidates, ...numbered].find((one) => !taken.has(one)) ?? `person-${taken.size + 1}`;
    taken.add(slug);
    return {
      id: `auth0|${slug}`,
      name,
      email: text.includes('@') ? text : `${slug}@example.com`,
      device: `dev_${slug.replaceAll('-', '').slice(0, 12).padEnd(12, '0')}${String(taken.size).padStart(4, '0')}`,
    };
  });
}

/** `my-agent` from "My agent"; empty where nothing is left. */
function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}

/** "My agent" from `my-agent`, `my_agent`. */
function titleOf(text: string): string {
  const words = text.replaceAll(/[-_.\s]+/g, ' ').trim() || text;
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

function lastSegment(text: string): string {
  return text.split(/[/:]/).findLast((segment) => segment !== '') ?? text;
}

/** Bare where YAML takes it for nothing else than text, otherwise as JSON, which is YAML too. YAML 1.2 §7.3. */
function scalar(text: string): string {
  const isPlain = /^[A-Za-z][\w./@|-]*( [A-Za-z0-9][\w./@|-]*)*$|^https?:\/\/[\w./:@-]*[\w/]$/.test(text);
  return isPlain && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text) ? text : JSON.stringify(text);
}
