// How an approver would see authorization details, before anybody is asked. Part of the control API.
import {
  anyConsentPreviewInputSchema,
  CONTROL_API,
  type ConsentPreview,
  type ConsentPreviewInput,
  consentPreviewInputSchema,
  consentPreviewSchema,
} from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { checkDetailType, type Tenant } from '../tenant/index.ts';
import type { ControlRoute } from './control-route.ts';
import { readJson } from './request-body.ts';

export interface PreviewRoutesParts {
  tenant: Tenant;
  /** Undefined where the tenant has no such API. */
  previewConsent(input: ConsentPreviewInput): ConsentPreview | undefined;
}

export function previewRoutes({ tenant, previewConsent }: PreviewRoutesParts): ControlRoute[] {
  return [
    {
      method: 'POST',
      path: `${CONTROL_API}/consent-preview`,
      purpose: 'see authorization details as an approver would',
      shapes: {
        body: consentPreviewInputSchema,
        answer: consentPreviewSchema,
        errors: { 404: 'There is no such API.' },
        note: 'Nobody is asked, and nothing changes. A type that is tried out is judged like one of a tenant file.',
      },
      answer: async (ctx) => {
        const { type: draft, ...input } = await readJson(ctx, anyConsentPreviewInputSchema);
        const preview = previewConsent({ ...input, ...(draft && { type: checkDetailType(draft) }) });
        if (!preview) {
          const known = tenant.directory.resourceServers().map(({ identifier }) => identifier);
          throw new Problem('not_found', `There is no API "${input.audience.slice(0, 200)}".`, {
            status: 404,
            hint: `This tenant has: ${known.join(', ') || 'none'}.`,
          });
        }
        ctx.body = preview;
      },
    },
  ];
}
