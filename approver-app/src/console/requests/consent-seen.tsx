// What the approver is shown, in the order in which it is shown. Nothing is left out: what is not displayed is marked so.
import type { ApprovalView, ConsentRow } from 'assent/contract';
import { consoleTexts } from '../../texts/console.ts';
import { sharedTexts } from '../../texts/shared.ts';
import { fill } from '../../ui/prose.tsx';

const { requests: texts } = consoleTexts;

export function ConsentSeen({ approval }: { approval: Pick<ApprovalView, 'consent' | 'binding_message'> }) {
  const { consent, binding_message: code } = approval;
  const hasTitles = consent.sections.length > 1;
  return (
    <div className="seen">
      <p>
        <bdi>{fill(sharedTexts.content.asksTo, { who: consent.who })}</bdi>
      </p>
      <p className="a">
        <bdi>{consent.what}</bdi>
      </p>
      {consent.whom === undefined ? null : (
        <p>
          <bdi>{consent.whom}</bdi>
        </p>
      )}
      {code === '' ? (
        <p className="quiet">{sharedTexts.content.noCode}</p>
      ) : (
        <dl className="df">
          <dt>{texts.code}</dt>
          <dd className="mono">
            <bdi>{code}</bdi>
          </dd>
        </dl>
      )}
      {consent.sections.map((section, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the order of the sections is part of the content
        <div key={index}>
          {hasTitles ? (
            <p className="seen-title">
              <bdi>{section.title}</bdi>
            </p>
          ) : null}
          <dl className="df">
            {section.rows.map((row) => (
              <Row key={row.path} row={row} />
            ))}
          </dl>
        </div>
      ))}
    </div>
  );
}

function Row({ row }: { row: ConsentRow }) {
  const indent = { paddingInlineStart: `${row.depth * 0.75}rem` };
  return (
    <>
      <dt style={indent}>
        <bdi>{row.label}</bdi>
      </dt>
      <dd className={row.kind === 'code' ? 'mono' : undefined}>
        <bdi>{row.value === '' ? '""' : row.value}</bdi>
        {row.hidden ? <small className="quiet"> {texts.hidden}</small> : null}
        {row.note === undefined ? null : (
          <small className="quiet">
            {' '}
            <bdi>{row.note}</bdi>
          </small>
        )}
      </dd>
    </>
  );
}
