// What a script may conclude from how a command ended. `--help` and the reference page list this table.
import { Problem } from '../problem.ts';

export const EXIT = { fine: 0, failed: 1, usage: 2, notReady: 3, denied: 4, expired: 5 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_MEANINGS: ReadonlyArray<readonly [ExitCode, string]> = [
  [EXIT.fine, 'fine'],
  [EXIT.failed, 'failed; the message says why'],
  [EXIT.usage, 'wrong usage'],
  [EXIT.notReady, 'no server answers, or it is not ready'],
  [EXIT.denied, 'the approver denied'],
  [EXIT.expired, 'nobody decided in time'],
];

export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof Problem)) return EXIT.failed;
  switch (error.code) {
    case 'usage':
      return EXIT.usage;
    case 'server_unreachable':
    case 'not_ready':
      return EXIT.notReady;
    default:
      return EXIT.failed;
  }
}
