// A question that never became a request: why it was refused, and what to change.

import { JsonPanel } from '../../json/json-panel.tsx';
import { consoleTexts } from '../../texts/console.ts';
import { exactTime } from '../../ui/time-text.ts';
import type { Refusal } from './request-row.ts';
import { RowState } from './row-state.tsx';

const { requests: texts } = consoleTexts;

export function RefusalDetail({ refusal }: { refusal: Refusal }) {
  return (
    <>
      <div className="dh">
        <p className="id">
          <span>
            {texts.event} <b className="mono">{refusal.number}</b> · {exactTime(refusal.at)}
          </span>
          <RowState state="refused" />
        </p>
        <h2>
          <bdi>{refusal.error_description ?? refusal.error}</bdi>
        </h2>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div className="db" tabIndex={0}>
        <section>
          <dl className="df">
            <div>
              <dt>{texts.facts.error}</dt>
              <dd className="mono">{refusal.error}</dd>
            </div>
            {refusal.client_id === undefined ? null : (
              <div>
                <dt>{texts.facts.client}</dt>
                <dd>
                  <bdi>{refusal.client_id}</bdi>
                </dd>
              </div>
            )}
            {refusal.hint === undefined ? null : (
              <div>
                <dt>{texts.facts.hint}</dt>
                <dd>{refusal.hint}</dd>
              </div>
            )}
          </dl>
        </section>
        {refusal.exchange === undefined ? null : (
          <section>
            <h3>{texts.exchange}</h3>
            <JsonPanel text={JSON.stringify(refusal.exchange)} label={texts.exchange} view="exchange" />
          </section>
        )}
      </div>
    </>
  );
}
