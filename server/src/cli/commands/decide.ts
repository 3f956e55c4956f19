// `assent approve` and `assent deny`: decides for the approver, from the terminal.
import type { ApprovalView } from '../../contract/index.ts';
import { Problem } from '../../problem.ts';
import type { CommandContext } from '../context.ts';
import { describeChanges, describeDecider } from '../decision-text.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type Format, showText } from '../output.ts';
import { adviseOnUnknown, findRunningServer } from '../running-server.ts';

export interface DecideFlags {
  reason?: string;
  /** A JSON text. */
  grantedDetails?: string;
  dataFolder?: string;
  format: Format;
}

/** @param ref short name, id, auth_req_id or `latest` */
export async function runDecide(
  decision: 'approve' | 'deny',
  ref: string,
  flags: DecideFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context;
  const granted = flags.grantedDetails === undefined ? undefined : readGranted(flags.grantedDetails, ref);
  const { control } = await findRunningServer(context, flags);
  const { result, approval } = await adviseOnUnknown(
    decision === 'approve' ? control.approve(ref, granted) : control.deny(ref, flags.reason),
  );
  const wanted = decision === 'approve' ? 'approved' : 'denied';
  const isDone = approval.decision?.outcome === wanted;
  if (flags.format !== 'text') {
    terminal.data(JSON.stringify({ result, approval }));
  } else if (result === 'decided') {
    terminal.data(
      `  ${terminal.paintData(isDone ? 'good' : 'bad', `${approval.name} ${wanted}`)}  ${showText(approval.consent.summary)}`,
    );
    for (const change of describeChanges(approval.decision?.changes)) terminal.data(`      ${change}`);
  } else {
    terminal.note(`  ${terminal.paintNote('bad', explainRefusal(approval))}`);
  }
  if (isDone) return EXIT.fine;
  if (approval.state === 'expired') return EXIT.expired;
  return approval.decision?.outcome === 'denied' ? EXIT.denied : EXIT.failed;
}

/** What is granted, as the control API judges it. */
function readGranted(text: string, ref: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch {
    // Not JSON: answered below, as everything else that is no list.
  }
  throw new Problem('usage', '--granted-details is not a JSON list of authorization details.', {
    hint: `assent show ${ref} --format json  prints what was asked; keep of it what is granted.`,
  });
}

/** The first decision stands; says which it was. */
function explainRefusal({ name, state, decision }: ApprovalView): string {
  if (decision) return `${name} was ${decision.outcome} before, ${describeDecider(decision)}.`;
  return state === 'expired' ? `${name} has expired.` : `${name} has changed since it was shown.`;
}
