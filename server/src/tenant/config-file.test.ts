import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Problem } from '../problem.ts';
import { bankTenant } from './bank-tenant.ts';
import { checkConfig } from './config-check.ts';
import { checkTenant, loadConfigFile } from './config-file.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-config-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** What the terminal will show for a file of that name and content. */
async function complaintAbout(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  const problem: unknown = await loadConfigFile(folder).catch((error: unknown) => error);
  if (!(problem instanceof Problem)) throw new Error(`expected a Problem, got ${JSON.stringify(problem)}`);
  return [`${problem.code}: ${problem.message}`, ...problem.findings, problem.hint].join('\n');
}

describe('a file without mistakes', () => {
  test('is found by its name, filled with defaults, and cannot be changed', async () => {
    await writeFile(
      join(folder, 'assent.yaml'),
      'clients:\n  - { client_id: agent, client_secret: not-real, name: Agent }\n',
    );
    const file = await loadConfigFile(folder);
    expect(file?.path).toBe(join(folder, 'assent.yaml'));
    expect(file?.config.clients[0]).toMatchObject({
      client_id: 'agent',
      token_endpoint_auth_method: 'client_secret_post',
    });
    expect(file?.config.ciba.interval).toBe(5);
    expect(() => file?.config.clients[0]?.grant_types.push('refresh_token')).toThrow(TypeError);
  });

  test('may be JSON, and may carry any name when it is named', async () => {
    await writeFile(join(folder, 'school.json'), JSON.stringify(bankTenant, null, '\t'));
    const file = await loadConfigFile(folder, 'school.json');
    expect(file?.config.tenant.friendly_name).toBe('the bAInk');
    expect(file?.config.users.map((user) => user.devices.length)).toEqual([1, 1, 0]);
  });

  test('may use YAML anchors, and mistakes behind them are still found', async () => {
    const text = `
clients:
  - &agent { client_id: one, client_secret: s, name: One }
  - <<: *agent
    client_id: two
    app_type: desktop
`;
    expect(await complaintAbout('assent.yaml', text)).toMatchInlineSnapshot(`
      "config_invalid: assent.yaml has 1 problem
      assent.yaml:6:15  clients[1].app_type  received "desktop", expected one of "regular_web", "spa", "native", "non_interactive".
      Every setting: docs/reference/configuration.md"
    `);
  });

  test('says the same as JSON and as YAML, whatever its texts are made of', async () => {
    const tenant = { name: 'a', friendly_name: 'He said "client": \\ {} \u2028 é' };
    const said = JSON.stringify({ tenant, extra_host_names: ['"a":', '\\'] });
    await writeFile(join(folder, 'short.json'), said);
    await writeFile(join(folder, 'long.yaml'), `# a comment, which JSON has none of\n${said}`);
    const [short, long] = [
      await loadConfigFile(folder, 'short.json'),
      await loadConfigFile(folder, 'long.yaml'),
    ];
    expect(short?.config).toEqual(long?.config);
    expect(short?.config.tenant.friendly_name).toBe(tenant.friendly_name);
  });

  test('is not needed', async () => {
    expect(await loadConfigFile(folder)).toBeUndefined();
  });
});

describe('a file with mistakes', () => {
  test('is told of a name that JSON has twice, of which its readers would keep the last', async () => {
    const text = '{\n  "tenant": { "name": "one" },\n  "tenant": { "name": "two" }\n}';
    expect(await complaintAbout('assent.json', text)).toMatchInlineSnapshot(`
      "config_invalid: assent.json has 1 problem
      assent.json:3:3  Map keys must be unique
      Every setting: docs/reference/configuration.md"
    `);
  });

  test('in a rule is told with its place, also where the rule could never match', async () => {
    const text = `
clients:
  - { client_id: agent, client_secret: not-real, name: Agent }
users:
  - { user_id: auth0|ada, name: Ada }
rules:
  - { answer: approve, up_to: 50 EUR, user_id: auth0|adda }
  - answer: deny
    reason: never
    where:
      to.name: { equals: Grace }
      /to: { equal: Grace }
    after_polls: 0
  - { id: x, answer: aprove, late: true, after_seconds: 5, reason: none, probability: 2 }
  - { id: x, answer: nothing, after_polls: 2, up_to: fifty, client: agent }
`;
    expect(await complaintAbout('assent.yaml', text)).toMatchInlineSnapshot(`
      "config_invalid: assent.yaml has 12 problems
      assent.yaml:7:48  rules[0].user_id  received "auth0|adda", expected the user_id of a person in this tenant. Did you mean "auth0|ada"?
      assent.yaml:11:7  rules[1].where["to.name"]  received "to.name", expected a JSON Pointer. Did you mean "/to/name"?
      assent.yaml:12:14  rules[1].where["/to"].equal  is not a member here. Did you mean "equals"?
      assent.yaml:13:18  rules[1].after_polls  received 0, expected at least 1.
      assent.yaml:14:22  rules[2].answer  received "aprove", expected one of "approve", "deny", "expire", "nothing". Did you mean "approve"?
      assent.yaml:14:30  rules[2].late  stands beside after_seconds, expected one of them.
      assent.yaml:14:60  rules[2].reason  is of a denial, and the answer is "aprove".
      assent.yaml:14:87  rules[2].probability  received 2, expected at most 1.
      assent.yaml:15:11  rules[3].id  received "x" a second time, it is already at rules[2].id.
      assent.yaml:15:31  rules[3].after_polls  says when to answer, and the answer is "nothing".
      assent.yaml:15:54  rules[3].up_to  received "fifty", expected an amount such as 50 or "50 EUR".
      assent.yaml:15:61  rules[3].client  is not a member here. Did you mean "client_id"?
      Every setting: docs/reference/configuration.md"
    `);
  });

  test('has all of them explained at once, with their places and the nearest match', async () => {
    const text = `tenant:
  name: My Bank
  default_audience: https://api.example/order
clients:
  - client_id: agent
    name: Agent
    grants: [ciba]
    grant_types: [ciba, refresh_tokens, password]
  - client_id: agent
    client_secret: 12345
    name: ""
    token_endpoint_auth_method: private_key_jwt
apis: []
resource_servers:
  - identifier: https://api.example/orders
    signing_alg: HS256
    scopes: create:order
    token_lifetime: 1.5
    authorization_details:
      - type: order
        schema: { type: objekt }
        display: { amount: total.value }
  - name: No identifier
roles:
  - { name: buyer, permissions: [{ audience: https://api.example/orders, scopes: [] }] }
client_grants:
  - client_id: agnet
    audience: https://api.example/orders
    authorization_details_types: [orders]
users:
  - { user_id: ada, name: Ada, roles: [buyers], phone: "1" }
ciba:
  interval: 0
`;
    expect(await complaintAbout('assent.yaml', text)).toMatchInlineSnapshot(`
      "config_invalid: assent.yaml has 23 problems
      assent.yaml:2:9  tenant.name  received "My Bank", expected lower-case letters, digits and hyphens.
      assent.yaml:3:21  tenant.default_audience  received "https://api.example/order", expected the identifier of an API in this tenant. Did you mean "https://api.example/orders"?
      assent.yaml:5:5  clients[0].client_secret  is missing, "client_secret_post" needs one.
      assent.yaml:7:5  clients[0].grants  is not a member here. Did you mean "grant_types"?
      assent.yaml:8:19  clients[0].grant_types[0]  received "ciba", expected one of "authorization_code", "refresh_token", "client_credentials", "urn:openid:params:grant-type:ciba", "urn:ietf:params:oauth:grant-type:device_code", "implicit" and 8 more. Did you mean "urn:openid:params:grant-type:ciba"?
      assent.yaml:8:25  clients[0].grant_types[1]  received "refresh_tokens", expected one of "authorization_code", "refresh_token", "client_credentials", "urn:openid:params:grant-type:ciba", "urn:ietf:params:oauth:grant-type:device_code", "implicit" and 8 more. Did you mean "refresh_token"?
      assent.yaml:9:5  clients[1].jwks  is missing or empty, "private_key_jwt" needs the client’s public keys.
      assent.yaml:9:16  clients[1].client_id  received "agent" a second time, it is already at clients[0].client_id.
      assent.yaml:10:20  clients[1].client_secret  received a number, expected text.
      assent.yaml:11:11  clients[1].name  received "", expected text that is not empty.
      assent.yaml:13:1  apis  is not a member here. Did you mean "resource_servers"?
      assent.yaml:15:5  resource_servers[0].signing_secret  is missing, "HS256" needs one.
      assent.yaml:17:13  resource_servers[0].scopes  received "create:order", expected a list.
      assent.yaml:18:21  resource_servers[0].token_lifetime  received 1.5, expected a whole number.
      assent.yaml:21:9  resource_servers[0].authorization_details[0].schema  expected a JSON Schema (2020-12), but schema is invalid: data/type must be equal to one of the allowed values.
      assent.yaml:22:28  resource_servers[0].authorization_details[0].display.amount  received "total.value", expected a JSON Pointer. Did you mean "/total/value"?
      assent.yaml:23:5  resource_servers[1].identifier  is missing, expected text.
      assent.yaml:27:16  client_grants[0].client_id  received "agnet", expected a client_id in this tenant. Did you mean "agent"?
      assent.yaml:29:35  client_grants[0].authorization_details_types[0]  received "orders", expected a type of authorization details of https://api.example/orders in this tenant. Did you mean "order"?
      assent.yaml:31:16  users[0].user_id  received "ada", expected a provider, "|" and an id, such as "auth0|ada".
      assent.yaml:31:40  users[0].roles[0]  received "buyers", expected the name of a role in this tenant. Did you mean "buyer"?
      assent.yaml:31:49  users[0].phone  is not a member here. Did you mean "phone_number"?
      assent.yaml:33:13  ciba.interval  received 0, expected more than 0.
      Every setting: docs/reference/configuration.md"
    `);
  });

  test('in JSON has the places of its mistakes named too', async () => {
    const text = '{\n\t"clients": [\n\t\t{ "clientId": "a", "name": "A" },\n\t\t"b"\n\t]\n}\n';
    expect(await complaintAbout('assent.json', text)).toMatchInlineSnapshot(`
      "config_invalid: assent.json has 4 problems
      assent.json:3:3  clients[0].client_id  is missing, expected text.
      assent.json:3:3  clients[0].client_secret  is missing, "client_secret_post" needs one.
      assent.json:3:5  clients[0].clientId  is not a member here. Did you mean "client_id"?
      assent.json:4:3  clients[1]  received "b", expected members with names.
      Every setting: docs/reference/configuration.md"
    `);
  });

  test('that is not YAML at all says where reading stopped', async () => {
    expect(await complaintAbout('assent.yml', 'clients: [\nusers: 1\nusers: 2\n')).toMatchInlineSnapshot(`
      "config_invalid: assent.yml has 2 problems
      assent.yml:2:1  Flow sequence in block collection must be sufficiently indented and end with a ]
      assent.yml:3:1  Map keys must be unique
      Every setting: docs/reference/configuration.md"
    `);
  });

  test('and aliases of aliases without end is left alone', async () => {
    const layers = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [*l${i}, *l${i}, *l${i}]`);
    expect(await complaintAbout('assent.yaml', `l0: &l0 [x]\n${layers.join('\n')}\n`)).toMatchInlineSnapshot(`
      "config_invalid: assent.yaml has 1 problem
      assent.yaml  the file  has aliases that cannot be followed: Excessive alias count indicates a resource exhaustion attack.
      Every setting: docs/reference/configuration.md"
    `);
  });

  test('and aliases that lead nowhere is explained', async () => {
    expect(await complaintAbout('assent.yaml', 'clients: *nobody\n')).toMatchInlineSnapshot(`
      "config_invalid: assent.yaml has 1 problem
      assent.yaml  the file  has aliases that cannot be followed: Unresolved alias (the anchor must be set before the alias): nobody.
      Every setting: docs/reference/configuration.md"
    `);
  });

  test('and an alias inside of what it stands for is explained', async () => {
    expect(await complaintAbout('assent.yaml', 'unimitated: &all { again: *all }\n')).toMatchInlineSnapshot(`
      "config_invalid: assent.yaml has 1 problem
      assent.yaml  the file  has aliases that cannot be followed: one stands inside of what it stands for.
      Every setting: docs/reference/configuration.md"
    `);
  });

  test('and more lists inside of one another than anybody reads is explained, as YAML and as JSON', async () => {
    const deep = `{"unimitated":{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`;
    for (const name of ['assent.json', 'assent.yaml']) {
      const complaint = await complaintAbout(name, deep);
      expect(complaint.replace(/:1:\d+/, ':1:N')).toBe(
        [
          `config_invalid: ${name} has 1 problem`,
          `${name}:1:N  is nested too deeply.`,
          'Every setting: docs/reference/configuration.md',
        ].join('\n'),
      );
    }
  });

  test('and a set in place of members with names is told what is missing', async () => {
    expect(await complaintAbout('assent.yaml', 'tenant: !!set { name }\n')).toMatchInlineSnapshot(`
      "config_invalid: assent.yaml has 1 problem
      assent.yaml:1:17  tenant.name  received nothing, expected text.
      Every setting: docs/reference/configuration.md"
    `);
  });

  test('and a number without end shows it as it was written', async () => {
    expect(await complaintAbout('assent.yaml', 'ciba: { interval: .inf }\n')).toContain('received Infinity,');
  });

  test('and is empty is not taken for a tenant', async () => {
    expect(await complaintAbout('assent.yaml', '# nothing yet\n')).toMatchInlineSnapshot(`
      "config_invalid: assent.yaml has 1 problem
      assent.yaml  the file  received nothing, expected members with names.
      Every setting: docs/reference/configuration.md"
    `);
  });

  test('never has its secrets repeated', async () => {
    const complaint = await complaintAbout(
      'assent.yaml',
      'resource_servers:\n  - { identifier: a, signing_alg: HS256, signing_secret: hunter2 }\n',
    );
    expect(complaint).not.toContain('hunter2');
    expect(complaint).toMatchInlineSnapshot(`
      "config_invalid: assent.yaml has 1 problem
      assent.yaml:2:58  resource_servers[0].signing_secret  received text of 7 characters, expected at least 32 characters.
      Every setting: docs/reference/configuration.md"
    `);
  });
});

test('a named file that does not exist is a problem of its own', async () => {
  await expect(loadConfigFile(folder, 'other.yaml')).rejects.toMatchObject({
    code: 'config_unreadable',
    message: `${join(folder, 'other.yaml')} does not exist.`,
  });
});

test('a folder in place of the file is called one, and the file in it is named', async () => {
  const named = { code: 'config_unreadable', message: `${folder} is a folder, expected a tenant file.` };
  await expect(loadConfigFile(folder, '.')).rejects.toMatchObject({
    ...named,
    hint: expect.stringContaining('Name another file with --config'),
  });
  await writeFile(join(folder, 'assent.yml'), '');
  await expect(loadConfigFile(folder, '.')).rejects.toMatchObject({
    ...named,
    hint: `Name the file in it: ${join(folder, 'assent.yml')}`,
  });
});

test('the bank of the lab has no mistakes', () => {
  expect(checkConfig(bankTenant).clients.map((client) => client.client_id)).toEqual([
    'aiya',
    'night-trader',
    'administrator',
  ]);
});

test('a configuration that a program has made and JSON cannot carry is a problem, not a breakdown', async () => {
  const circle: Record<string, unknown> = {};
  circle['unimitated'] = circle;
  for (const config of [circle, { unimitated: { count: 5n } }, { ciba: { interval: 5n } }]) {
    const problem: unknown = await checkTenant(config).catch((error: unknown) => error);
    expect(problem).toMatchObject({ code: 'config_invalid' });
  }
});
