// What became of the request of an e-mail, and what happens now; that it is over; that it is for somebody else.
import type { Approval } from '../approvals/index.ts';
import type { UserConfig } from '../contract/index.ts';
import { html, type Markup } from '../pages/index.ts';
import { type ConsentForm, instant } from './consent-page.ts';

export interface ConsentOutcome {
  approval: Approval;
  /** The reader has just answered a request that was answered before. */
  isTooLate: boolean;
  /** Where a link leads from here. */
  resultUrl: string | undefined;
}

export function consentOutcomePage({ approval, isTooLate, resultUrl }: ConsentOutcome): Markup {
  const { decision, consent } = approval;
  const isApproved = decision?.outcome === 'approved';
  const isFromHere = decision?.from === 'e-mail link';
  const heading = isFromHere
    ? `You ${isApproved ? 'approved' : 'denied'}`
    : `Already ${isApproved ? 'approved' : 'denied'}`;
  return html`${isTooLate && html`<p class="note note--danger" role="alert">This was answered before. The first answer stands, and nothing has changed.</p>`}
<div>
${sign(isApproved ? 'approve' : 'deny')}
<h1 class="result">${heading}</h1>
<p class="lead"><bdi>${consent.summary}</bdi></p>
</div>
<dl class="rows">
${approval.bindingMessage !== '' && html`<div class="row"><dt>Code</dt><dd><bdi class="raw">${approval.bindingMessage}</bdi></dd></div>`}
${decision?.reason !== undefined && html`<div class="row"><dt>Reason</dt><dd><bdi>${decision.reason}</bdi></dd></div>`}
${decision !== undefined && html`<div class="row"><dt>Decided</dt><dd>${instant(decision.atMs)}<small>${whence(decision)}</small></dd></div>`}
<div class="row"><dt>Client</dt><dd><bdi>${approval.clientName}</bdi></dd></div>
</dl>
${nextSteps(consequences(approval))}
${resultUrl !== undefined && html`<p class="other"><a href="${resultUrl}">Continue</a></p>`}`;
}

function whence({ from, device, rule }: NonNullable<Approval['decision']>): Markup | string {
  if (rule !== undefined) return html`nobody decided, but the rule <bdi>${rule}</bdi>`;
  return device === undefined ? from : html`${from}, <bdi>${device}</bdi>`;
}

function consequences({ state, decision }: Approval): readonly string[] {
  if (decision?.outcome !== 'approved') {
    return [
      'The agent’s next poll receives access_denied. No token is issued.',
      'You can close this page. The link answers nothing more.',
    ];
  }
  return [
    state === 'redeemed'
      ? 'The agent has its access token, which carries exactly these details.'
      : 'The agent’s next poll receives an access token that carries exactly these details.',
    'This cannot be undone: the agent may already hold the token.',
    'You can close this page. The link answers nothing more.',
  ];
}

/** The request has ended, or only its link has. */
export function consentEndedPage(approval: Approval): Markup {
  const isExpired = approval.state === 'expired';
  return html`<div>
${sign('expired')}
<h1 class="result">${isExpired ? 'The request is over' : 'The link is over'}</h1>
<p class="lead">Nothing was approved: <bdi>${approval.consent.summary}</bdi></p>
</div>
${
  isExpired
    ? nextSteps([
        'The agent’s next poll receives access_denied, the same answer as a denial.',
        'The agent can ask again. You would get a new message.',
      ])
    : html`<p class="note">The request itself waits until ${instant(approval.expiresAtMs)}, but this link does not answer it any more.</p>`
}`;
}

export function otherPersonPage({ action, csrf }: ConsentForm, user: UserConfig | undefined): Markup {
  return html`<div>
<h1>This is for somebody else</h1>
<p class="lead">${user ? html`You are logged in as <bdi>${user.name}</bdi>${user.email !== undefined && html` (<bdi>${user.email}</bdi>)`}, and the request` : 'The request'} was sent to another person. Only that person can read and answer it. Nothing was decided.</p>
</div>
<form method="post" action="${action}"><input type="hidden" name="csrf" value="${csrf}"><button class="btn" name="action" value="logout">Log out and try again</button></form>`;
}

function nextSteps(steps: readonly string[]): Markup {
  return html`<section class="next"><h2>What happens now</h2>
<ol>${steps.map((step) => html`<li><span>${step}</span></li>\n`)}</ol>
</section>`;
}

const SIGNS = {
  approve: { path: 'M14 37c5-3 9-.6 13 7 3.4 6.5 6 9.5 8.8 4.3C45 31 56 17 74 5', width: '7' },
  deny: { path: 'M28 14l32 34M60 14 28 48', width: '7' },
  expired: { path: 'M14 62v-10M26 62v-10M38 62v-10M50 62v-10M62 62v-10M74 62v-10', width: '4' },
} as const;

function sign(tone: keyof typeof SIGNS): Markup {
  const { path, width } = SIGNS[tone];
  return html`<svg class="sign sign--${tone}" viewBox="0 0 88 72" aria-hidden="true"><path class="sign-line" d="M6 62h76"/><path d="${path}" stroke-width="${width}"/></svg>`;
}
