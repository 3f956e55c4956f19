// Writes docs/reference and the editor schema from the code that enforces them: `pnpm generate`. CI fails when they differ.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { tenantConfigSchema } from '../src/contract/index.ts';
import { writeApiPages } from './reference/api-pages.ts';
import { writeCommandLinePage } from './reference/command-line-page.ts';
import { writeConfigurationPage } from './reference/configuration-page.ts';
import { writeErrorsPage } from './reference/errors-page.ts';
import { writeEventsPage } from './reference/events-page.ts';
import { writeKeysPage } from './reference/keys-page.ts';
import { writeManagementPage } from './reference/management-page.ts';
import { writePhoneContract } from './reference/phone-contract.ts';
import { writeProfilesPage } from './reference/profiles-page.ts';
import { writeTenantShapes } from './reference/tenant-shapes.ts';
import { writeTimeOutsPage } from './reference/time-outs-page.ts';

const ROOT = join(import.meta.dirname, '../..');
const FIRST_LINE = '<!-- Written by `pnpm generate` (server/scripts/write-reference.ts). Do not edit. -->';

const { controlApi, approverApi, openApi } = await writeApiPages();
const pages: Record<string, string> = {
  'configuration.md': writeConfigurationPage(),
  'command-line.md': writeCommandLinePage(),
  'events.md': writeEventsPage(),
  'errors.md': writeErrorsPage(),
  'keys.md': await writeKeysPage(),
  'control-api.md': controlApi,
  'approver-api.md': approverApi,
  'management-api.md': writeManagementPage(),
  'profiles.md': writeProfilesPage(),
  'time-outs.md': writeTimeOutsPage(),
};

for (const [name, page] of Object.entries(pages))
  await write(join('docs/reference', name), `${FIRST_LINE}\n\n${page.trim()}\n`);

await write('docs/reference/control-api.openapi.json', `${openApi}\n`);

const editorSchema = {
  title: 'Assent tenant file',
  ...z.toJSONSchema(tenantConfigSchema, { io: 'input' }),
};
await write('server/tenant.schema.json', `${JSON.stringify(editorSchema, null, 2)}\n`);

await write('approver-app/src/wire/contract.ts', writePhoneContract());
await write('server/src/tenant/config-shapes.ts', writeTenantShapes());

async function write(path: string, text: string): Promise<void> {
  const file = join(ROOT, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  console.log(path);
}
