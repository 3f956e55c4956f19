// The control API as other languages see it: a valid OpenAPI document that names exactly what the server answers, and says what it
// really answers.
import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, TRANSFER, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';

interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}
interface Operation {
  operationId: string;
  summary: string;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

let assent: RunningAssent;
let document: OpenApi;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
  document = (await call(`${assent.url}/control/openapi.json`)).json();
});
afterAll(() => assent.close());

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate({ ...structuredClone(document) });
  expect([valid, errors, validator.version]).toEqual([true, undefined, '3.1']);
});

test('the document of the reference is the one that the server answers', async () => {
  const file = new URL('../../../docs/reference/control-api.openapi.json', import.meta.url);
  expect(document).toEqual(JSON.parse(await readFile(file, 'utf8')));
});

test('every operation has a name of its own and a summary, and every path that it names exists', async () => {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  expect(operations.filter(({ summary }) => summary.length < 10)).toEqual([]);
  for (const [path, methods] of Object.entries(document.paths)) {
    // A method that no route has: the answer lists those that there are.
    const { headers } = await call(`${assent.url}${path.replaceAll(/\{\w+\}/g, 'latest')}`, {
      method: 'DELETE',
    });
    const allowed = headers['allow']?.split(', ') ?? [];
    if (!('delete' in methods)) {
      expect([path, allowed.filter((method) => method !== 'HEAD').sort()]).toEqual([
        path,
        Object.keys(methods)
          .map((method) => method.toUpperCase())
          .sort(),
      ]);
    }
  }
});

test('what the server answers is what the document says', async () => {
  const agent = new Agent(assent);
  await agent.askFor({ authorization_details: JSON.stringify([TRANSFER]) });
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'document', ...document });
  const findings = async (method: 'GET' | 'POST', path: string, operation: string, body?: object) => {
    const answer = await call(`${assent.url}${path}`, { method, ...(body ? { body } : {}) });
    const described = document.paths[operation]?.[method.toLowerCase()]?.responses[String(answer.status)];
    const type = answer.headers['content-type']?.split(';')[0] ?? '';
    const schema = described?.content?.[type]?.schema;
    if (!schema) return `${answer.status} ${type} is not described`;
    const inDocument = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/'));
    return ajv.validate(inDocument, answer.json()) ? undefined : ajv.errorsText();
  };
  expect(await findings('GET', '/control/requests', '/control/requests')).toBeUndefined();
  expect(await findings('GET', '/control/requests/latest', '/control/requests/{ref}')).toBeUndefined();
  expect(await findings('GET', '/control/requests/r9', '/control/requests/{ref}')).toBeUndefined();
  const decision = '/control/requests/{ref}/decision';
  const approve = { decision: 'approve' };
  expect(
    await findings('POST', '/control/requests/r1/decision', decision, { decision: 'maybe' }),
  ).toBeUndefined();
  expect(await findings('POST', '/control/requests/r1/decision', decision, approve)).toBeUndefined();
  expect(await findings('POST', '/control/requests/r1/decision', decision, approve)).toBeUndefined();
  expect(
    await findings('GET', '/control/requests/r1/trace', '/control/requests/{ref}/trace'),
  ).toBeUndefined();
  expect(await findings('GET', '/control/health', '/control/health')).toBeUndefined();
  expect(await findings('GET', '/control/snapshot', '/control/snapshot')).toBeUndefined();
  expect(await findings('POST', '/control/reset', '/control/reset', {})).toBeUndefined();
});
