import { expect, test } from 'vitest';
import { type BannerContent, formatBanner } from './banner.ts';
import { paintNothing } from './output.ts';

const local: BannerContent = {
  version: '0.1.0',
  assent: {
    url: 'https://localhost:4443',
    pages: {
      approverApp: 'https://localhost:4443/approve',
      sequence: 'https://localhost:4443/sequence',
      console: undefined,
    },
    issuer: 'https://localhost:4443/',
    tenant: { name: 'bank', people: 3, clients: 2, apis: 1, profile: 'auth0' },
    env: { AUTH0_DOMAIN: 'localhost:4443', NODE_EXTRA_CA_CERTS: '/home/ada/.assent/ca.pem' },
  },
  phone: {
    host: '127.0.0.1',
    networkUrls: [],
    networkAddresses: [
      { address: '192.168.1.7', interfaceName: 'wlan0' },
      { address: '172.17.0.1', interfaceName: 'docker0' },
    ],
    fingerprint: Array.from({ length: 32 }, (_, index) => (index + 16).toString(16).toUpperCase()).join(':'),
    columns: undefined,
  },
  issuerResolves: true,
  dataFolder: '.assent',
  commandName: 'npx assent',
  isInteractive: true,
};

test('the banner lists what runs, how to use it, and says that it is ready', () => {
  expect(formatBanner(local, paintNothing)).toMatchInlineSnapshot(`
    "
      assent 0.1.0   stand-in for Auth0 async authorization, not for production

      Authorization server   https://localhost:4443
      Approver app           https://localhost:4443/approve   open on this computer
      Sequence view          https://localhost:4443/sequence   each request, arrow by arrow
      Approver on a phone    off; start with --host 0.0.0.0 to allow it
      Host name as issuer    off; start with --issuer https://auth0.test/ --port 443
      Data                   memory, lost on exit; keys and certificates stay in .assent
      Tenant                 bank   3 people, 2 clients, 1 API   (write assent.yaml to change)

      # for your agent
      AUTH0_DOMAIN=localhost:4443
      NODE_EXTRA_CA_CERTS=/home/ada/.assent/ca.pem

      Ready.  Try it:  npx assent ask "Pay 42 EUR to Grace"        h for help, q to quit
    "
  `);
});

test('quick answers are named where they are on', () => {
  const quickAnswers = { on: true, interval: 0.1, held_poll: 4 };
  expect(formatBanner({ ...local, quickAnswers }, paintNothing)).toContain(
    '  Quick answers          on; polls may come every 0.1 s, and wait up to 4 s for the decision\n',
  );
});

test('where the control API has a token, the file that holds it is named', () => {
  expect(formatBanner({ ...local, hasControlToken: true }, paintNothing)).toContain(
    '  Control API            https://localhost:4443/control   its token is in .assent/server.json\n',
  );
});

test('a data file is named, with what it does not hold', () => {
  expect(formatBanner({ ...local, dataFile: 'assent.db' }, paintNothing)).toContain(
    '  Data                   assent.db, kept on exit; certificates stay in .assent\n',
  );
});

test('a data file that was not there before is called new, for a name that was mistyped looks like lost data', () => {
  expect(formatBanner({ ...local, dataFile: 'asent.db', isDataFileNew: true }, paintNothing)).toContain(
    '  Data                   asent.db, new, kept on exit; certificates stay in .assent\n',
  );
});

test('what goes on over a restart is counted, and so are the instances that share it', () => {
  const kept = { ...local, store: 'redis://:***@store', instances: 3, waiting: { count: 1, isAll: true } };
  expect(formatBanner(kept, paintNothing)).toContain(
    [
      '  Data                   redis://:***@store, kept and shared there by 3 instances; certificates stay in .assent',
      '  Goes on with           1 request   npx assent requests --state pending',
      '  Tenant ',
    ].join('\n'),
  );
  const many = { ...local, waiting: { count: 1_000, isAll: false } };
  expect(formatBanner(many, paintNothing)).toContain('  Goes on with           1000 requests or more   npx');
});

test('a host name as issuer is shown apart from where the server listens, with what is still to do', () => {
  const banner = formatBanner(
    {
      ...local,
      assent: {
        ...local.assent,
        url: 'https://localhost:443',
        issuer: 'https://auth0.test/',
        pages: { approverApp: 'https://localhost:443/approve', sequence: undefined, console: undefined },
      },
      issuerResolves: false,
      configFile: 'assent.yaml',
      isInteractive: false,
    },
    paintNothing,
  );
  expect(banner).toMatchInlineSnapshot(`
    "
      assent 0.1.0   stand-in for Auth0 async authorization, not for production

      Authorization server   https://auth0.test
      Listens on             https://localhost:443
      Approver app           https://localhost:443/approve   open on this computer
      Approver on a phone    off; start with --host 0.0.0.0 to allow it
      Host name as issuer    auth0.test leads nowhere yet: echo "127.0.0.1 auth0.test" | sudo tee -a /etc/hosts
      Data                   memory, lost on exit; keys and certificates stay in .assent
      Tenant                 bank   3 people, 2 clients, 1 API   (assent.yaml)

      # for your agent
      AUTH0_DOMAIN=localhost:4443
      NODE_EXTRA_CA_CERTS=/home/ada/.assent/ca.pem

      Ready.  Try it:  npx assent ask "Pay 42 EUR to Grace"
    "
  `);
});

test('a tenant that answers by the standards is told apart', () => {
  const tenant = { ...local.assent.tenant, name: 'mine', profile: 'standard' as const };
  expect(formatBanner({ ...local, assent: { ...local.assent, tenant } }, paintNothing)).toContain(
    '  Tenant                 mine   3 people, 2 clients, 1 API, profile standard   ',
  );
});

test('a tenant that takes no transfer is not asked for one', () => {
  expect(formatBanner({ ...local, wish: 'TRY-1' }, paintNothing)).toContain(
    'Try it:  npx assent ask "TRY-1"  ',
  );
});

/** The same server, for the network. */
const open: BannerContent = {
  ...local,
  phone: {
    ...local.phone,
    host: '0.0.0.0',
    networkUrls: ['https://192.168.1.7:4443', 'https://172.17.0.1:4443'],
  },
};

/** What the banner says about phones. */
function phonePart(content: BannerContent): string {
  const banner = formatBanner(content, paintNothing);
  return banner.slice(banner.indexOf('  Approver on a phone'), banner.indexOf('  Host name as issuer'));
}

test('a server that the network can reach says where, who may answer now, and how a phone comes to trust it', () => {
  expect(phonePart(open)).toMatchInlineSnapshot(`
    "  Approver on a phone    https://192.168.1.7:4443/approve
        who can approve      whoever reaches that address, for everybody: there is no password
        make it trust this   http://192.168.1.7:4443/ca   and compare the SHA-256 there:
                             10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F
                             20:21:22:23:24:25:26:27:28:29:2A:2B:2C:2D:2E:2F
        other addresses      172.17.0.1 (docker0)
    "
  `);
});

test('what works on a phone is said once, and a code for its camera only to somebody in front of a wide terminal', () => {
  const said = (columns: number | undefined): string =>
    formatBanner({ ...open, phone: { ...open.phone, columns } }, paintNothing);
  for (const columns of [undefined, 30, 120])
    expect(said(columns)).toContain('Without the internet, requests appear while the page is open.');
  expect(said(undefined)).not.toContain('camera');
  expect(said(30)).not.toContain('▀');
  expect(said(120)).toContain('Point the phone’s camera here.');
  expect(formatBanner(local, paintNothing)).not.toContain('internet');
});

test('no phone is invited where it could do nothing', () => {
  const plain = { ...open, phone: { ...open.phone, fingerprint: undefined, columns: 120 } };
  expect(phonePart(plain)).toContain('no; over plain http no browser signs an answer. Start without --http');
  expect(formatBanner(plain, paintNothing)).not.toContain('camera');
  const alone = { ...open, phone: { ...open.phone, networkUrls: [], columns: 120 } };
  expect(phonePart(alone)).toContain('no; this computer is in no network');
});

test('a clock that was put forward before the restart is named, and one that never was is not', () => {
  const clock = { now: '2030-01-04T12:00:00.000Z', offset_ms: 72 * 3_600_000 };
  expect(formatBanner({ ...local, clock }, paintNothing)).toContain(
    '  Clock                  2030-01-04T12:00:00.000Z   put forward by 3 d\n',
  );
  expect(formatBanner({ ...local, clock: { ...clock, offset_ms: 0 } }, paintNothing)).not.toContain('Clock');
});

test('where clients are asked for a certificate, the banner says so', () => {
  const assent = { ...local.assent, mtlsUrl: 'https://localhost:4444' };
  expect(formatBanner({ ...local, assent }, paintNothing)).toContain(
    '  Mutual TLS             https://localhost:4444   asks clients for a certificate\n',
  );
});

test('for a tenant of the standards the agent is told no names of Auth0', () => {
  const assent = {
    ...local.assent,
    tenant: { ...local.assent.tenant, profile: 'standard' as const },
    env: { OIDC_ISSUER: 'https://localhost:4443/', ...local.assent.env },
  };
  const banner = formatBanner({ ...local, assent }, paintNothing);
  expect(banner).toContain('  OIDC_ISSUER=https://localhost:4443/\n  NODE_EXTRA_CA_CERTS=');
  expect(banner).not.toContain('AUTH0_DOMAIN');
});
