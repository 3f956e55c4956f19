// Words the e-mail that invites somebody to enrol a device: for whom, where, until when. auth0: Guardian enrolment e-mail.
import { renderHtml, renderText } from '../../liquid.ts';
import { instantText, type MailMessage, type MessageSource, oneLine } from './message.ts';

export interface Invitation {
  userName: string;
  address: string;
  /** Whoever opens it can enrol a device, so it goes into the message and nowhere else. */
  link: string;
  expiresAtMs: number;
}

export function writeInvitation(
  { config, owner }: Pick<MessageSource, 'config' | 'owner'>,
  { userName, address, link, expiresAtMs }: Invitation,
): MailMessage {
  const variables = {
    name: oneLine(userName, 80),
    tenant: oneLine(owner, 80),
    url: link,
    ends: instantText(expiresAtMs),
  };
  return {
    from: config.template.from ?? config.from,
    to: { name: variables.name, address },
    subject: renderText(SUBJECT, variables),
    text: renderText(TEXT, variables),
    html: renderHtml(HTML, variables),
    link,
  };
}

const SUBJECT = 'Enrol a device at {{ tenant }}';

const TEXT = `Hello {{ name }},

{{ tenant }} asks you to enrol a device: the browser or phone on which you approve or deny what agents ask in your name.

{{ url }}

The link works once, until {{ ends }}. Whoever opens it can answer for you, so do not pass it on.
If you did not expect this message, leave the link alone.

{{ tenant }}
`;

const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Enrol a device at {{ tenant }}</title>
</head>
<body style="margin: 0 auto; max-width: 32rem; padding: 1.5rem; font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere">
<p style="margin: 0 0 16px">Hello <bdi>{{ name }}</bdi>,</p>
<p style="margin: 0 0 24px"><bdi>{{ tenant }}</bdi> asks you to enrol a device: the browser or phone on which you approve or deny what agents ask in your name.</p>
<p style="margin: 0 0 24px"><a href="{{ url }}">Enrol a device</a></p>
<p style="margin: 0">The link works once, until {{ ends }}. Whoever opens it can answer for you, so do not pass it on. If you did not expect this message, leave the link alone.</p>
<p style="margin: 24px 0 0"><bdi>{{ tenant }}</bdi></p>
</body>
</html>
`;
