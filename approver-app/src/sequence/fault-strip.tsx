// Says that something is made to fail on purpose, and turns it off.
import { type ActiveFault, CONTROL_API, faultsSchema } from 'assent/contract';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import type { Api } from '../desk/api.ts';
import { useLivePart } from '../desk/connection-state.tsx';
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
    await api.call({ method: 'DELETE', path: `${CONTROL_API}/faults` }, z.unknown());
    announce(texts.turnedOff);
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
      <button type="button" className="btn btn--s" onClick={() => turnOff().catch(() => undefined)}>
        {faults.length > 1 ? texts.offAll : texts.off}
      </button>
    </div>
  );
}

/** Those of the last reading, and what the story has told since. */
function useFaults(api: Api, trace: LiveTrace): readonly ActiveFault[] {
  const health = useLivePart(trace, (state) => state.health);
  const [faults, setFaults] = useState<readonly ActiveFault[]>([]);
  useEffect(() => setFaults(health?.faults ?? []), [health]);
  useEffect(() => {
    const ending = new AbortController();
    const stop = trace.onEvents((events) => {
      if (!events.some(({ type }) => type === 'fault.injected' || type === 'fault.ended')) return;
      api
        .call({ path: `${CONTROL_API}/faults` }, faultsSchema, { signal: ending.signal })
        .then((answer) => setFaults(answer.faults))
        // The connection says by itself that the server is gone; the next event asks again.
        .catch(() => undefined);
    });
    return () => {
      stop();
      ending.abort();
    };
  }, [api, trace]);
  return faults;
}
