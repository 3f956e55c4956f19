// What came back: the status, the headers, and the body as a tree and as raw text.
import { JsonPanel } from '../../json/json-panel.tsx';
import { shortenToken } from '../../json/jwt.ts';
import { letterOf, ValueMark } from '../../json/value-mark.tsx';
import { panelTexts } from '../../texts/panel.ts';
import { headerWords, memberWords } from '../../texts/parameters.ts';
import { Icon } from '../../ui/icons.tsx';
import { fill, Prose, plural } from '../../ui/prose.tsx';
import { NamedValues } from './named-values.tsx';
import type { StepTabProps } from './panel-tabs.ts';
import { eventOf, tellWaits } from './step-facts.ts';

export function ResponseTab({ run, step, arrow }: StepTabProps) {
  const texts = panelTexts.exchange;
  const event = eventOf(run, arrow);
  if (event?.type === 'api.called') {
    return (
      <>
        <p className="line">{statusLine(event.status)}</p>
        <p className="quiet">{texts.answerOnly}</p>
      </>
    );
  }
  if (arrow.exchange === undefined) return <p>{texts.none}</p>;
  const { status, headers, body } = arrow.exchange.response;
  const waits = tellWaits(step.arrows);
  return (
    <>
      <p className="line">{statusLine(status)}</p>
      <NamedValues title={texts.headers} rows={Object.entries(headers)} words={headerWords} />
      {body === undefined ? (
        <p className="quiet">{texts.noBody}</p>
      ) : (
        <>
          <NamedValues title={texts.body} rows={simpleMembers(body)} words={memberWords} />
          <JsonPanel text={JSON.stringify(body)} label={texts.body} view="response" />
        </>
      )}
      {event?.type === 'poll.answered' ? (
        <p className="note">
          <Icon name="info" />
          <span>
            <Prose
              text={texts.normal400}
              values={{ interval: fill(panelTexts.facts.seconds, { count: event.interval }) }}
            />
          </span>
        </p>
      ) : null}
      {waits === undefined ? null : (
        <div>
          <h3>{plural(panelTexts.why.repeated, step.arrows.length)}</h3>
          <p className="num">{fill(panelTexts.why.waits, { waits })}</p>
        </div>
      )}
    </>
  );
}

function statusLine(status: number): string {
  return `${status} ${panelTexts.statuses[status] ?? ''}`.trim();
}

/** Members that are one value each; what is inside of others is in the tree. */
function simpleMembers(body: Readonly<Record<string, unknown>>) {
  return Object.entries(body)
    .filter(([, value]) => typeof value !== 'object' || value === null)
    .map(([name, value]) => {
      const letter = letterOf(name);
      const text = shortenToken(String(value));
      return [
        name,
        letter === undefined ? (
          <bdi key={name}>{text}</bdi>
        ) : (
          <ValueMark key={name} letter={letter}>
            {text}
          </ValueMark>
        ),
      ] as const;
    });
}
