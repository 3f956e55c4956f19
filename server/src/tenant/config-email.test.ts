// Mistakes in the e-mail part of a tenant file are told before anything starts, not when the first message must be sent.
import { describe, expect, test } from 'vitest';
import type { TenantConfigInput } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { checkConfig } from './config-check.ts';

type Template = NonNullable<NonNullable<TenantConfigInput['email']>['template']>;

function findingsOf(email: unknown): readonly string[] {
  try {
    checkConfig({ email });
    return [];
  } catch (error) {
    if (error instanceof Problem) return error.findings.map((finding) => finding.replace(/^config {2}/, ''));
    throw error;
  }
}

describe('a template', () => {
  test.each<[string, Template]>([
    ['of Auth0’s variables', { body: '<a href="{{ url }}">{{ application.name }} {{binding_message}}</a>' }],
    [
      'with conditions',
      { body: '{% if application %}{{ application["name"] | upcase }}{% endif %}{{ url }}' },
    ],
    ['with variables of its own', { body: '{% assign link = url %}{{ link }}', subject: '{{ user.name }}' }],
    [
      'as Auth0’s Management API has it',
      {
        template: 'async_approval',
        body: '{{ url }}',
        from: 'Bank <bank@example.com>',
        subject: 'Approve',
        syntax: 'liquid',
        resultUrl: 'https://bank.example/done',
        urlLifetimeInSeconds: 432_000,
        enabled: true,
      },
    ],
  ])('%s is taken', (_what, template) => {
    expect(findingsOf({ template })).toEqual([]);
  });

  test.each<[string, Template, string]>([
    [
      'an open tag',
      { body: '{{ url }}{% if url %}' },
      'email.template.body  expected Liquid, but tag {% if url %} not closed',
    ],
    [
      'an open output',
      { body: '{{ url' },
      'email.template.body  expected Liquid, but output "{{ url" not closed',
    ],
    [
      'an unknown tag',
      { body: '{% hurry %}{{ url }}' },
      'email.template.body  expected Liquid, but tag "hurry" not found',
    ],
    [
      'an unknown filter',
      { subject: '{{ url | shout }}' },
      'email.template.subject  expected Liquid, but undefined filter: shout',
    ],
    [
      'another template',
      { body: "{{ url }}{% render '/etc/passwd' %}" },
      'email.template.body  expected Liquid, but ENOENT',
    ],
    [
      'an unknown variable',
      { body: '{{ url }} {{ application.nmae }}' },
      'email.template.body  received {{ application.nmae }}, expected one of application.name, url, ',
    ],
    [
      'no link',
      { body: 'Hello {{ application.name }}' },
      'email.template.body  has no {{ url }}, without which nobody can open the request.',
    ],
  ])('with %s is refused', (_what, template, finding) => {
    const [found, ...others] = findingsOf({ template });
    expect(found).toContain(finding);
    expect(others).toEqual([]);
  });

  test('with a near miss gets a suggestion', () => {
    const [finding] = findingsOf({ template: { subject: '{{ binding_mesage }}' } });
    expect(finding).toContain('Did you mean {{ binding_message }}?');
  });
});

test('a sender, a server and a return address must be usable', () => {
  expect(
    findingsOf({
      from: 'nobody',
      provider: { host: 'mail.example', port: 0, user: 'ada' },
      template: { resultUrl: 'javascript:alert(1)' },
    }),
  ).toEqual([
    'email.provider.port  received 0, expected at least 1.',
    'email.from  received "nobody", expected an address such as "Bank <bank@example.com>".',
    'email.template.resultUrl  received "javascript:alert(1)", expected an address that begins with http:// or https://.',
    'email.provider.password  is missing, the user needs one.',
  ]);
});

test('a password is never repeated', () => {
  const findings = findingsOf({ provider: { host: 'h', password: 1234567, user: 'ada' } });
  expect(findings.join()).not.toContain('1234567');
});
