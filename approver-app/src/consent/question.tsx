// The question in one sentence: who asks, for what, concerning whom. The amount is the largest text on the screen.
import type { ConsentView } from 'assent/contract';
import type { RefObject } from 'react';
import { sharedTexts } from '../texts/shared.ts';
import { fill } from '../ui/prose.tsx';
import { AUTH0_DETAIL_TYPE_PREFIX } from '../wire/contract.ts';
import { detailSections } from './consent-sections.tsx';

export function Question({
  consent,
  headingRef,
}: {
  consent: ConsentView;
  headingRef?: RefObject<HTMLHeadingElement | null>;
}) {
  return (
    <h1 className="ask" tabIndex={-1} ref={headingRef}>
      <span className="who">
        <bdi>{fill(leadIn(consent), { who: consent.who })}</bdi>
      </span>{' '}
      <span className="what" data-len={lengthClass(consent.what)}>
        <bdi>
          <What what={consent.what} currency={consent.currency} />
        </bdi>
      </span>{' '}
      {consent.whom === undefined ? null : (
        <span className="whom">
          <bdi>{consent.whom}</bdi>
        </span>
      )}
    </h1>
  );
}

/** Auth0's schema carries an instruction to the person; a type without wording is a thing; the rest are actions. */
function leadIn(consent: ConsentView): string {
  const [detail, ...others] = detailSections(consent.sections);
  if (others.length > 0 || detail?.known === false) return sharedTexts.content.asksFor;
  if (detail?.type.startsWith(AUTH0_DETAIL_TYPE_PREFIX)) return sharedTexts.content.asksYouTo;
  return sharedTexts.content.asksTo;
}

/** `--size-amount` up to 14 characters, `-long` up to 20, `-max` above. */
function lengthClass(what: string): 'long' | 'max' | undefined {
  const { length } = [...what];
  return length > 20 ? 'max' : length > 14 ? 'long' : undefined;
}

/** A no-break space keeps currency and amount on one line as long as there is room for both. */
function What({ what, currency }: { what: string; currency: string | undefined }) {
  if (currency === undefined || !what.endsWith(` ${currency}`)) return what;
  const words = what.slice(0, -currency.length - 1).split(' ');
  const amount = words.pop() ?? '';
  return (
    <>
      {words.join(' ')}{' '}
      <bdi>
        {amount}
        {'\u00a0'}
        <span className="cur">{currency}</span>
      </bdi>
    </>
  );
}
