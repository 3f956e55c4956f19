// Says on every page that something is made to fail on purpose, and turns it off.
import { CONTROL_API, type Fault } from 'assent/contract';
import { consoleTexts } from '../../texts/console.ts';
import { Icon } from '../../ui/icons.tsx';
import { fill, plural } from '../../ui/prose.tsx';
import { useSession } from '../session/session-context.tsx';
import { ActButton } from './act-button.tsx';

const { faults: texts } = consoleTexts;

export function FaultStrip({ faults }: { faults: readonly Fault[] }) {
  const session = useSession();
  const [fault] = faults;
  if (fault === undefined) return null;
  const others = faults.length - 1;
  return (
    <section className="strip" aria-label={texts.region}>
      <Icon name="warning" />
      <span>
        <b>{texts.onPurpose}</b> <bdi>{fault.text}</bdi>
        {others > 0 ? ` ${plural(texts.more, others)}` : ''}
      </span>
      <ActButton
        act={() =>
          session.tryChange({
            done: fill(texts.turnedOff, { fault: fault.text }),
            call: { method: 'DELETE', path: `${CONTROL_API}/faults/${encodeURIComponent(fault.id)}` },
            undo: { method: 'POST', path: `${CONTROL_API}/faults`, body: planOf(fault) },
          })
        }
        label={others > 0 ? fill(texts.turnOffOne, { id: fault.id }) : texts.turnOff}
      />
    </section>
  );
}

/** What was asked for, without what has become of it. */
export function planOf({
  id: _id,
  text: _text,
  matched: _matched,
  applied: _applied,
  ...plan
}: Fault): object {
  return plan;
}
