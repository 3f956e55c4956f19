// Says that something is made to fail on purpose, so that nobody takes it for a defect.
import { texts } from '../texts/phone.ts';
import { Notice } from '../ui/notice.tsx';
import { fill, plural } from '../ui/prose.tsx';
import { useSnapshot } from './session-context.tsx';

/** More are counted. */
const MOST_SHOWN = 3;

export function FaultNotice() {
  const { faults } = useSnapshot();
  if (faults.length === 0) return null;
  const hidden = faults.length - MOST_SHOWN;
  return (
    <Notice tone="pending" icon="warning" role="status">
      <b>{plural(texts.faults.active, faults.length)}</b>
      <ul className="faults">
        {faults.slice(0, MOST_SHOWN).map(({ id, text }) => (
          <li key={id}>
            <bdi>{text}</bdi>
          </li>
        ))}
        {hidden > 0 ? <li>{fill(texts.faults.more, { count: hidden })}</li> : null}
      </ul>
    </Notice>
  );
}
