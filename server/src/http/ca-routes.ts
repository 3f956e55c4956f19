// The certificate authority, for whoever is to trust this server: a page that says how, and the file in the forms that the
// platforms want. The same routes answer over https and, where the network can reach the server, over plain http.
import { X509Certificate } from 'node:crypto';
import { sendPage } from '../pages/index.ts';
import type { Route } from '../routes.ts';
import { CA_PAGE_STYLE, type CaPageContent, caPage } from './ca-page.ts';
import { platformOf } from './ca-platforms.ts';
import { writeCaProfile } from './ca-profile.ts';

export interface CaRoutesParts {
  /** Whose pages these are. */
  tenant: { readonly displayName: string };
  /** Where a device goes once it trusts the server. Default: the approver app. */
  goOn?: CaPageContent['goOn'] | undefined;
  /** Undefined on plain http: there is nothing to trust. */
  caPem: string | undefined;
}

/** Where the page is. */
export const CA_PATH = '/ca';

const APPROVER_APP = { label: 'Open the approver app', path: '/approve/' };

export function caRoutes({ tenant, caPem, goOn = APPROVER_APP }: CaRoutesParts): Route[] {
  if (caPem === undefined) return [];
  const ca = new X509Certificate(caPem);
  const file = (path: string, purpose: string, type: string, content: string | Buffer): Route => ({
    method: 'GET',
    path,
    purpose,
    answer: (ctx) => {
      // `attachment` would have phones store what they would otherwise offer to install. PEM is for programs.
      ctx.attachment(`assent-${path.slice(1)}`, {
        type: path.endsWith('.pem') ? 'attachment' : 'inline',
      });
      ctx.type = type;
      ctx.body = content;
    },
  });
  return [
    {
      method: 'GET',
      path: CA_PATH,
      purpose: 'make a phone or a browser trust this server',
      answer: (ctx) => {
        sendPage(ctx, 200, {
          title: 'Trust this server',
          owner: tenant.displayName,
          style: CA_PAGE_STYLE,
          content: caPage({
            ca,
            host: ctx.host,
            goOn,
            isSecure: ctx.secure,
            platform: platformOf(ctx.get('User-Agent')),
          }),
        });
        ctx.vary('User-Agent');
      },
    },
    file('/ca.pem', 'fetch the certificate authority to trust', 'application/x-pem-file', caPem),
    // DER under the type for which phones and desktops start to install it. RFC 2585 §4.1 has another, which they save.
    file('/ca.crt', 'fetch it as phones and desktops want it', 'application/x-x509-ca-cert', ca.raw),
    file(
      '/ca.mobileconfig',
      'fetch it as a profile for iPhone and iPad',
      'application/x-apple-aspen-config',
      writeCaProfile(ca, tenant.displayName),
    ),
  ];
}
