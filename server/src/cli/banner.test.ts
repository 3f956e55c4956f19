import { expect, test } from 'vitest';
import { type BannerContent, formatBanner } from './banner.ts';
import { paintNothing } from './output.ts';

const local: BannerContent = {
  version: '0.1.0',
  assent: {
    url: 'https://localhost:4443',
    issuer: 'https://localhost:4443/',
    tenant: { name: 'bank', people: 3, clients: 2, apis: 1 },
    env: { AUTH0_DOMAIN: 'localhost:4443', NODE_EXTRA_CA_CERTS: '/home/ada/.assent/ca.pem' },
  },
  host: '127.0.0.1',
  networkAddress: '192.168.1.7',
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
      Approver on a phone    off; start with --host 192.168.1.7 to allow it
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

test('a data file is named, with what it does not hold', () => {
  expect(formatBanner({ ...local, dataFile: 'assent.db' }, paintNothing)).toContain(
    '  Data                   assent.db, kept on exit; certificates stay in .assent\n',
  );
});

test('a host name as issuer is shown apart from where the server listens, with what is still to do', () => {
  const banner = formatBanner(
    {
      ...local,
      assent: { ...local.assent, url: 'https://localhost:443', issuer: 'https://auth0.test/' },
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
      Approver on a phone    off; start with --host 192.168.1.7 to allow it
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

test('a server that the network can reach says who may answer now', () => {
  const open = {
    ...local,
    host: '192.168.1.7',
    assent: { ...local.assent, url: 'https://192.168.1.7:4443' },
  };
  expect(formatBanner(open, paintNothing)).toContain(
    'Approver on a phone    https://192.168.1.7:4443/approve   whoever reaches it can answer for everybody',
  );
  expect(formatBanner({ ...local, host: '0.0.0.0' }, paintNothing)).toContain(
    'Approver on a phone    on every address;',
  );
});
