// SECURITY.md promises a test for each threat. Each promise leads to a file that exists, and to a sentence in it.
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const ROOT = new URL('../../../', import.meta.url);
const FEWEST_THREATS = 20;

it('every threat names a test that tries it', async () => {
  const model = await readFile(new URL('SECURITY.md', ROOT), 'utf8');
  const [, threats = ''] = /\n## Threats\n([\s\S]*?)\n## /.exec(model) ?? [];
  const rows = threats.split('\n').filter((line) => line.startsWith('| '));
  // The head of the table, and what separates it.
  const missing: string[] = [];
  for (const row of rows.slice(2)) {
    const links = [...row.matchAll(/\[([^\]]+)\]\(([^)\s]+\.ts)\)/g)];
    if (links.length === 0) missing.push(`nothing for: ${row.split('|')[1]?.trim()}`);
    for (const [, title = '', file = ''] of links) {
      const source = await readFile(new URL(file, ROOT), 'utf8').catch(() => '');
      if (!source.replaceAll("\\'", "'").includes(title)) missing.push(`${file}: ${title}`);
    }
  }
  expect(missing).toEqual([]);
  expect(rows.length - 2).toBeGreaterThanOrEqual(FEWEST_THREATS);
});
