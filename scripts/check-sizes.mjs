// What each page loads, compressed, against approver-app/size-budgets.json; of the last build. Says which chunk weighs what, so
// that whoever is over sees where it went.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../approver-app');
const reportFile = join(folder, 'dist/sizes.json');
if (!existsSync(reportFile)) {
  console.error('Nothing was measured yet. Build first: npx pnpm@10.34.9 build');
  process.exit(1);
}
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const budgets = read(join(folder, 'size-budgets.json'));
const findings = [];

for (const [page, size] of Object.entries(read(reportFile))) {
  const budget = budgets[page];
  if (budget === undefined) {
    findings.push(`${page} has no budget in approver-app/size-budgets.json`);
    continue;
  }
  judge(`${page}, at the start`, size.atStart, budget.atStartBytes);
  if (size.later.length > 0) judge(`${page}, when it is opened`, size.later, budget.laterBytes);
  for (const module of [...size.atStart, ...size.later].flatMap(({ modules }) => modules)) {
    const found = budget.never.find((part) => `/${module}`.includes(part));
    if (found !== undefined) findings.push(`${page} loads ${module}, and nothing of ${found} belongs there`);
  }
}
for (const finding of findings) console.error(`Not as it should be: ${finding}.`);
process.exitCode = findings.length === 0 ? 0 : 1;

function judge(what, scripts, mostBytes) {
  const bytes = scripts.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
  console.log(`${what}: ${inKilobytes(bytes)} of ${inKilobytes(mostBytes)} of script, compressed`);
  for (const { file, gzipBytes } of scripts.toSorted((a, b) => b.gzipBytes - a.gzipBytes))
    console.log(`  ${inKilobytes(gzipBytes).padStart(9)}  ${file}`);
  if (bytes > mostBytes)
    findings.push(`${what} takes ${inKilobytes(bytes - mostBytes)} more than its budget`);
}

function inKilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
