// What the teacher sees: every place with its progress, and a question before anything is taken away. Markup alone.
import { drawQrCode, html, type Markup, QR_STYLE } from '../pages/index.ts';
import type { Progress } from './progress.ts';
import { TEXTS } from './texts.ts';

export const TEACHER_STYLE = `
${QR_STYLE}.wide, body:has(.wide) > * { inline-size: min(84rem, 100%); }
.top { display: flex; flex-wrap: wrap; gap: 1rem; align-items: end; justify-content: space-between; }
.actions { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; }
.actions a { display: inline-grid; place-items: center; min-block-size: 2rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); gap: .75rem; }
.card { display: grid; gap: .375rem; grid-template-rows: auto auto auto 1fr auto; padding: .75rem 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: 14px; }
.card h2 { font-size: 1rem; font-weight: 620; color: var(--text); display: flex; gap: .5rem; align-items: baseline; }
.card h2 span { color: var(--text-3); font: .8125rem/1.35 var(--font-mono); flex: none; }
.card p { font-size: .875rem; line-height: 1.35; }
.counts { font-variant-numeric: tabular-nums; }
.card .last { color: var(--text-2); }
.part { display: grid; gap: .75rem; border-block-start: 1px solid var(--line); padding-block-start: 1.25rem; }
.invite { display: grid; gap: 1rem; justify-items: center; text-align: center; }
.invite .qr { inline-size: min(28rem, 100%); }
.invite b { font: 620 clamp(1.25rem, 5vw, 2.5rem)/1.2 var(--font-mono); }
.quiet { background: transparent; color: var(--accent); border-color: var(--line-strong); }
form { display: grid; gap: .75rem; }
`;

export interface PlaceCard {
  number: number;
  name: string | undefined;
  browsers: number;
  url: string;
  /** Undefined: the place does not answer. */
  progress: Progress | undefined;
}

export interface TeacherPageContent {
  places: readonly PlaceCard[];
  /** Where students join. */
  joinUrl: string;
  isFollowing: boolean;
}

export function teacherPage({ places, joinUrl, isFollowing }: TeacherPageContent): Markup {
  const { teacher } = TEXTS;
  const taken = places.filter(({ name }) => name !== undefined);
  const free = places.filter(({ name }) => name === undefined);
  return html`<div class="wide top"><div>
<h1>${teacher.title}</h1>
<p class="lead">${teacher.lead(taken.length, places.length)} ${teacher.joinAt} <a href="${joinUrl}">${joinUrl}</a> <a href="/invite">${teacher.show}</a></p>
</div>
<p class="actions">${isFollowing ? html`<a href="/teacher">${teacher.followOff}</a>` : html`<a href="/teacher?follow=yes">${teacher.followOn}</a>`}<a href="/teacher/reset">${teacher.resetAll}</a></p>
</div>
${taken.length === 0 ? html`<p>${teacher.nobody}</p>` : html`<ul class="cards">${taken.map(placeCard)}</ul>`}
${
  free.length > 0 &&
  html`<section class="part"><h2>${teacher.free}</h2><p class="actions">${free.map(({ number, url }) => html`<a href="${url}/approve/">${String(number)}<span class="vh">: ${TEXTS.place.approver}</span></a>`)}</p></section>`
}`;
}

function placeCard({ number, name = '', browsers, url, progress }: PlaceCard): Markup {
  const { teacher, place } = TEXTS;
  const of = html`<span class="vh"> <bdi>${name}</bdi></span>`;
  return html`<li class="card"><h2><span>${String(number)}</span><bdi>${name}</bdi></h2>
<p class="counts">${progress === undefined ? teacher.broken : teacher.counts(progress.pending, progress.approved, progress.denied, progress.expired)}${browsers > 1 && ` · ${teacher.browsers(browsers)}`}</p>
${progress?.lessons.map(({ done, steps, current }) => html`<p>${teacher.lesson(done, steps, current)}</p>`)}
<p class="last">${progress?.last === undefined ? teacher.nothing : html`<time datetime="${progress.last.at}">${timeText(progress.last.at)}</time> ${progress.last.text}`}</p>
<p class="actions"><a href="${url}/sequence">${place.sequence}${of}</a><a href="${url}/console">${place.console}${of}</a><a href="/teacher/places/${String(number)}/reset">${teacher.reset}${of}</a><a href="/teacher/places/${String(number)}/free">${teacher.freeOne}${of}</a></p></li>
`;
}

/** For a projector. */
export function invitePage(joinUrl: string, scannedUrl: string | undefined): Markup {
  return html`<div class="wide invite"><h1>${TEXTS.join.title}</h1>
<b>${joinUrl}</b>
${scannedUrl !== undefined && drawQrCode(scannedUrl, TEXTS.teacher.joinLabel)}</div>`;
}

export interface ConfirmPageContent {
  question: string;
  lead: string;
  action: string;
  button: string;
}

export function confirmPage({ question, lead, action, button }: ConfirmPageContent): Markup {
  return html`<div>
<h1>${question}</h1>
<p class="lead">${lead}</p>
</div>
<form method="post" action="${action}"><button class="btn">${button}</button></form>
<p class="other"><a href="/teacher">${TEXTS.confirm.back}</a></p>`;
}

export function enterPage(problem?: string): Markup {
  const { enter } = TEXTS;
  return html`<div>
<h1>${enter.title}</h1>
<p class="lead">${enter.lead}</p>
</div>
${problem !== undefined && html`<p class="note note--danger" role="alert" id="problem">${problem}</p>`}
<form method="post" action="/teacher/enter"><div class="fields"><div class="field">
<label for="token">${enter.token}</label>
<input id="token" name="token" type="password" autocomplete="off" required aria-describedby="token-hint${problem !== undefined && ' problem'}"${problem !== undefined && html` aria-invalid="true" autofocus`}>
<small id="token-hint">${enter.tokenHint}</small>
</div><button class="btn">${enter.submit}</button></div></form>`;
}

/** UTC: nobody knows the reader's time zone. */
function timeText(at: string): string {
  return `${at.slice(11, 19)} UTC`;
}
