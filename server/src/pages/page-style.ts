// How these pages look: the tokens of the approver app, as far as they are needed here. No pictures, no
// fonts, no scripts. The text is fixed, so that the pages can name its hash in their content security policy.

const DARK = `
  color-scheme: dark;
  --canvas: #0e1213; --surface: #161b1d; --surface-inset: #1f2628;
  --line: #2d3538; --line-strong: #7b868a;
  --text: #eef1ef; --text-2: #c3cac9; --text-3: #a0a9a9;
  --accent: #a9bdff; --accent-soft: #222c4b; --on-accent: #0b1331;
  --danger: #ffb184; --danger-soft: #42200b;`;

export const PAGE_STYLE = `
:root {
  color-scheme: light;
  --canvas: #f2f3f0; --surface: #ffffff; --surface-inset: #eaece8;
  --line: #d5d9d3; --line-strong: #7d857f;
  --text: #12181a; --text-2: #3f474a; --text-3: #5a6265;
  --accent: #1f3d99; --accent-soft: #e3e9f8; --on-accent: #ffffff;
  --danger: #8f3300; --danger-soft: #fce6d8;
  --font-ui: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --font-mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace;
  --gutter: min(1.25rem, 6vw);
  --target: 2.75rem;
}
@media (prefers-color-scheme: dark) { :root {${DARK}
} }
@media (prefers-contrast: more) { :root { --line: var(--line-strong); --text-3: var(--text-2); } }

*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; min-block-size: 100svh; display: grid; grid-template-rows: auto 1fr auto; justify-items: center;
  gap: 1.5rem; padding: 1.5rem var(--gutter); background: var(--canvas); color: var(--text);
  font: 400 1rem/1.5 var(--font-ui); overflow-wrap: anywhere;
}
body > * { inline-size: min(26rem, 100%); }
h1, h2, p, ul, dl, dd, fieldset { margin: 0; padding: 0; border: 0; }
ul { list-style: none; }
h1 { font-size: 1.5rem; line-height: 1.14; letter-spacing: -.02em; font-weight: 620; }
h2 { font-size: .875rem; line-height: 1.35; font-weight: 500; color: var(--text-2); }
a { color: var(--accent); text-underline-offset: .18em; text-decoration-thickness: 1px; }
code { font: .9375em var(--font-mono); }
button, input { font: inherit; color: inherit; }
button { cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.vh { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.brand { display: flex; align-items: center; gap: .5rem; min-block-size: 2rem; font-weight: 500; }
.brand svg {
  inline-size: 1.75rem; block-size: 1.75rem; flex: none; fill: none; stroke: currentColor;
  stroke-linecap: round; stroke-linejoin: round;
}
main { display: grid; align-content: start; gap: 1.5rem; }
.lead { color: var(--text-2); margin-block-start: .375rem; }
.foot { color: var(--text-3); font-size: .8125rem; line-height: 1.35; }

.people { display: grid; gap: .5rem; margin-block-start: .5rem; }
/* Many people scroll, so that the form below stays in reach. */
.people:has(> :nth-child(9)) { max-block-size: 24rem; overflow-y: auto; margin: .25rem -.375rem 0; padding: .25rem .375rem; }
.person {
  display: grid; grid-template-columns: auto 1fr; align-items: center; gap: .75rem; inline-size: 100%;
  min-block-size: 3.5rem; padding: .5rem .75rem; text-align: start;
  background: var(--surface); border: 1px solid var(--line-strong); border-radius: 8px;
}
.person:hover { background: var(--accent-soft); border-color: var(--accent); }
.person b { display: block; font-weight: 500; line-height: 1.35; }
.person small { display: block; font-size: .8125rem; line-height: 1.35; color: var(--text-3); }
.tile {
  display: grid; place-items: center; inline-size: 2.5rem; block-size: 2.5rem; border-radius: 50%;
  background: var(--accent-soft); color: var(--accent); font-size: .875rem; font-weight: 620;
}
.person:hover .tile { background: var(--surface); }

.fields { display: grid; gap: 1rem; margin-block-start: .5rem; }
.field { display: grid; gap: .25rem; }
.field label { font-size: .875rem; font-weight: 500; }
.field small { font-size: .8125rem; line-height: 1.35; color: var(--text-3); }
.field input {
  inline-size: 100%; min-block-size: var(--target); padding: 0 .75rem;
  background: var(--surface); border: 1px solid var(--line-strong); border-radius: 8px;
}
.field input[aria-invalid="true"] { border: 2px solid var(--danger); }
.btn {
  display: inline-flex; align-items: center; justify-content: center; min-block-size: var(--target); padding: 0 1rem;
  border: 1px solid var(--accent); border-radius: 8px; background: var(--accent); color: var(--on-accent);
  font-weight: 500; line-height: 1.2; text-decoration: none;
}
.other { display: grid; justify-items: center; border-block-start: 1px solid var(--line); padding-block-start: 1rem; }
.other a { display: inline-grid; place-items: center; min-block-size: var(--target); }

.note { padding: .75rem 1rem; border-radius: 8px; background: var(--surface-inset); font-size: .875rem; line-height: 1.35; }
.note--danger { background: var(--danger-soft); border-inline-start: 4px solid var(--danger); }
.facts { display: grid; gap: .75rem; padding: 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: 14px; }
.facts dt { font-size: .8125rem; color: var(--text-3); }
.facts dd { font: .875rem/1.5 var(--font-mono); }
`;
