// Misuse and breakage, thrown. Expected outcomes are values instead. Each problem says what happened and what to do next.

/** The closed list of codes. A code is stable: scripts and documents link to it. */
export const PROBLEM_CODES = [
  'bad_request',
  'browser_failed',
  'browser_missing',
  'certificate_unusable',
  'command_missing',
  'command_not_executable',
  'config_invalid',
  'config_unreadable',
  'control_token_invalid',
  'data_file_in_use',
  'data_file_unusable',
  'data_folder_in_use',
  'device_unknown',
  'file_exists',
  'forbidden',
  'method_not_allowed',
  'not_found',
  'not_ready',
  'output_unwritable',
  'passkey_invalid',
  'passkey_required',
  'passkey_unavailable',
  'port_in_use',
  'port_not_allowed',
  'profile_in_use',
  'proof_invalid',
  'scene_stuck',
  'server_unreachable',
  'signing_key_unusable',
  'snapshot_unusable',
  'store_unavailable',
  'store_unusable',
  'too_large',
  'unsupported_media_type',
  'usage',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export interface ProblemOptions {
  /** HTTP status where the problem is answered over HTTP. */
  status?: number;
  /** What to do next, as a sentence or a command to type. */
  hint?: string;
  /** Single findings, where there are several. */
  findings?: readonly string[];
  /** Whether it came before anything of what was asked was done, so that nobody has to look. */
  hasChangedNothing?: boolean;
  cause?: unknown;
}

/** An error with a stable code and a way out. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly hint: string | undefined;
  readonly findings: readonly string[];
  readonly hasChangedNothing: boolean;

  constructor(code: ProblemCode, message: string, options: ProblemOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.code = code;
    this.status = options.status ?? 400;
    this.hint = options.hint;
    this.findings = options.findings ?? [];
    this.hasChangedNothing = options.hasChangedNothing ?? false;
  }
}
