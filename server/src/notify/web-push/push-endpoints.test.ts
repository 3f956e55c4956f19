import { describe, expect, test } from 'vitest';
import { FCM_HOSTS, FCM_TOKEN_PREFIX } from './fcm-imitation.ts';
import { PushEndpoints } from './push-endpoints.ts';

const own = { origin: 'https://auth0.test', connectTo: 'https://localhost:4443', ca: 'CA' };

describe('endpoints of public push services', () => {
  const endpoints = new PushEndpoints({ own });

  test.each([
    'https://fcm.googleapis.com/fcm/send/abc:def?x=1',
    'https://jmt17.google.com/fcm/send/abc',
    'https://updates.push.services.mozilla.com/wpush/v2/abc',
    'https://eu.push.services.mozilla.com/wpush/v2/abc',
    'https://web.push.apple.com/QABC',
    'https://wns2-par02p.notify.windows.com/w/?token=abc',
  ])('%s is let through as it is', (endpoint) => {
    const route = endpoints.route(endpoint);
    expect(route.allowed && [route.url.href, route.ca]).toEqual([endpoint, undefined]);
  });

  test.each([
    'http://fcm.googleapis.com/fcm/send/abc',
    'https://fcm.googleapis.com:8443/fcm/send/abc',
    'https://user@fcm.googleapis.com/fcm/send/abc',
    'https://fcm.googleapis.com.evil.example/abc',
    'https://evil.example/fcm.googleapis.com',
    'https://evilpush.apple.com/abc',
    'https://evil.example#.push.apple.com',
    'https://127.0.0.1/abc',
    'https://[::1]/abc',
    'https://localhost/abc',
    'https://localhost:4443/push/send/abc',
    'https://192.168.0.1/abc',
    'https://169.254.169.254/latest/meta-data',
    'https://2130706433/abc',
    'file:///etc/passwd',
    'not a url',
    '',
  ])('%s is refused', (endpoint) => {
    expect(endpoints.route(endpoint)).toEqual({ allowed: false, why: expect.any(String) });
  });

  test('a refusal does not repeat the path, which is a secret', () => {
    const route = endpoints.route('https://evil.example/secret-token?secret=1');
    expect(route).toEqual({ allowed: false, why: 'evil.example is not the host of a known push service.' });
  });
});

describe('endpoints of our own push service', () => {
  const endpoints = new PushEndpoints({ own });

  test('are reached where it listens, with the certificate of that place', () => {
    const route = endpoints.route('https://auth0.test/push/send/abc123');
    expect(route.allowed && [route.url.href, route.ca]).toEqual([
      'https://localhost:4443/push/send/abc123',
      'CA',
    ]);
  });

  test.each([
    'https://auth0.test/control/requests',
    'https://auth0.test/push/send/abc/../../control',
    'https://auth0.test/push/send/',
    'https://auth0.test/push/send/a%2Fb',
  ])('%s is not one: nothing else of ours is called this way', (endpoint) => {
    expect(endpoints.route(endpoint).allowed).toBe(false);
  });
});

describe("endpoints at the hosts of Google's push", () => {
  const endpoints = new PushEndpoints({ own, imitated: { hosts: FCM_HOSTS, tokenPrefix: FCM_TOKEN_PREFIX } });

  test.each(['https://fcm.googleapis.com/fcm/send/assent_abc', 'https://jmt17.google.com/wp/assent_abc'])(
    '%s has a token of ours and leads to the imitation',
    (endpoint) => {
      const route = endpoints.route(endpoint);
      expect(route.allowed && route.url.href).toBe('https://localhost:4443/push/send/assent_abc');
    },
  );

  test.each(['https://fcm.googleapis.com/fcm/send/abc:APA91b', 'https://jmt17.google.com/wp/assent_/abc'])(
    '%s has a token of Google’s and leads there',
    (endpoint) => {
      const route = endpoints.route(endpoint);
      expect(route.allowed && route.url.href).toBe(endpoint);
    },
  );

  test('a token of ours with anything in it that is none leads nowhere', () => {
    expect(endpoints.route('https://fcm.googleapis.com/fcm/send/assent_..%2f').allowed).toBe(false);
  });
});

test('further hosts are let through by name, by domain and by port', () => {
  const endpoints = new PushEndpoints({ own, extraHosts: () => ['push.test:8443', '*.example.net'] });
  expect(endpoints.route('https://push.test:8443/abc').allowed).toBe(true);
  expect(endpoints.route('https://push.test/abc').allowed).toBe(false);
  expect(endpoints.route('https://a.b.example.net/abc').allowed).toBe(true);
  expect(endpoints.route('https://example.net/abc').allowed).toBe(false);
  expect(endpoints.route('http://a.example.net/abc').allowed).toBe(false);
});
