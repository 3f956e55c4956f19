// Words the e-mail: who asks, what for, the code, one link, and when it ends. No details beyond the summary, and nothing
// that opens anything without a login. What clients wrote is one line of text, whatever it looked like.
import type { Approval } from '../../approvals/index.ts';
import { linkEndsAtMs } from '../../approvals/index.ts';
import type { EmailConfig } from '../../contract/index.ts';
import { type MailVariables, renderHtml, renderText } from '../../liquid.ts';

export interface MailMessage {
  from: string;
  to: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
  /** The address in it. */
  link: string;
  /** The request that it is about. */
  approval?: Pick<Approval, 'id' | 'name'>;
}

export interface MessageSource {
  readonly config: EmailConfig;
  /** With a slash at the end. */
  readonly issuer: string;
  /** What people call the tenant. */
  readonly owner: string;
}

/** @throws when the tenant's template fails on these values */
export function writeMessage(source: MessageSource, approval: Approval, address: string): MailMessage {
  const { template, from } = source.config;
  const link = `${source.issuer}bc-verify?consent=${approval.consentId}`;
  const variables: MailVariables = {
    application: { name: oneLine(approval.clientName, 80) },
    url: link,
    binding_message: oneLine(approval.bindingMessage, 64),
    summary: oneLine(approval.consent.summary, 160),
    expires_at: instantText(linkEndsAtMs(approval, template.urlLifetimeInSeconds)),
    friendly_name: oneLine(source.owner, 80),
    user: { name: oneLine(approval.userName, 80) },
  };
  return {
    from: template.from ?? from,
    to: { name: variables.user.name, address },
    subject: oneLine(withoutLooseEnd(renderText(template.subject, variables), approval), 200),
    text: renderText(TEXT, variables),
    html: renderHtml(template.body ?? HTML, variables),
    link,
    approval: { id: approval.id, name: approval.name },
  };
}

/** The usual subject ends with the code; of a request without one a colon would be left. */
function withoutLooseEnd(subject: string, { bindingMessage }: Approval): string {
  return bindingMessage === '' ? subject.replace(/[\s:]+$/, '') : subject;
}

const TEXT = `{{ application.name }} asks for your approval:

  {{ summary }}

{% if binding_message != '' %}Request code: {{ binding_message }}

{% endif %}Read the request, then approve or deny it:
{{ url }}

Opening the link decides nothing. It works until {{ expires_at }}, once, and only for you: you may have to log in.
If you did not expect this message, deny the request or let it end.

{{ friendly_name }}
`;

const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{ application.name }} asks for your approval</title>
</head>
<body style="margin: 0 auto; max-width: 32rem; padding: 1.5rem; font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere">
<p style="margin: 0"><bdi>{{ application.name }}</bdi> asks for your approval:</p>
<p style="margin: 4px 0 24px; font-size: 22px; line-height: 1.2; font-weight: 600"><bdi>{{ summary }}</bdi></p>
{% if binding_message != '' %}<p style="margin: 0">Request code</p>
<p style="margin: 0 0 24px; font: 600 24px/1.3 ui-monospace, monospace"><bdi>{{ binding_message }}</bdi></p>
{% endif %}<p style="margin: 0 0 24px"><a href="{{ url }}">Read the request</a></p>
<p style="margin: 0">Opening the link decides nothing. It works until {{ expires_at }}, once, and only for you: you may have to log in. If you did not expect this message, deny the request or let it end.</p>
<p style="margin: 24px 0 0">{{ friendly_name }}</p>
</body>
</html>
`;

/**
 * One line without control and formatting characters (which could reorder or hide text), and without anything that a mail
 * program would turn into a link of its own: a word joiner keeps `://` and the dots of host names apart.
 */
export function oneLine(text: string, longest: number): string {
  const characters = [
    ...text
      .replaceAll(/\s+/gu, ' ')
      .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
      .trim(),
  ];
  const line =
    characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : characters.join('');
  return line.replaceAll(/:\/\/|@|\.(?=\p{L}{2})/gu, '$&\u2060');
}

/** `22 November 2026 at 12:09 UTC`. Nobody knows the reader's time zone. */
export function instantText(atMs: number): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(new Date(atMs))} UTC`;
}
