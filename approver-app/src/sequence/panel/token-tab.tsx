// What the access token says. Its signature is no part of the story.
import { sequenceTexts } from '../../texts/sequence.ts';
import type { StepTabProps } from './panel-tabs.ts';

export function hasToken(props: StepTabProps): boolean {
  return readToken(props) !== undefined;
}

export function TokenTab(props: StepTabProps) {
  return (
    <>
      <h3>{sequenceTexts.panel.claims}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre className="codeblock" tabIndex={0} dir="ltr">
        {JSON.stringify(readToken(props), null, 2)}
      </pre>
    </>
  );
}

function readToken({ arrow, run }: StepTabProps) {
  const event = run.events.find(({ number }) => number === arrow.event);
  return event?.type === 'token.issued' || event?.type === 'api.called' ? event.access_token : undefined;
}
