// Writes the files for a run of the OpenID Foundation's suite. See docs/conformance.md.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeSuiteFiles } from './suite-configuration.ts';

const USAGE = `Usage: pnpm run openid-suite [options]

  --issuer URL         of Assent, as the suite reaches it (default: https://localhost:4443/)
  --mtls-port PORT     where Assent asks for certificates (default: 4444)
  --suite URL          where the suite runs (default: https://localhost.emobix.co.uk:8443)
  --folder PATH        where to write (default: openid-suite)

Where Assent listens to the network, ASSENT_CONTROL_TOKEN is the token of its control API.
`;

const OPTIONS = {
  issuer: { type: 'string', default: 'https://localhost:4443/' },
  'mtls-port': { type: 'string', default: '4444' },
  suite: { type: 'string', default: 'https://localhost.emobix.co.uk:8443' },
  folder: { type: 'string', default: 'openid-suite' },
  help: { type: 'boolean', default: false },
} as const;

try {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) process.stdout.write(USAGE);
  else await writeFiles(values);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}

async function writeFiles(options: {
  issuer: string;
  'mtls-port': string;
  suite: string;
  folder: string;
}): Promise<void> {
  const { folder } = options;
  const files = await makeSuiteFiles({
    issuer: `${readAddress('issuer', options.issuer)}/`,
    suite: readAddress('suite', options.suite),
    mtlsPort: readPort(options['mtls-port']),
    controlToken: process.env['ASSENT_CONTROL_TOKEN'],
  });
  await mkdir(folder, { recursive: true });
  // Private keys of a test: of use to nobody else, and still not for everybody to read.
  const write = async (name: string, content: object): Promise<void> => {
    const path = join(folder, `${name}.json`);
    await writeFile(path, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    process.stdout.write(`${path}\n`);
  };
  await write('tenant', files.tenant);
  for (const [name, plan] of Object.entries(files.plans)) await write(name, plan);
}

/** Without a slash at the end. */
function readAddress(option: string, text: string): string {
  if (URL.parse(text)?.protocol === 'https:') return text.replace(/\/$/, '');
  throw new Error(`--${option}: received "${text}", expected an https address.`);
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`--mtls-port: received "${text}", expected a port from 1 to 65535.`);
}
