// Every page that a browser can be shown, whoever wrote it: no foreign code, no script in the page, no frame around it, nothing
// to store, and no address that others learn. One walk through all of them, so that a new page is judged as soon as it is linked.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent } from '../agent.ts';
import { Browser } from '../browser.ts';
import { useClasses } from '../classroom/class.ts';
import { TELEVISION } from '../clients.ts';
import { type Answer, call } from '../http-call.ts';
import { bankByEmail, openRequest } from '../mail-tenant.ts';
import { CALLBACK, WebApplication } from '../web-application.ts';

const classes = await useClasses();
const LOOKING = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

let assent: RunningAssent;
beforeAll(async () => {
  const clients = [...(bankTenant.clients ?? []), TELEVISION];
  assent = await startAssent({ tls: false, config: bankByEmail({}, { clients }) });
});
afterAll(() => assent.close());

interface Shown {
  status: number;
  headers: Answer['headers'];
  markup: string;
}

/** What is wrong with a page, in words; nothing for one that is as it has to be. */
function faultsOf({ headers, markup }: Shown): string[] {
  const policy = new Map<string, string>();
  for (const directive of String(headers['content-security-policy'] ?? '').split(/; */)) {
    const [name = '', ...values] = directive.split(' ');
    policy.set(name, values.join(' '));
  }
  const scripts = policy.get('script-src') ?? policy.get('default-src') ?? '*';
  const rules: Record<string, boolean> = {
    'is no HTML': !String(headers['content-type']).startsWith('text/html'),
    'lets foreign content in': policy.get('default-src') !== "'none'",
    'lets scripts in that it does not serve': !["'none'", "'self'"].includes(scripts),
    'may be framed': policy.get('frame-ancestors') !== "'none'",
    'lets its addresses be moved': policy.get('base-uri') !== "'none'",
    'lets its type be guessed': headers['x-content-type-options'] !== 'nosniff',
    'tells its address': !['no-referrer', 'same-origin'].includes(String(headers['referrer-policy'])),
    'may be stored': headers['cache-control'] !== 'no-store',
    'may be read by other origins': headers['access-control-allow-origin'] !== undefined,
    'has a script in it': /<script(?![^>]*\ssrc=)/i.test(markup),
    'has a script in an attribute': /<[^>]+\son\w+\s*=/i.test(markup),
    'has a script in an address': /(href|src|action)\s*=\s*["']?\s*(javascript|vbscript|data:text)/i.test(
      markup,
    ),
    'has foreign content': /\s(src|srcset|data|poster)\s*=\s*["']?(https?:)?\/\//i.test(markup),
  };
  return Object.entries(rules).flatMap(([fault, isThere]) => (isThere ? [fault] : []));
}

async function look(
  url: string,
  more: { ca?: string; headers?: Record<string, string> } = {},
): Promise<Shown> {
  const { ca, headers } = more;
  const answer = await call(url, {
    headers: { ...LOOKING, ...headers },
    ...(ca === undefined ? {} : { ca }),
  });
  return { status: answer.status, headers: answer.headers, markup: answer.text };
}

describe('a page that a browser is shown', () => {
  it.each([
    ['/approve/', 200],
    ['/approve/requests/apr_x', 200],
    ['/sequence', 200],
    ['/sequence/r1', 200],
    ['/console', 200],
    ['/console/clients', 200],
    ['/activate', 200],
    ['/v2/logout', 200],
    ['/oidc/logout', 200],
    ['/oidc/logout?post_logout_redirect_uri=https://evil.example', 400],
    ['/v2/logout?returnTo=javascript:alert(1)', 400],
    ['/authorize', 400],
    ['/authorize?client_id=<script>alert(1)</script>', 400],
    ['/u/login', 400],
    ['/u/signup?state=x', 400],
    ['/bc-verify', 404],
    ['/guardian/enroll', 404],
    ['/oauth/token', 405],
    ['/nowhere/<script>alert(1)</script>', 404],
    ['/control/nowhere', 404],
    ['/%00', 404],
  ])('%s has nothing that acts in it, and lets nobody around it', async (path, status) => {
    const page = await look(assent.url + path);
    expect([page.status, faultsOf(page)]).toEqual([status, []]);
  });

  it('has neither, while somebody logs in, signs up, consents, and enters the code of a device', async () => {
    const browser = new Browser();
    const app = await WebApplication.of(assent);
    const begin = async (more: Readonly<Record<string, string>> = {}) => (await app.begin(more)).url;
    const login = await browser.open(await begin());
    const wrong = await login.press('Log in', { username: 'ada@bank.example', password: 'wrong' });
    const signUp = await browser.open(await begin({ screen_hint: 'signup' }));
    const short = await signUp.press('Sign up', { email: 'x@bank.example', password: 'x' });
    const { page: question, browser: reader } = await openRequest(assent);
    const approved = await question.press('Approve');
    const again = await reader.open(question.url);
    const foreign = await reader.submit(question.url, {}, { Origin: 'https://evil.example' });
    const device = new Agent(assent, { client_id: 'television', client_secret: undefined });
    const code = (await device.post('/oauth/device/code', { scope: 'openid' })).json();
    const confirm = await reader.submit(code.verification_uri, { user_code: code.user_code });
    const none = await reader.submit(code.verification_uri, { user_code: 'BCDF-GHJK' });
    const { ticket } = await assent.control.inviteBrowser('auth0|ada');
    const enrolment = await browser.open(`${assent.url}/guardian/enroll?ticket=${ticket}`);
    const pages = {
      login,
      wrong,
      signUp,
      short,
      question,
      approved,
      again,
      foreign,
      confirm,
      none,
      enrolment,
    };
    const found = Object.entries(pages).map(([name, page]) => [name, ...faultsOf(page)]);
    expect(found).toEqual(Object.keys(pages).map((name) => [name]));
  });

  it('has neither, in a class and at the door for those that trust nobody yet', async () => {
    const running = await classes.start({ places: 1, host: '0.0.0.0', teacherToken: 'token-of-the-class' });
    const { url, ca = '' } = running;
    const secure = ['/', '/teacher', '/ca', '/nowhere', '/teacher/places/9'].map((path) => `${url}${path}`);
    const open = ['/ca', '/ca?platform=ios'].map((path) => url.replace('https:', 'http:') + path);
    for (const address of [...secure, ...open]) {
      expect([address, faultsOf(await look(address, { ca }))]).toEqual([address, []]);
    }
  });
});

it('an answer that posts itself to an application carries the one script that does, by its hash', async () => {
  const app = await WebApplication.of(assent);
  const { url } = await app.begin({ response_mode: 'form_post' });
  const page = await (await new Browser().open(url)).press('Ada Lovelace');
  expect(page.markup).toContain(`action="${CALLBACK}"`);
  const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(page.markup) ?? [];
  const hash = createHash('sha256').update(script).digest('base64');
  expect(String(page.headers['content-security-policy']).split(/; */)).toEqual([
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]);
});

describe('what sends a browser on', () => {
  it.each(['/', '/approve', '/approve?x=<script>alert(1)</script>'])('%s is no page', async (path) => {
    const { status, headers, markup } = await look(assent.url + path);
    expect([status, headers['content-type'], headers['x-content-type-options'], markup]).toEqual([
      302,
      'text/plain; charset=utf-8',
      'nosniff',
      `Redirecting to ${headers['location']}\n`,
    ]);
  });

  it('is no page in a class, nor at the door for those that trust nobody yet', async () => {
    const running = await classes.start({ places: 1, host: '0.0.0.0', teacherToken: 'token-of-the-class' });
    const { url, ca = '' } = running;
    for (const address of [`${url}/place`, `${url.replace('https:', 'http:')}/nowhere`]) {
      const { status, headers } = await look(address, { ca });
      expect([address, status, headers['content-type']]).toEqual([address, 302, 'text/plain; charset=utf-8']);
    }
  });

  it('is no page where a login begins', async () => {
    const app = await WebApplication.of(assent);
    const { status, headers } = await look((await app.begin()).url.href);
    expect([status, headers['content-type']]).toEqual([303, 'text/plain; charset=utf-8']);
  });
});

describe('what is no page', () => {
  it.each([
    '/.well-known/openid-configuration',
    '/.well-known/jwks.json',
    '/control/health',
    '/control/events',
    '/control/openapi.json',
    '/approver/people',
    '/approver/inbox',
    '/api/v2/users',
    '/userinfo',
    '/appliance-mfa/api/enroll',
    '/push/subscription/x',
    '/push/nowhere',
    '/approve/manifest.webmanifest',
    '/approve/nowhere.js',
  ])('%s is not taken for one', async (path) => {
    const done = new AbortController();
    const answer = await fetch(assent.url + path, { headers: { Accept: '*/*' }, signal: done.signal });
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-type') ?? '').not.toMatch(/html|svg|xml/);
    done.abort();
  });
});
