// `pnpm test:conformance`: the whole suite, and its report. Fails where a test fails or is missing; CI also fails where the report
// that was committed is another one.
import { startVitest } from 'vitest/node';
import { ReportWriter } from './report/reporter.ts';

const vitest = await startVitest('test', [], {
  root: new URL('..', import.meta.url).pathname,
  project: ['conformance'],
  watch: false,
  reporters: ['default', new ReportWriter()],
});
await vitest.close();
