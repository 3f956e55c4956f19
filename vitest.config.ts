// Every test of the workspace except the browser's (approver-app/e2e, which Playwright runs).
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/**
 * @param testTimeoutMs what a slow machine may need; no test waits for time to pass
 * @param options what only this project needs
 */
function createProject(
  name: string,
  include: string[],
  testTimeoutMs: number,
  options: TestProjectInlineConfiguration['test'] = {},
): TestProjectInlineConfiguration {
  return {
    test: {
      name,
      root: name,
      include,
      exclude: ['**/node_modules/**', '**/dist/**', 'recipes/project-*/**'],
      environment: 'node',
      setupFiles: [new URL('scripts/refuse-internet.mjs', import.meta.url).pathname],
      testTimeout: testTimeoutMs,
      hookTimeout: testTimeoutMs,
      expect: { poll: { timeout: testTimeoutMs / 2 } },
      ...options,
    },
  };
}

export default defineConfig({
  test: {
    projects: [
      createProject('server', ['src/**/*.test.ts', 'test/**/*.test.ts'], 60_000),
      createProject('approver-app', ['src/**/*.test.ts', 'test/**/*.test.ts'], 60_000),
      createProject('fixtures', ['**/*.test.ts'], 60_000),
      createProject('bench', ['**/*.test.ts'], 60_000),
      createProject('conformance', ['**/*.test.ts'], 60_000, {
        globalSetup: [new URL('conformance/lab/data-folder.ts', import.meta.url).pathname],
      }),
      // Child processes, since the certificate authority reaches Node's fetch by an environment variable only.
      createProject('sdk-tests', ['**/*.test.ts'], 60_000, {
        pool: 'forks',
        globalSetup: [new URL('sdk-tests/local-authority.ts', import.meta.url).pathname],
      }),
    ],
  },
});
