// Why a call came to nothing, in the words of whoever refused it: our own APIs (RFC 9457), the Management API, OAuth.
import { z } from 'zod';
import { deskTexts } from '../texts/desk.ts';
import { fill } from '../ui/prose.tsx';

export type ApiFailureKind = 'unreachable' | 'token_wanted' | 'refused' | 'unreadable';

export class ApiFailure extends Error {
  readonly kind: ApiFailureKind;
  /** 0 where nothing answered. */
  readonly status: number;
  readonly hint: string | undefined;
  readonly findings: readonly string[];

  constructor(
    kind: ApiFailureKind,
    message: string,
    details: { status?: number; hint?: string | undefined; findings?: readonly string[] } = {},
  ) {
    super(message);
    this.name = 'ApiFailure';
    this.kind = kind;
    this.status = details.status ?? 0;
    this.hint = details.hint;
    this.findings = details.findings ?? [];
  }
}

const refusalSchema = z.object({
  // RFC 9457, with the members that Assent adds.
  detail: z.string().optional().catch(undefined),
  title: z.string().optional().catch(undefined),
  hint: z.string().optional().catch(undefined),
  findings: z.array(z.string()).catch([]),
  // auth0: Management API errors. RFC 6749 §5.2.
  message: z.string().optional().catch(undefined),
  error_description: z.string().optional().catch(undefined),
});

export async function readFailure(response: Response): Promise<ApiFailure> {
  const { status } = response;
  const body = refusalSchema.safeParse(await response.json().catch(() => undefined));
  const fallback = fill(deskTexts.failure.status, { status });
  if (!body.success) return new ApiFailure('refused', fallback, { status });
  const { detail, title, message, error_description: description, hint, findings } = body.data;
  const isWanted = status === 401 && new URL(response.url).pathname.startsWith('/control/');
  return new ApiFailure(
    isWanted ? 'token_wanted' : 'refused',
    detail ?? message ?? description ?? title ?? fallback,
    { status, hint, findings },
  );
}

/** One line for a toast or a field: what happened, and every finding. */
export function explainFailure(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason);
  const findings = reason instanceof ApiFailure ? reason.findings : [];
  return [reason.message, ...findings].join(' ');
}
