// /guardian/enroll, where the link of an enrolment ticket leads: a way into the approver app for this browser, and a QR code
// for another phone. Looking changes nothing; the ticket is spent by the device that enrols. auth0: Guardian enrolment.

import type { Context } from 'koa';
import { barcodeUri } from '../guardian/index.ts';
import { isLoopback } from '../network-addresses.ts';
import { drawQrCode, html, type Markup, prefersPage, QR_STYLE, sendPage } from '../pages/index.ts';
import { Problem } from '../problem.ts';
import type { Route } from '../routes.ts';
import type { Tenant, Ticket } from '../tenant/index.ts';
import { type Reach, wayForOthers } from './reach.ts';

const ENROLMENT_PATH = '/guardian/enroll';

const STYLE = `
.part { display: grid; gap: .75rem; border-block-start: 1px solid var(--line); padding-block-start: 1.25rem; }
.part h2 { font-size: 1rem; font-weight: 620; color: var(--text); }
.btn { inline-size: 100%; min-block-size: 3.25rem; }
${QR_STYLE}.code { font: 620 1.25rem/1.3 var(--font-mono); letter-spacing: .08em; }
.link code { display: block; padding: .625rem .75rem; border-radius: 8px; background: var(--surface-inset); user-select: all; font-size: .8125rem; }
details { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
summary { min-block-size: var(--target); padding: .625rem 1rem; font-weight: 500; cursor: pointer; }
.inside { display: grid; gap: .75rem; padding: .25rem 1rem 1rem; }
`;

export function enrolmentRoutes(tenant: Tenant, reach: Reach): Route[] {
  return [
    {
      method: 'GET',
      path: ENROLMENT_PATH,
      purpose: 'enrol a device with a ticket',
      answer: async (ctx) => {
        const id = ctx.query['ticket'];
        const ticket = typeof id === 'string' ? await tenant.tickets.find(id) : undefined;
        const user = ticket && tenant.directory.user(ticket.userId);
        if (user) showTicket(ctx, tenant, reach, ticket, user.name);
        else refuseTicket(ctx, tenant);
      },
    },
  ];
}

function showTicket(ctx: Context, tenant: Tenant, reach: Reach, ticket: Ticket, name: string): void {
  const { origin, trustUrl } = wayForOthers(ctx, tenant, reach);
  // Behind "#", where no log sees it; the app takes it from the address bar at once.
  const path = `/approve/#ticket=${ticket.id}`;
  const link = `${origin}${path}`;
  sendPage(ctx, 200, {
    title: 'Enrol a device',
    owner: tenant.displayName,
    style: STYLE,
    content: html`<div>
<h1>Enrol a device for <bdi>${name}</bdi></h1>
<p class="lead">The device is then asked when an agent needs the approval of <bdi>${name}</bdi>. This link works once, until ${instantText(ticket.expiresAtMs)}.</p>
</div>
<a class="btn" href="${path}">Enrol this browser</a>
<section class="part"><h2>Or another phone</h2>
${isLoopback(new URL(origin).hostname) ? onThisComputerAlone(new URL(origin).host) : forPhone({ link, name, code: ticket.code, trustUrl })}
<p class="link">To open it by hand:<code>${link}</code></p>
</section>
<details><summary>An app that uses the Guardian SDK</summary><div class="inside">
<p>Its camera reads this code, or it takes the text below.</p>
${drawQrCode(barcodeUri(tenant, ticket), 'Enrolment for an app with the Guardian SDK as a QR code')}
<p class="link"><code>${barcodeUri(tenant, ticket)}</code></p>
</div></details>`,
  });
}

function forPhone(parts: { link: string; name: string; code: string; trustUrl: string | undefined }): Markup {
  const { link, name, code, trustUrl } = parts;
  return html`${trustUrl !== undefined && html`<p class="note">First, that phone must trust this server: open ${trustUrl} on it.</p>`}
<p>Point its camera at this code. The phone must then say <bdi>${name}</bdi> and <span class="code">${code}</span>.</p>
${drawQrCode(link, 'Enrolment link as a QR code')}`;
}

function onThisComputerAlone(host: string): Markup {
  return html`<p class="note">No phone can reach <code>${host}</code>: it is this computer alone. Start Assent with <code>--host 0.0.0.0</code>, and this page shows a QR code. The link below enrols another browser here.</p>`;
}

function refuseTicket(ctx: Context, tenant: Tenant): void {
  const happened = 'It was used already, it has ended after five days, or it is not complete.';
  if (!prefersPage(ctx)) {
    throw new Problem('not_found', `This ticket enrols nobody any more. ${happened}`, {
      status: 404,
      hint: 'Ask for a new one: POST /api/v2/guardian/enrollments/ticket.',
    });
  }
  sendPage(ctx, 404, {
    title: 'This link enrols nobody any more',
    owner: tenant.displayName,
    style: STYLE,
    content: html`<div>
<h1>This link enrols nobody any more</h1>
<p class="lead">${happened}</p>
</div>
<p class="note">If this browser was enrolled by it, open the approver app. Otherwise go back to where you got the link and ask for a new one.</p>
<a class="btn" href="/approve">Open the approver app</a>`,
  });
}

/** `27 November 2026 at 12:09 UTC`. Nobody knows the reader's time zone. */
function instantText(atMs: number): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(new Date(atMs))} UTC`;
}
