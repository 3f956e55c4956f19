// The checks of an API in the order in which it made them: passed, the one that stopped the call, and those not reached.
import type { TraceEvent } from 'assent/contract';
import { DifferenceTable } from '../../json/details-verdict.tsx';
import type { JsonDifference } from '../../json/json-difference.ts';
import { Verdict } from '../../json/verdict.tsx';
import { panelTexts } from '../../texts/panel.ts';
import { Icon } from '../../ui/icons.tsx';
import { Prose } from '../../ui/prose.tsx';

export type ApiCall = Extract<TraceEvent, { type: 'api.called' }>;

function nameOfCheck(check: string): string {
  return panelTexts.checks[check] ?? check;
}

export function ApiChecks({ event }: { event: ApiCall }) {
  const texts = panelTexts.specification;
  const stoppedAt = event.checks.findIndex(({ passed }) => !passed);
  return (
    <ul className="checks">
      {event.checks.map(({ check, passed, why }, index) => {
        const isReached = stoppedAt < 0 || index <= stoppedAt;
        return (
          <li key={check}>
            <span className={`tag ${!isReached ? '' : passed ? 'tag--approve' : 'tag--danger'}`}>
              <Icon name={!isReached ? 'clock' : passed ? 'approve' : 'warning'} />
              {!isReached ? texts.notReached : passed ? texts.passed : texts.stoppedWord}
            </span>{' '}
            {nameOfCheck(check)}
            {isReached && why !== undefined ? <small>{why}</small> : null}
          </li>
        );
      })}
    </ul>
  );
}

/** What stopped a call, and where it differs from what was approved. */
export function ApiStop({ event }: { event: ApiCall }) {
  const texts = panelTexts.specification;
  const stop = event.checks.find(({ passed }) => !passed);
  if (stop === undefined) return null;
  const differences = (stop.differences ?? []).map(toDifference);
  return (
    <>
      <Verdict tone="bad">
        <Prose text={texts.stopped} values={{ check: nameOfCheck(stop.check) }} />
        <br />
        {differences.length === 0 ? (stop.why ?? texts.stoppedAt) : texts.stoppedAt}
      </Verdict>
      {differences.length === 0 ? null : <DifferenceTable differences={differences} after={texts.askedNow} />}
    </>
  );
}

/** Whether everything but the details was in order: then only they stood between the call and its effect. */
export function scopesWouldDo(event: ApiCall): boolean {
  const failed = event.checks.filter(({ passed }) => !passed);
  return (
    failed[0]?.check === 'details' && event.checks.some(({ check, passed }) => check === 'scope' && passed)
  );
}

type ReportedDifference = NonNullable<ApiCall['checks'][number]['differences']>[number];

/** Texts without their quotes, unless only these tell a text from a number. */
function toDifference({ path, approved, requested }: ReportedDifference): JsonDifference {
  const looksAlike = String(approved) === String(requested);
  const textOf = (value: unknown): string =>
    typeof value === 'string' && !looksAlike ? value : JSON.stringify(value);
  return {
    pointer: path,
    ...(approved === undefined ? {} : { before: textOf(approved) }),
    ...(requested === undefined ? {} : { after: textOf(requested) }),
  };
}
