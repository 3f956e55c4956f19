// What an application asks of the person who logs in, when logging in alone is not enough: every field of the authorization
// details and every permission, then the two answers. The same parts as behind the link of an e-mail, and no script.
import type { ConsentView } from '../contract/index.ts';
import { html, type Markup } from '../pages/index.ts';
import { type ConsentForm, consentQuestion, consentSections } from './consent-page.ts';

export interface AuthorizeConsentContent {
  consent: ConsentView;
  hash: string;
  clientId: string;
  /** Whether the tenant vouches for the client. */
  isFirstParty: boolean;
  /** Who is logged in. */
  person: string;
  /** Where the browser goes with either answer. */
  returnsTo: string;
  form: ConsentForm;
  /** Why the page is shown again. */
  remark?: string | undefined;
}

export function authorizeConsentPage(content: AuthorizeConsentContent): Markup {
  const { consent, hash, clientId, isFirstParty, person, returnsTo, form, remark } = content;
  return html`${remark !== undefined && html`<p class="note note--danger" role="alert">${remark}</p>`}
${consentQuestion(consent)}
${consentSections(consent)}
<div class="when">
<p>You are logged in as <b><bdi>${person}</bdi></b>. If you approve, <bdi>${consent.who}</bdi> gets a token that carries exactly this.</p>
<p>Client <code>${clientId}</code>, ${isFirstParty ? 'known to this tenant' : 'a third party: this tenant does not vouch for it, and the name is its own choice'}. Either answer takes you back to <bdi dir="ltr">${returnsTo}</bdi>.</p>
</div>
<section class="decide" aria-label="Your decision">
<form method="post" action="${form.action}"><input type="hidden" name="csrf" value="${form.csrf}"><input type="hidden" name="consent_hash" value="${hash}">
<div class="pair"><button class="choice choice--deny" name="action" value="deny">Deny</button><button class="choice choice--approve" name="action" value="approve">Approve</button></div>
</form>
<p class="when">Closing this page decides nothing.</p>
</section>`;
}
