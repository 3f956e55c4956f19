// The time of the tenant, which can be put forward and never back.
import { CONTROL_API } from 'assent/contract';
import { consoleTexts } from '../../texts/console.ts';
import { fill, Prose } from '../../ui/prose.tsx';
import { duration } from '../../ui/time-text.ts';
import { ActButton } from '../frame/act-button.tsx';
import { useTenantTime } from '../frame/tenant-time.ts';
import { useSession } from '../session/session-context.tsx';
import { SettingSection } from './setting-section.tsx';

const { settings: texts } = consoleTexts;
const MINUTE_MS = 60_000;
const STEPS_MS = [MINUTE_MS, 5 * MINUTE_MS, 60 * MINUTE_MS, 24 * 60 * MINUTE_MS];
/** What people would notice. */
const SAME_MS = 2_000;

export function ClockSection() {
  const session = useSession();
  const nowMs = useTenantTime();
  const aheadMs = nowMs - Date.now();
  const shown = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  return (
    <SettingSection title={texts.clock}>
      <div className="r">
        <span>
          <b className="num">{shown.format(nowMs)}</b>
          <small>
            {Math.abs(aheadMs) < SAME_MS
              ? texts.clockSame
              : fill(texts.clockAhead, { by: duration(aheadMs) })}{' '}
            <Prose text={texts.clockLead} />
          </small>
        </span>
        <span className="slot">
          {STEPS_MS.map((ms) => (
            <ActButton
              key={ms}
              label={fill(texts.forward, { by: duration(ms) })}
              act={() =>
                session.tryChange({
                  done: fill(texts.forwarded, { by: duration(ms) }),
                  call: { method: 'POST', path: `${CONTROL_API}/clock`, body: { advance_ms: ms } },
                })
              }
            />
          ))}
        </span>
      </div>
    </SettingSection>
  );
}
