// What students see: the way in, and their place. Markup alone; the routes decide.
import { drawQrCode, html, type Markup, QR_STYLE } from '../pages/index.ts';
import { LONGEST_NAME } from './seating.ts';
import { TEXTS } from './texts.ts';

export const STUDENT_STYLE = `
${QR_STYLE}.part { display: grid; gap: .75rem; border-block-start: 1px solid var(--line); padding-block-start: 1.25rem; }
.part h2 { font-size: 1rem; font-weight: 620; color: var(--text); }
.env { margin: 0; padding: .75rem 1rem; border-radius: 8px; background: var(--surface-inset); font: .8125rem/1.6 var(--font-mono); white-space: pre-wrap; user-select: all; }
.ways { display: grid; gap: .5rem; }
.ways a { display: grid; min-block-size: 3.5rem; align-content: center; padding: .5rem 1rem; border: 1px solid var(--line-strong); border-radius: 8px; background: var(--surface); text-decoration: none; }
.ways a:hover { background: var(--accent-soft); }
.ways b { font-weight: 500; }
.ways small { color: var(--text-2); font-size: .8125rem; line-height: 1.35; }
.quiet { background: transparent; color: var(--accent); border-color: var(--line-strong); }
form { display: grid; gap: .75rem; }
`;

export interface JoinPageContent {
  free: number;
  all: number;
  /** Prepared names that nobody has taken. */
  names: readonly string[];
  typed?: string | undefined;
  problem?: string | undefined;
}

export function joinPage({ free, all, names, typed, problem }: JoinPageContent): Markup {
  const { join } = TEXTS;
  return html`<div>
<h1>${join.title}</h1>
<p class="lead">${join.lead}</p>
</div>
${problem !== undefined && html`<p class="note note--danger" role="alert" id="problem">${problem}</p>`}
${
  names.length > 0 &&
  html`<form method="post" action="/join"><h2 id="pick">${join.pick}</h2>
<div class="people" role="group" aria-labelledby="pick">${names.map((name) => html`<button class="person" name="name" value="${name}"><span class="tile" aria-hidden="true">${initial(name)}</span><b><bdi>${name}</bdi></b></button>`)}</div>
</form>`
}
<form method="post" action="/join">
<div class="fields">
<div class="field">
<label for="name">${names.length > 0 ? join.pickOther : join.name}</label>
<input id="name" name="name" autocomplete="name" required maxlength="${String(LONGEST_NAME)}" value="${typed ?? ''}" aria-describedby="name-hint${problem !== undefined && ' problem'}"${problem !== undefined && html` aria-invalid="true" autofocus`}>
<small id="name-hint">${join.nameHint}</small>
</div>
<button class="btn">${join.submit}</button>
</div>
</form>
<p class="lead">${free === 0 ? join.full : join.free(free, all)}</p>`;
}

/** @param other a name like it that nobody has; undefined where there is no place left for anybody else */
export function isThatYouPage(name: string, number: number, other: string | undefined): Markup {
  const { again } = TEXTS;
  return html`<div>
<h1>${again.title}</h1>
<p class="lead">${again.lead(name, number)}</p>
</div>
<form method="post" action="/join"><input type="hidden" name="name" value="${name}">
<button class="btn" name="back" value="yes">${again.yes}</button>
<p class="lead">${again.yesHint}</p></form>
${
  other !== undefined &&
  html`<form method="post" action="/join">
<button class="btn quiet" name="name" value="${other}">${again.no(other)}</button>
<p class="lead">${again.noHint}</p></form>`
}
<p class="other"><a href="/">${again.other}</a></p>`;
}

export interface PlacePageContent {
  name: string;
  number: number;
  /** Where the tenant is, without a slash at the end. */
  url: string;
  /** For a phone: where it learns to trust, and goes on to the app. Undefined where none reaches the class. */
  phoneUrl: string | undefined;
  env: Readonly<Record<string, string>>;
  /** How a program on another computer gets the authority; undefined on this one, where the file is at hand. */
  fetchCa: string | undefined;
  hasSecret: boolean;
}

export function placePage(content: PlacePageContent): Markup {
  const { name, number, url, phoneUrl, env, fetchCa, hasSecret } = content;
  const { place } = TEXTS;
  const way = (path: string, label: string, hint: string): Markup =>
    html`<a href="${url}${path}"><b>${label}</b><small>${hint}</small></a>`;
  return html`<div>
<h1><bdi>${place.title(name, number)}</bdi></h1>
<p class="lead">${place.lead}</p>
</div>
<section class="part"><h2>${place.open}</h2>
<div class="ways">${way('/approve/', place.approver, place.approverHint)}${way('/console/lessons', place.lessons, place.lessonsHint)}${way('/sequence', place.sequence, place.sequenceHint)}${way('/console', place.console, place.consoleHint)}</div>
</section>
<section class="part"><h2>${place.trust}</h2>
<p>${place.trustHint}</p>
<p><a href="/ca">${place.trustLink}</a></p>
</section>
<section class="part"><h2>${place.agent}</h2>
${fetchCa !== undefined && html`<p>${place.fetchCa}</p><pre class="env" tabindex="0">${fetchCa}</pre>`}
<p>${place.agentHint}</p>
<pre class="env" tabindex="0">${Object.entries(env)
    .map(([variable, value]) => `${variable}=${value}`)
    .join('\n')}</pre>
${hasSecret && html`<p class="note">${place.secret}</p>`}
</section>
<section class="part"><h2>${place.phone}</h2>
${phoneUrl === undefined ? html`<p class="note">${place.noPhone}</p>` : html`<p>${place.phoneHint}</p>${drawQrCode(phoneUrl, place.phoneLabel)}<p><code>${phoneUrl}</code></p>`}
</section>
<form class="part" method="post" action="/leave"><button class="btn quiet">${place.leave}</button>
<p class="lead">${place.leaveHint}</p></form>`;
}

function initial(name: string): string {
  return ([...name][0] ?? '').toUpperCase();
}
