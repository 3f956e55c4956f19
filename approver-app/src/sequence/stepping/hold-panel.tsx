// The panel while an arrow of the shown run is held: what waits, what is so meanwhile, and letting it go.
import type { HeldExchange } from 'assent/contract';
import type { Run } from 'assent/sequence';
import type { ServerClock } from '../../api/server-clock.ts';
import { steppingTexts } from '../../texts/stepping.ts';
import { fill, Prose } from '../../ui/prose.tsx';
import { useTicking } from '../../ui/ticking.ts';
import { countdownText } from '../../ui/time-text.ts';
import { expiresAtMs, PatienceWords } from './held-words.tsx';
import { useSince } from './use-since.ts';
import type { StepMode } from './use-steps.ts';

const { held: texts, arrows, titles, meanwhile, failing, waiting } = steppingTexts;

interface HoldPanelProps {
  mode: StepMode;
  hold: HeldExchange;
  run: Run;
}

export function HoldPanel({ mode, hold, run }: HoldPanelProps) {
  const sinceReadMs = useSince(mode.readAtMs, true);
  const { arrow } = hold;
  const place = { arrow: arrows[arrow] };
  return (
    <aside className="panel" aria-label={texts.number.replace('{number}', String(run.steps.length + 1))}>
      <div className="hd">
        <p className="n">
          <span>{fill(texts.number, { number: run.steps.length + 1 })}</span>
          <span>{fill(hold.because === 'slow' ? texts.slow : texts.breakPoint, place)}</span>
        </p>
        <h2>{fill(titles[arrow], { approver: run.approverName ?? '' })}</h2>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="tp" tabIndex={0}>
        <p>{fill(texts.announced, { what: waiting[arrow] })}</p>
        <h3>{texts.meanwhile}</h3>
        <p>
          <Prose text={meanwhile[arrow]} />
        </p>
        <ExpiryWords run={run} clock={mode.clock} />
        <p>
          <PatienceWords hold={hold} sinceReadMs={sinceReadMs} />
        </p>
        <p>{texts.realTime}</p>
        <h3>{texts.failing}</h3>
        <p>
          <Prose text={failing[arrow]} />
        </p>
      </div>
      <div className="ft">
        <span>
          <kbd>{texts.space}</kbd> {texts.continues}
        </span>
        <HoldActions mode={mode} hold={hold} />
      </div>
    </aside>
  );
}

export function HoldActions({ mode, hold }: { mode: StepMode; hold: HeldExchange }) {
  return (
    <span className="grp">
      <button type="button" className="btn btn--s" onClick={() => mode.next(hold.id)}>
        {texts.one}
      </button>
      <button type="button" className="btn btn--s btn--main" onClick={mode.continueAll}>
        {texts.all}
      </button>
    </span>
  );
}

function ExpiryWords({ run, clock }: { run: Run; clock: ServerClock }) {
  const endMs = expiresAtMs(run);
  const nowMs = useTicking(clock, endMs ?? 0);
  if (endMs === undefined) return null;
  return (
    <p>
      <Prose text={texts.expires} values={{ time: countdownText(endMs - nowMs) }} />
    </p>
  );
}
