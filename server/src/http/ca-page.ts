// The page that makes a phone or a browser trust this server: compare, install, go on; what then works; and how it leaves
// the device again. No script: the platforms fold by themselves.
import type { X509Certificate } from 'node:crypto';
import { html, type Markup } from '../pages/index.ts';
import { PLATFORMS, type Platform, type PlatformId } from './ca-platforms.ts';

export interface CaPageContent {
  ca: X509Certificate;
  /** Host header of the reader. */
  host: string;
  goOn: { label: string; path: string };
  /** Whether this page came over https. */
  isSecure: boolean;
  platform: PlatformId | undefined;
}

export const CA_PAGE_STYLE = `
.print { font: .8125rem/1.6 var(--font-mono); }
.print span { display: inline-block; margin-inline-end: 1ch; }
.platforms { display: grid; gap: .5rem; }
details { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
summary { min-block-size: var(--target); padding: .625rem 1rem; font-weight: 500; cursor: pointer; }
.inside { display: grid; gap: 1rem; padding: .25rem 1rem 1rem; }
.inside .btn { justify-self: start; }
.inside h3 { margin: 0 0 .25rem; font-size: .8125rem; font-weight: 500; color: var(--text-3); }
ol { margin: 0; padding-inline-start: 1.25rem; display: grid; gap: .5rem; }
.flag { white-space: nowrap; }
.plain { padding-inline-start: 1.25rem; list-style: disc; display: grid; gap: .5rem; }
.part { display: grid; gap: .5rem; }
.part h2 { font-size: 1rem; font-weight: 620; color: var(--text); }
`;

export function caPage({ ca, host, goOn, isSecure, platform }: CaPageContent): Markup {
  const ordered = [...PLATFORMS].sort((a, b) => Number(b.id === platform) - Number(a.id === platform));
  return html`<div>
<h1>Make this device trust this server</h1>
<p class="lead">Its https certificate is signed by an authority of its own, which no device knows. Until this one does, its browser warns you and keeps notifications out.</p>
</div>
<section class="part"><h2>1. Compare</h2>
<p>${isSecure ? COMPARE_SECURE : 'This page came over plain http, where anybody in between could have changed it. The terminal in which Assent runs must show the same SHA-256 fingerprint; the settings of your device show it too:'}</p>
<p class="note print">${groupsOf(ca.fingerprint256).map((group) => html`<span>${group}</span> `)}</p>
</section>
<section class="part"><h2>2. Install</h2>
<div class="platforms">${ordered.map((one) => platformSection(one, one.id === platform))}</div>
</section>
<section class="part"><h2>3. Go on</h2>
<p><a class="btn" href="${secureUrl(host, goOn.path)}">${goOn.label}</a></p>
</section>
${REACH}
${RISK}`;
}

/** Only a server that was started with --host prints it: on its own computer the file is at hand. */
const COMPARE_SECURE = html`The terminal of a server that was started with <code class="flag">--host</code> shows the same SHA-256 fingerprint. On the server’s own computer it is that of <code>.assent/ca.pem</code>:`;

function platformSection({ name, file, trust, remove, note }: Platform, isOpen: boolean): Markup {
  const [label, path] = file;
  return html`<details${isOpen && OPEN}><summary>${name}</summary><div class="inside">
<a class="btn" href="${path}">${label}</a>
<ol>${trust.map((step) => html`<li>${step}</li>`)}</ol>
${note !== undefined && html`<p class="note">${note}</p>`}
<div><h3>To remove it</h3>${remove.map((step) => html`<p>${step}</p>`)}</div>
</div></details>
`;
}

const OPEN = html` open`;

const REACH = html`<section class="part"><h2>What works how</h2>
<ul class="plain">
<li><b>Over plain http:</b> this page and nothing else. Browsers sign answers over https only.</li>
<li><b>Over https, past the warning:</b> pairing, reading and answering, while the page is open. No notifications, nothing without a connection.</li>
<li><b>Over https, trusted:</b> notifications too while the page is open (“relay”), and the app starts without a connection.</li>
<li><b>Notifications while the page is closed:</b> a phone gets them from the push service of its maker, so the phone and this server both need the internet. Without it, keep the page open.</li>
<li><b>iPhone and iPad:</b> notifications reach only an app on the home screen, from iOS 16.4 on.</li>
</ul></section>`;

const RISK = html`<section class="part"><h2>Afterwards, remove it</h2>
<p>Whoever gets hold of the authority’s key, which lies in the data folder of this server, could pretend to this device to be what the authority may speak for. That is limited: names that nobody owns (such as <code>.test</code> and <code>.local</code>), private addresses, and the names with which this server was started. It cannot speak for the rest of the web. A test is still no reason to trust it for ever: each platform above says how to remove it.</p>
</section>`;

/** Eight groups of four bytes, which can be compared one at a time. */
function groupsOf(fingerprint: string): string[] {
  const bytes = fingerprint.split(':');
  return Array.from({ length: 8 }, (_, index) => bytes.slice(index * 4, index * 4 + 4).join(':'));
}

/** Under the name by which the reader came, on https. */
function secureUrl(host: string, path: string): string {
  return URL.parse(`https://${host}${path}`)?.href ?? path;
}
