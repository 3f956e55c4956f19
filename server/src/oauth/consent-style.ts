// How a request and its outcome look behind the link of an e-mail: the request screen of the approver app, without scripts.
// Fixed text, beside PAGE_STYLE, whose colours it extends.

const DARK = `
  --approve: #83dcb0; --on-approve: #04170d; --deny: #ffb0a6; --on-deny: #2b0604;
  --expired: #b6bfc1; --pending: #f0c26d; --pending-soft: #38290b;`;

export const CONSENT_STYLE = `
:root {
  --approve: #0a5a39; --on-approve: #ffffff; --deny: #951d19; --on-deny: #ffffff;
  --expired: #4d555a; --pending: #744700; --pending-soft: #f8ebcf;
}
@media (prefers-color-scheme: dark) { :root {${DARK}
} }

.ask { font-weight: 400; letter-spacing: 0; }
.ask span { display: block; }
.ask .who { font-size: 1.125rem; line-height: 1.35; color: var(--text-2); }
.ask .what { font-size: clamp(1.75rem, 9vw, 2.5rem); line-height: 1.14; font-weight: 620; letter-spacing: -.028em; margin-block-start: .25rem; text-wrap: balance; }
.ask .what--long { font-size: clamp(1.25rem, 6.4vw, 1.625rem); letter-spacing: -.015em; }
.ask .whom { font-size: 1.375rem; line-height: 1.2; font-weight: 500; letter-spacing: -.018em; }
.what--long ~ .whom { font-size: 1.125rem; line-height: 1.35; }

.match { padding: .75rem 1rem 1rem; text-align: center; background: var(--surface); border: 1.5px solid var(--text); border-radius: 8px; }
.match .lbl { display: block; font-size: .875rem; color: var(--text-2); text-wrap: balance; }
.match .code { display: block; font: 620 1.75rem/1.25 var(--font-mono); letter-spacing: .06em; white-space: pre-wrap; margin-block-start: 2px; }
.match .code--long { font-size: 1.125rem; line-height: 1.4; letter-spacing: 0; }

.h-sec { margin-block-end: .5rem; }
.tag { display: inline-block; padding: 0 .5rem; border-radius: 999px; background: var(--pending-soft); color: var(--pending); font-size: .8125rem; }
.instruction { font-weight: 500; margin-block-end: .5rem; }
.rows { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.row {
  --rails: 0; position: relative; display: grid; grid-template-columns: minmax(5.5rem, 30%) minmax(0, 1fr);
  column-gap: .75rem; padding: .6875rem 1rem; line-height: 1.35;
}
.row + .row { border-block-start: 1px solid var(--line); }
.row dt { color: var(--text-2); font-size: .875rem; line-height: 1.55; padding-inline-start: calc(var(--rails) * 1rem); }
.row dd { grid-column: 2; font-weight: 500; font-variant-numeric: tabular-nums; white-space: pre-wrap; }
.row dd + dd { margin-block-start: .5rem; }
.row small { display: block; font-weight: 400; font-size: .8125rem; color: var(--text-2); }
.row--group dt { font-weight: 500; color: var(--text); }
.row--group dd { font-weight: 400; font-size: .8125rem; color: var(--text-2); text-align: end; }
.row[data-rails="1"] { --rails: 1; }
.row[data-rails="2"] { --rails: 2; }
.row[data-rails="3"] { --rails: 3; }
.row[data-rails="4"] { --rails: 4; }
.row::before {
  content: ""; position: absolute; inset-block: 0; inset-inline-start: 1rem; inline-size: calc(var(--rails) * 1rem);
  background: repeating-linear-gradient(to right, var(--line-strong) 0 2px, transparent 2px 1rem);
}
.row[data-rails="3"], .row[data-rails="4"] { grid-template-columns: minmax(0, 1fr); }
.row[data-rails="3"] dd, .row[data-rails="4"] dd { grid-column: 1; padding-inline-start: calc(var(--rails) * 1rem); }
.raw { font-family: var(--font-mono); font-size: .9375rem; font-weight: 400; }
.carried { margin-block-start: .75rem; }
.carried-head { font-size: .875rem; font-weight: 500; margin-block-end: .5rem; }
.when { font-size: .8125rem; line-height: 1.5; color: var(--text-2); }
.rows + .when { margin-block-start: .5rem; }

.decide { display: grid; gap: .75rem; border-block-start: 1px solid var(--line); padding-block-start: 1rem; }
.decide form:empty { display: none; }
.decide summary { min-block-size: var(--target); display: flex; align-items: center; color: var(--accent); cursor: pointer; }
.decide fieldset { display: grid; gap: .25rem; min-inline-size: 0; }
.reason { display: flex; align-items: center; gap: .75rem; min-block-size: var(--target); }
.reason input { inline-size: 1.25rem; block-size: 1.25rem; accent-color: var(--accent); }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
.choice { min-block-size: 3.5rem; border: 2px solid transparent; border-radius: 8px; font-size: 1.125rem; font-weight: 620; }
.choice--deny { background: var(--deny); color: var(--on-deny); }
.choice--approve { background: var(--approve); color: var(--on-approve); }

.sign { inline-size: 88px; block-size: 72px; margin-inline-start: -6px; fill: none; stroke: currentColor; stroke-linecap: round; stroke-linejoin: round; }
.sign-line { stroke: var(--line-strong); stroke-width: 2; }
.sign--approve { color: var(--approve); }
.sign--deny { color: var(--deny); }
.sign--expired { color: var(--expired); }
.result { font-size: 2rem; line-height: 1.15; letter-spacing: -.025em; margin-block-start: .75rem; }
.next { border-block-start: 1px solid var(--line); padding-block-start: 1rem; }
.next h2 { font-weight: 620; margin-block-end: .5rem; }
.next ol { margin: 0; padding-inline-start: 1.5rem; }
.next li { line-height: 1.45; padding-inline-start: .25rem; }
.next li::marker { font: 500 .875rem var(--font-mono); color: var(--text-3); }
.next li + li { margin-block-start: .5rem; }
`;
