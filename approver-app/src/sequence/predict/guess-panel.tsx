// The panel of predict mode: the question, its four answers, and what it was.
import type { Run } from 'assent/sequence';
import { useEffect, useId, useRef } from 'react';
import { sequenceTexts } from '../../texts/sequence.ts';
import { steppingTexts } from '../../texts/stepping.ts';
import { Icon } from '../../ui/icons.tsx';
import { useAnnounce } from '../../ui/live-region.tsx';
import { fill } from '../../ui/prose.tsx';
import type { Predict, Question } from './use-predict.ts';

const { predict: texts } = steppingTexts;

const LETTERS_OF_CHOICES = ['A', 'B', 'C', 'D'] as const;

export function GuessPanel({ predict, run }: { predict: Predict; run: Run }) {
  const { question, phase, asked, right } = predict;
  const heading = useRef<HTMLHeadingElement>(null);
  useAnnouncedResult(predict);
  const before = run.steps.at(phase === 'revealed' ? -2 : -1);
  const number = question?.number;
  return (
    <aside className="panel" aria-label={texts.label}>
      <div className="hd">
        <p className="n">
          <span>{number === undefined ? texts.label : fill(texts.number, { number })}</span>
          <span>{asked === 0 ? '' : fill(texts.score, { right, asked })}</span>
        </p>
        <h2 ref={heading} tabIndex={-1}>
          {headingOf(predict)}
        </h2>
      </div>
      {question === undefined ? (
        <Pause predict={predict} isOver={isOver(run)} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <div className="tp" tabIndex={0}>
          {before === undefined ? null : <p>{fill(texts.after, { sentence: before.sentence })}</p>}
          <Choices predict={predict} question={question} />
          {phase === 'revealed' ? (
            <Result predict={predict} />
          ) : (
            <HiddenNote predict={predict} shown={run.steps.length} />
          )}
          {phase === 'open' && question.hint !== undefined ? (
            <details>
              <summary>{texts.hint}</summary>
              <p>
                {fill(texts.hintText, {
                  from: sequenceTexts.participants[question.hint.from],
                  to: sequenceTexts.participants[question.hint.to],
                })}
              </p>
            </details>
          ) : null}
        </div>
      )}
      {question === undefined ? null : (
        <div className="ft">
          <span>{fill(texts.keys, { first: 'A', last: 'D' })}</span>
          <span className="grp">
            {phase === 'revealed' ? (
              <button type="button" className="btn btn--s btn--main" onClick={predict.next}>
                {texts.next}
              </button>
            ) : (
              <>
                <button type="button" className="btn btn--s" onClick={predict.skip}>
                  {texts.skip}
                </button>
                <button
                  type="button"
                  className="btn btn--s btn--main"
                  aria-disabled={predict.chosen === undefined || phase === 'revealing'}
                  onClick={predict.reveal}
                >
                  {texts.reveal}
                </button>
              </>
            )}
          </span>
        </div>
      )}
    </aside>
  );
}

function headingOf({ question, phase, hidden }: Predict): string {
  if (phase === 'revealing') return texts.revealing;
  if (question !== undefined) return question.isHeld ? texts.heldQuestion : texts.question;
  return hidden > 0 ? texts.question : texts.waiting;
}

function isOver({ outcome }: Run): boolean {
  return outcome !== 'pending' && outcome !== 'approved';
}

function Choices({ predict, question }: { predict: Predict; question: Question }) {
  const name = useId();
  const { phase, chosen, revealed } = predict;
  return (
    <fieldset className="guess" disabled={phase !== 'open'}>
      <legend className="vh">{texts.choices}</legend>
      {question.choices.map(({ kind, text }, index) => {
        const isAnswer = revealed?.kind === kind;
        const verdict =
          phase !== 'revealed' ? undefined : isAnswer ? 'right' : chosen === kind ? 'wrong' : undefined;
        return (
          <label key={kind} data-chosen={chosen === kind} data-verdict={verdict}>
            <input
              type="radio"
              name={name}
              className="vh"
              checked={chosen === kind}
              onKeyDown={({ key }) => {
                if (key === 'Enter') predict.reveal();
              }}
              onChange={() => predict.choose(kind)}
            />
            <b>{LETTERS_OF_CHOICES[index]}</b>
            <span>{text}</span>
            {verdict === undefined ? null : <Icon name={verdict === 'right' ? 'approve' : 'deny'} />}
          </label>
        );
      })}
    </fieldset>
  );
}

function Result({ predict: { chosen, revealed } }: { predict: Predict }) {
  if (revealed === undefined) return null;
  const text = revealed.title;
  const verdict = chosen === undefined ? texts.skipped : chosen === revealed.kind ? texts.right : texts.wrong;
  return (
    <div className="guess-result">
      <p>
        <b>{fill(verdict, { text })}</b>
      </p>
      <p>{revealed.sentence}</p>
    </div>
  );
}

function HiddenNote({ predict: { hidden }, shown }: { predict: Predict; shown: number }) {
  const from = shown + 1;
  const pattern = hidden === 0 ? texts.hiddenLive : hidden === 1 ? texts.hiddenOne : texts.hiddenRest;
  return <p className="hidden-note">{fill(pattern, { from, to: shown + hidden })}</p>;
}

function Pause({ predict, isOver }: { predict: Predict; isOver: boolean }) {
  return (
    <div className="tp">
      {isOver ? (
        <>
          <p>{texts.over}.</p>
          <div className="grp">
            <button type="button" className="btn btn--s btn--main" onClick={predict.again}>
              {texts.again}
            </button>
            <button type="button" className="btn btn--s" onClick={predict.toggle}>
              {texts.leave}
            </button>
          </div>
        </>
      ) : (
        <p>{texts.waitingLead}</p>
      )}
    </div>
  );
}

function useAnnouncedResult({ phase, chosen, revealed }: Predict): void {
  const announce = useAnnounce();
  useEffect(() => {
    if (phase !== 'revealed' || revealed === undefined) return;
    const pattern = chosen === revealed.kind ? texts.announcedRight : texts.announcedWrong;
    announce(fill(pattern, { text: revealed.title }));
  }, [phase, chosen, revealed, announce]);
}
