// The Dockerfile and the compose files without Docker: what they say is run in a folder of its own.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { runCommand, startCommand } from './command.ts';

const ROOT = join(import.meta.dirname, '../..');
const dockerfile = await readFile(join(ROOT, 'Dockerfile'), 'utf8');

const wordsSchema = z.tuple([z.literal('assent')], z.string());
const serviceSchema = z.looseObject({
  build: z.string(),
  command: wordsSchema,
  environment: z.record(z.string(), z.string()),
  ports: z.array(z.string()),
  volumes: z.array(z.string()),
});

/** The JSON form of an instruction: `CMD ["assent", …]`. */
function readWords(instruction: string): string[] {
  const [, json = ''] = new RegExp(`^${instruction}.*?(\\["assent".*\\])$`, 'm').exec(dockerfile) ?? [];
  return wordsSchema.parse(JSON.parse(json)).slice(1);
}

async function readCompose(file: string): Promise<z.output<typeof serviceSchema>> {
  const text = await readFile(join(ROOT, file), 'utf8');
  const [, block = text] = /```yaml\n(.*?)```/s.exec(text) ?? [];
  return serviceSchema.parse(parse(block).services.assent);
}

/** Starts it as the container would, but for the port; the healthcheck runs beside it, in the same folder. */
async function start(words: readonly string[], env: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'assent-container-'));
  const server = startCommand([...words, '--port', '0'], { folder, env });
  onTestFinished(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });
  return { server, checkHealth: () => runCommand(readWords('HEALTHCHECK'), { folder, env }) };
}

test('the container’s command starts a server that its healthcheck finds ready', async () => {
  const { server, checkHealth } = await start(readWords('CMD'));
  await server.says('Ready.');
  expect(await checkHealth()).toMatchObject({ code: 0 });
  await server.stop();
  expect((await checkHealth()).code).not.toBe(0);
});

test.each(['compose.yaml', 'docs/recipes/docker-compose.md'])('%s names one issuer for all', async (file) => {
  const { command, environment, ports, volumes } = await readCompose(file);
  expect(environment['ASSENT_CONTROL_TOKEN']).toMatch(/^\$\{ASSENT_CONTROL_TOKEN:\?.+\}$/);
  expect(ports).toEqual(['127.0.0.1:4443:4443']);
  expect(volumes).toEqual(['assent:/home/node/.assent']);
  const { server, checkHealth } = await start(command.slice(1), {
    ASSENT_CONTROL_TOKEN: 'chosen-by-me-1234',
  });
  await server.says('Ready.');
  expect(server.output().stderr).toContain('https://assent:4443');
  expect(await checkHealth()).toMatchObject({ code: 0 });
});

test('the container runs as nobody special, on any processor, and keeps what others trust', () => {
  const [, last = ''] = dockerfile.split(/^FROM /m).slice(1);
  expect(dockerfile).toMatch(/^FROM --platform=\$BUILDPLATFORM node:24-slim AS build$/m);
  expect(last).toMatch(/^node:24-slim\n/);
  expect(last.indexOf('\nUSER node\n')).toBeGreaterThan(last.lastIndexOf('RUN '));
  expect(last).toContain('\nVOLUME /home/node/.assent\n');
});

test('the instances of compose.instances.yaml are started alike, and the proxy knows each of them', async () => {
  const { services } = parse(await readFile(join(ROOT, 'compose.instances.yaml'), 'utf8'), { merge: true });
  const instances = Object.entries(services).filter(([, service]) => Object.hasOwn(Object(service), 'build'));
  expect(instances).toHaveLength(3);
  for (const [, instance] of instances) expect(instance).toEqual(instances[0]?.[1]);
  const proxy = await readFile(join(ROOT, 'deploy/nginx.conf'), 'utf8');
  const named = [...proxy.matchAll(/^ *server (\w+):4443 /gm)].map(([, name]) => name);
  expect(named).toEqual(instances.map(([name]) => name));
  expect(services.assent.volumes).toEqual(['./deploy/nginx.conf:/etc/nginx/nginx.conf:ro']);
  expect(instances[0]?.[1]).toMatchObject({
    command: expect.arrayContaining(['--store', 'redis://store:6379/0']),
    depends_on: { store: expect.anything() },
  });
});
