// Listens to a run of the suite and, when it was a whole one, writes what it found: the page of the documentation and the same
// for programs. `run.ts` hands it to the test runner.
import { writeFile } from 'node:fs/promises';
import type { Reporter, TestModule } from 'vitest/node';
import { writePage } from './page.ts';
import { planKey, writePlanPage } from './plan-page.ts';
import { type Finding, joinResults, nameOfTest } from './results.ts';

const PAGE = new URL('../../docs/reference/conformance.md', import.meta.url);
const PLAN_PAGE = new URL('../../docs/reference/fapi-ciba-plan.md', import.meta.url);
const REPORT = new URL('../report.json', import.meta.url);

export class ReportWriter implements Reporter {
  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const passed = new Map<string, boolean>();
    const plan = new Map<string, boolean>();
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const name = nameOfTest(test.name);
        const hasPassed = test.result().state === 'passed';
        if (name !== undefined) passed.set(name, hasPassed);
        else if (test.parent.type === 'suite') plan.set(planKey(test.parent.name, test.name), hasPassed);
      }
    }
    const planPage = writePlanPage(plan);
    if (planPage === undefined) {
      process.stdout.write('Modules of the plan fapi-ciba-id1 were not run: no page of it.\n');
      process.exitCode = 1;
    } else await writeFile(PLAN_PAGE, planPage);
    const { findings, missing } = joinResults(passed);
    if (missing.length > 0) {
      const some = missing.slice(0, 10).join(', ');
      process.stdout.write(`${missing.length} tests of the catalogue were not run (${some}): no report.\n`);
      process.exitCode = 1;
      return;
    }
    await writeFile(PAGE, writePage(findings));
    await writeFile(REPORT, `${JSON.stringify(toJson(findings), null, 2)}\n`);
    process.stdout.write('Written: docs/reference/conformance.md, conformance/report.json\n');
  }
}

function toJson(findings: readonly Finding[]): unknown {
  return {
    requirements: findings.map(({ requirement: { id, source, level }, outcomes }) => ({
      id,
      source,
      level,
      ...outcomes,
    })),
  };
}
