// What a script may conclude from how a command ended. `--help` and the reference page list this table.
import { Problem } from '../problem.ts';

export const EXIT = {
  fine: 0,
  failed: 1,
  usage: 2,
  notReady: 3,
  denied: 4,
  expired: 5,
  amiss: 6,
  notExecutable: 126,
  notFound: 127,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_MEANINGS: ReadonlyArray<readonly [ExitCode, string]> = [
  [EXIT.fine, 'fine'],
  [EXIT.failed, 'failed; the message says why'],
  [EXIT.usage, 'wrong usage'],
  [EXIT.notReady, 'no server answers, or it is not ready'],
  [EXIT.denied, 'the approver denied'],
  [EXIT.expired, 'nobody decided in time'],
  [EXIT.amiss, 'doctor found something that is not as it should be'],
  [EXIT.notExecutable, 'the command of exec may not be run'],
  [EXIT.notFound, 'there is no such command; else exec ends as its command did, with 128 + N after signal N'],
];

export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof Problem)) return EXIT.failed;
  switch (error.code) {
    case 'usage':
      return EXIT.usage;
    case 'server_unreachable':
    case 'not_ready':
      return EXIT.notReady;
    case 'command_missing':
      return EXIT.notFound;
    case 'command_not_executable':
      return EXIT.notExecutable;
    default:
      return EXIT.failed;
  }
}
