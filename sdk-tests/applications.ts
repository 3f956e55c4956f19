// Whole programs around an SDK, for SUPPORT.md. Each has a test of its own, which says the same in detail.

interface Application {
  readonly name: string;
  /** Folder in node_modules whose version is stated. */
  readonly packageName: string;
  /** File of the test, from this folder. */
  readonly test: string;
  /** What its test plays, as a phrase. */
  readonly story: string;
}

const NEXT_STORY =
  'a Next.js 15 application (app router, middleware, built for production): login and sign-up in Chromium, the session, refresh ' +
  'with and without rotation, logout to allowed and other addresses, `getTokenByBackchannelAuth` with details that are ' +
  'approved and denied';

export const applications: readonly Application[] = [
  {
    name: '@auth0/nextjs-auth0 4.10',
    packageName: 'nextjs-auth0-4.10',
    test: 'web-apps/next.test.ts',
    story: `${NEXT_STORY}; with \`AUTH0_DOMAIN=localhost:PORT\``,
  },
  {
    name: '@auth0/nextjs-auth0',
    packageName: 'nextjs-auth0',
    test: 'web-apps/next.test.ts',
    story: `the same application, under a host name without a port; the test leads the name and port 443 to the server by \`node --import\` and \`--host-resolver-rules\` instead of \`/etc/hosts\``,
  },
  {
    name: '@auth0/auth0-server-js',
    packageName: '@auth0/auth0-server-js',
    test: 'web-apps/server-js.test.ts',
    story:
      'a web application on Node’s own server: login and logout in Chromium, `loginBackchannel` with authorization ' +
      'details, approved and denied',
  },
  {
    name: '@auth0/ai-langchain',
    packageName: '@auth0/ai-langchain',
    test: 'agents/langgraph.test.ts',
    story:
      'a LangGraph agent behind a small server with the three routes that `@langchain/langgraph-sdk` uses here: ' +
      'interrupted, resumed by `GraphResumer`, approved, denied; not enrolled → ticket → device → the same transfer',
  },
  {
    name: '@auth0/ai-vercel 3 and auth0 4',
    packageName: 'ai-vercel-3',
    test: 'lab/lab.test.ts',
    story:
      'the tasks of the lab in an empty tenant, by `ManagementClient` of auth0 4: before each its refusal, after the last ' +
      'a transfer with exactly the approved details; enrolment through the agent',
  },
];
