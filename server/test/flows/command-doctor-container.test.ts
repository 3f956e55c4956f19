// `assent doctor` where a container and the computer of the server call it by different names. A network namespace plays the
// container: it has a network and names of its own.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { about, type Diagnosis, examine, freePort, readDiagnosis, startServer } from '../diagnosis.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'assent-doctor-'));
});

afterAll(() => rm(root, { recursive: true }));

const emptyFolder = (): Promise<string> => mkdtemp(join(root, 'home-'));

/** A network of its own, in which this computer is called `assent`. */
class Container implements AsyncDisposable {
  /** Of this computer, and of the container: another pair for each process. */
  readonly #network = `10.213.${process.pid % 256}`;
  readonly #name = `assent-${process.pid}`;
  readonly #link = `as${process.pid}`;

  static async create(): Promise<Container> {
    const container = new Container();
    const address = `${container.#network}.1`;
    const [name, link] = [container.#name, container.#link];
    try {
      await ip('netns', 'add', name);
      await ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
      await ip('address', 'add', `${address}/24`, 'dev', link);
      await ip('link', 'set', link, 'up');
      await ip('-n', name, 'address', 'add', `${container.#network}.2/24`, 'dev', 'eth0');
      await ip('-n', name, 'link', 'set', 'eth0', 'up');
      await ip('-n', name, 'link', 'set', 'lo', 'up');
      // ip-netns(8): files below /etc/netns/NAME stand for those of /etc in there.
      await mkdir(`/etc/netns/${name}`, { recursive: true });
      await writeFile(`/etc/netns/${name}/hosts`, `127.0.0.1 localhost\n${address} assent\n`);
      return container;
    } catch (error) {
      await container[Symbol.asyncDispose]();
      throw error;
    }
  }

  async examine(env: Record<string, string>): Promise<Diagnosis> {
    const words = ['netns', 'exec', this.#name, process.execPath, MAIN, 'doctor', '--format', 'json'];
    const folder = await emptyFolder();
    const options = { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, ...env } };
    const [code, stdout] = await new Promise<[number, string]>((resolve) => {
      execFile('ip', words, options, (error, out) => resolve([error === null ? 0 : Number(error.code), out]));
    });
    return readDiagnosis(code, stdout);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What was not made cannot be taken away.
    await ip('link', 'delete', this.#link).catch(() => undefined);
    await ip('netns', 'delete', this.#name).catch(() => undefined);
    await rm(`/etc/netns/${this.#name}`, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function ip(...words: string[]): Promise<void> {
  await promisify(execFile)('ip', words);
}

describe('a container', { timeout: 60_000 }, () => {
  test('does not find a server that calls itself localhost; the server’s name is the wrong one', async (context) => {
    await using container = await Container.create().catch((error: Error) => {
      return context.skip(`no network namespace can be made here: ${error.message.trim()}`);
    });
    const { server, url, caFile } = await startServer(await emptyFolder(), '--host', '0.0.0.0');
    const port = new URL(url).port;
    const inside = await container.examine({
      ASSENT_URL: `https://assent:${port}`,
      ASSENT_CA: caFile,
      NODE_EXTRA_CA_CERTS: caFile,
    });
    expect(inside).toMatchObject({ code: 6, wrong: ['issuer_mismatch'] });
    expect(about(inside, 'issuer')).toMatchObject({
      found: expect.stringContaining(`calls itself https://localhost:${port}/; there nothing listens`),
      expected: expect.stringContaining('its own name is the wrong one'),
      type: [
        `assent --host 0.0.0.0 --issuer https://assent:${port}/`,
        expect.stringContaining('echo "127.0.0.1 assent" | sudo tee -a /etc/hosts'),
      ],
    });
    await server.stop();
  });

  test('finds a server that has its name, which a browser of this computer then does not', async (context) => {
    await using container = await Container.create().catch((error: Error) => {
      return context.skip(`no network namespace can be made here: ${error.message.trim()}`);
    });
    const port = await freePort();
    const words = ['--host', '0.0.0.0', '--port', String(port), '--issuer', `https://assent:${port}/`];
    const { server, folder, caFile } = await startServer(await emptyFolder(), ...words);
    const inside = await container.examine({
      ASSENT_URL: `https://assent:${port}`,
      ASSENT_CA: caFile,
      NODE_EXTRA_CA_CERTS: caFile,
      AUTH0_DOMAIN: `assent:${port}`,
    });
    expect(inside).toMatchObject({ code: 0, wrong: [] });
    expect(about(inside, 'inside')?.type?.[0]).toContain('export ASSENT_CONTROL_TOKEN=…');
    const outside = await examine(folder, { NODE_EXTRA_CA_CERTS: caFile });
    expect(outside).toMatchObject({ code: 6, wrong: ['issuer_mismatch', 'issuer_unreachable'] });
    expect(about(outside, 'browser')?.type).toEqual(['echo "127.0.0.1 assent" | sudo tee -a /etc/hosts']);
    await server.stop();
  });
});
