// The request as its approver reads it behind the link of an e-mail: who, what, to whom; the code; every field in the order
// of the approver app, hidden ones too; the time; and last, below all that, the two answers. Works without scripts.
import type { Approval } from '../approvals/index.ts';
import {
  AUTH0_DETAIL_TYPE_PREFIX,
  type ConsentRow,
  type ConsentSection,
  type ConsentView,
} from '../contract/index.ts';
import { html, type Markup } from '../pages/index.ts';

export interface ConsentPageContent {
  approval: Approval;
  nowMs: number;
  form: ConsentForm;
  /** Why the page is shown again. */
  remark?: string | undefined;
}

export interface ConsentForm {
  action: string;
  /** Token of this session for this request. */
  csrf: string;
}

export const MOST_REASON_CHARACTERS = 255;

const REASONS = ['I did not ask for this', 'The details are wrong', 'I changed my mind'];

/** The type under which API and permissions stand; every other section is an authorization detail. */
const ACCESS = 'access';

/** Rails beyond this depth would leave no room for text; deeper rows state their level. */
const DEEPEST_RAIL = 4;

export function consentPage({ approval, nowMs, form, remark }: ConsentPageContent): Markup {
  const { consent } = approval;
  return html`${remark !== undefined && html`<p class="note note--danger" role="alert">${remark}</p>`}
${consentQuestion(consent)}
${bindingMessage(approval.bindingMessage)}
${consentSections(consent)}
<div class="when">
<p>Asked ${instant(approval.requestedAtMs)}. <b>${durationText(approval.expiresAtMs - nowMs)} left</b> when this page was opened: the request ends ${instant(approval.expiresAtMs)}. The agent can ask again.</p>
<p>Client <code>${approval.clientId}</code>, known to this tenant.</p>
</div>
${answers(approval, form)}`;
}

/** Who asks what of whom, and a word about kinds of requests that nobody has described. */
export function consentQuestion(consent: ConsentView): Markup {
  const details = detailsOf(consent);
  return html`${question(consent, details)}
${
  details.some(({ known }) => !known) &&
  html`<p class="note">This kind of request is new here: the tenant has no wording for it. Every value is listed as it was sent.</p>`
}`;
}

/** Every value, in the order of the approver app. */
export function consentSections(consent: ConsentView): Markup[] {
  const hasSeveral = detailsOf(consent).length > 1;
  return consent.sections.map((section) => sectionOf(section, consent.sections.length > 1, hasSeveral));
}

function detailsOf({ sections }: ConsentView): ConsentSection[] {
  return sections.filter(({ type }) => type !== ACCESS);
}

/** The same code stands on the screen where the request began. CIBA Core §7.1. */
function bindingMessage(text: string): Markup {
  if (text === '') {
    return html`<p class="note">No code came with this request, so there is nothing to compare. Approve only what you have just begun yourself.</p>`;
  }
  return html`<section class="match" aria-label="Code to compare"><span class="lbl">The same code must be on the other screen</span> <bdi class="code${[...text].length > 16 && ' code--long'}">${text}</bdi></section>`;
}

function question({ who, what, whom }: ConsentView, details: readonly ConsentSection[]): Markup {
  return html`<h1 class="ask"><span class="who"><bdi>${who}</bdi> ${leadIn(details)}</span> <span class="what${[...what].length > 20 && ' what--long'}"><bdi>${what}</bdi></span>${whom !== undefined && html` <span class="whom"><bdi>${whom}</bdi></span>`}</h1>`;
}

function leadIn([detail, ...others]: readonly ConsentSection[]): string {
  if (others.length > 0 || detail?.known === false) return 'asks for';
  return detail?.type.startsWith(AUTH0_DETAIL_TYPE_PREFIX) ? 'asks you to' : 'asks to';
}

function sectionOf(section: ConsentSection, hasTitle: boolean, isOneOfSeveral: boolean): Markup {
  const displayed = section.rows.filter((row) => !row.hidden);
  const carried = section.rows.filter((row) => row.hidden);
  return html`<section>
${hasTitle && html`<h2 class="h-sec"><bdi>${section.title}</bdi>${!section.known && html` <span class="tag">New here</span>`}</h2>`}
${isOneOfSeveral && section.instruction !== undefined && html`<p class="instruction"><bdi>${section.instruction}</bdi></p>`}
${displayed.length > 0 && rowsOf(displayed, 0)}
${
  carried.length > 0 &&
  html`<div class="carried"><p class="carried-head">Carried, not displayed</p>
${rowsOf(carried, 1)}
<p class="when">Guardian hides fields with <code>display: false</code>. Assent shows them, so nothing is approved unseen.</p></div>`
}
${section.may !== undefined && html`<p class="note">Granted here as it is asked: this page can strike nothing out and leaves open what is left open.</p>`}
</section>`;
}

function rowsOf(rows: readonly ConsentRow[], extraDepth: number): Markup {
  const groups: ConsentRow[][] = [];
  // A row without a label continues the one above: one term, several values.
  for (const row of rows) {
    const last = groups.at(-1);
    if (row.label === '' && last !== undefined) last.push(row);
    else groups.push([row]);
  }
  return html`<dl class="rows">
${groups.map((group) => rowOf(group, extraDepth))}</dl>`;
}

function rowOf(rows: readonly ConsentRow[], extraDepth: number): Markup {
  const [first] = rows;
  if (first === undefined) return html``;
  const depth = first.depth + extraDepth;
  const rails = String(Math.min(depth, DEEPEST_RAIL));
  return html`<div class="row row--${first.kind}" data-rails="${rails}"><dt><bdi>${first.label}</bdi>${depth > DEEPEST_RAIL && html`<small>level ${String(depth)}</small>`}</dt>${rows.map(
    (row) =>
      html`<dd>${valueText(row)}${row.note !== undefined && html`<small><bdi>${row.note}</bdi></small>`}</dd>`,
  )}</div>
`;
}

function valueText({ kind, value }: ConsentRow): Markup {
  switch (kind) {
    case 'text':
    case 'number':
    case 'boolean':
    case 'group':
      return html`<bdi>${value}</bdi>`;
    case 'code':
      return html`<bdi class="raw" dir="ltr">${value}</bdi>`;
    case 'empty':
      return html`<bdi class="raw">${value === '' ? '""' : value}</bdi>${value === '' && html`<small>empty text</small>`}${value === 'null' && html`<small>no value</small>`}`;
  }
}

/**
 * Two forms, so that nothing that is typed can approve. The disabled button is the default one of its form: Enter in the
 * field for a reason sends nothing. HTML Standard §4.10.22.2, implicit submission.
 */
function answers({ consentHash }: Approval, { action, csrf }: ConsentForm): Markup {
  const hidden = html`<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="consent_hash" value="${consentHash}">`;
  return html`<section class="decide" aria-label="Your decision">
<form method="post" action="${action}" id="deny">${hidden}<button disabled hidden></button>
<details><summary>Give a reason for denying</summary>
<fieldset><legend class="vh">Reason</legend>
${REASONS.map((reason) => html`<label class="reason"><input type="radio" name="reason" value="${reason}"> ${reason}</label>\n`)}
<div class="field"><label for="own-reason">In your own words</label><input id="own-reason" name="own_reason" maxlength="${String(MOST_REASON_CHARACTERS)}" autocomplete="off"></div>
</fieldset>
</details>
</form>
<form method="post" action="${action}" id="approve">${hidden}</form>
<div class="pair"><button class="choice choice--deny" form="deny" name="action" value="deny">Deny</button><button class="choice choice--approve" form="approve" name="action" value="approve">Approve</button></div>
<p class="when">Closing this page decides nothing.</p>
</section>`;
}

/** A time that every reader can place: nobody knows the reader's time zone. */
export function instant(atMs: number): Markup {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  const date = new Date(atMs);
  return html`<time datetime="${date.toISOString()}">${format.format(date)} UTC</time>`;
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** "2 hours 30 minutes"; nothing is shorter than a second. */
function durationText(ms: number): string {
  let rest = Math.max(1, Math.round(ms / 1000));
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) parts.push(`${amount} ${unit}${amount === 1 ? '' : 's'}`);
  }
  return parts.slice(0, 2).join(' ');
}
