// What is held where the panel does not tell of it: in another request, in none yet, or while an earlier step is read.
import type { HeldExchange } from 'assent/contract';
import { DeskIcon } from '../../desk/desk-icons.tsx';
import { steppingTexts } from '../../texts/stepping.ts';
import { plural } from '../../ui/prose.tsx';
import { heldSubject, PatienceWords } from './held-words.tsx';
import { HoldActions } from './hold-panel.tsx';
import { useSince } from './use-since.ts';
import type { StepMode } from './use-steps.ts';

export function HoldStrip({ mode, holds }: { mode: StepMode; holds: readonly HeldExchange[] }) {
  const [hold, ...others] = holds;
  const sinceReadMs = useSince(mode.readAtMs, hold !== undefined);
  if (hold === undefined) return null;
  return (
    <section className="hold-strip" aria-label={steppingTexts.hold.label}>
      <DeskIcon name="pause" />
      <p>
        <b>
          <bdi>{heldSubject(hold)}</bdi>
        </b>{' '}
        <PatienceWords hold={hold} sinceReadMs={sinceReadMs} />{' '}
        {others.length === 0 ? null : plural(steppingTexts.held.more, others.length)}
      </p>
      <HoldActions mode={mode} hold={hold} />
    </section>
  );
}
