// Says that something is made to fail on purpose, and turns it off.
import { CONTROL_API } from 'assent/contract';
import { z } from 'zod';
import type { Api } from '../desk/api.ts';
import { explainFailure } from '../desk/api-failure.ts';
import { useFaults } from '../desk/live-resource.ts';
import type { LiveTrace } from '../desk/live-trace.ts';
import { sequenceTexts } from '../texts/sequence.ts';
import { Icon } from '../ui/icons.tsx';
import { useAnnounce } from '../ui/live-region.tsx';
import { fill, Prose } from '../ui/prose.tsx';

const { faults: texts } = sequenceTexts;
const MOST_SHOWN = 2;

export function FaultStrip({ api, trace }: { api: Api; trace: LiveTrace }) {
  const faults = useFaults(api, trace);
  const announce = useAnnounce();
  if (faults.length === 0) return null;
  const turnOff = async (): Promise<void> => {
    try {
      await api.call({ method: 'DELETE', path: `${CONTROL_API}/faults` }, z.unknown());
      announce(texts.turnedOff);
    } catch (reason) {
      announce(explainFailure(reason));
    }
  };
  const hidden = faults.length - MOST_SHOWN;
  return (
    <div className="strip" role="status">
      <Icon name="warning" />
      <span>
        {faults.slice(0, MOST_SHOWN).map(({ id, text }) => (
          <span key={id} className="strip-line">
            <Prose text={texts.one} values={{ text: <bdi>{text}</bdi> }} />
          </span>
        ))}
        {hidden > 0 ? fill(texts.more, { count: hidden }) : null}
      </span>
      <button type="button" className="btn btn--s" onClick={() => void turnOff()}>
        {faults.length > 1 ? texts.offAll : texts.off}
      </button>
    </div>
  );
}
