// Shows the HTML of a message, which a template of the tenant made from what clients wrote. Three fences, each enough by
// itself: a sandbox without scripts, forms and this origin; a policy inside that loads nothing; and the page's own policy.
import { sharedTexts } from '../texts/shared.ts';

/** Styles stand in the message; pictures only if they do too. Links open beside the app, as those of a mail program. */
const PREAMBLE =
  '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'; img-src data:"><meta name="referrer" content="no-referrer"><base target="_blank">';

export function MailFrame({ html }: { html: string }) {
  return (
    <iframe
      className="mail"
      title={sharedTexts.mail.frame}
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      srcDoc={withPreamble(html)}
    />
  );
}

/** Behind the doctype, which must come first; a parser then puts it into the head, whatever follows. */
function withPreamble(html: string): string {
  const [doctype = ''] = /^\s*<!doctype[^>]*>/i.exec(html) ?? [];
  return `${doctype || '<!doctype html>'}${PREAMBLE}${html.slice(doctype.length)}`;
}
