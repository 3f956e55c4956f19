// Where a step is written down: paragraphs of specifications, and behaviour of Auth0 with how it is known.
import { BASES, DOCUMENTS } from '../../texts/explanations/explanation.ts';
import { explanations } from '../../texts/explanations/explanations.ts';
import { panelTexts } from '../../texts/panel.ts';
import { Icon } from '../../ui/icons.tsx';
import { fill, Prose } from '../../ui/prose.tsx';
import { ApiChecks, ApiStop, scopesWouldDo } from './api-checks.tsx';
import type { StepTabProps } from './panel-tabs.ts';
import { eventOf } from './step-facts.ts';

export function hasSpecification({ arrow }: StepTabProps): boolean {
  return Object.hasOwn(explanations, arrow.kind);
}

export function SpecificationTab({ run, arrow }: StepTabProps) {
  const texts = panelTexts.specification;
  const { written, auth0 } = explanations[arrow.kind];
  const event = eventOf(run, arrow);
  const call = event?.type === 'api.called' && arrow.isResponse ? event : undefined;
  return (
    <>
      {call === undefined ? null : <ApiStop event={call} />}
      <div>
        <h3>{texts.written}</h3>
        <ul className="sources">
          {written.map(({ document, section, says }) => (
            <li key={`${document} ${section}`}>
              <a href={addressOf(document, section)} target="_blank" rel="noreferrer">
                {fill(texts.section, { document, section })}
              </a>
              <p>
                <Prose text={says} />
              </p>
            </li>
          ))}
        </ul>
      </div>
      {auth0.length === 0 ? null : (
        <div>
          <h3>{texts.auth0}</h3>
          <ul className="sources">
            {auth0.map(({ basis, says }) => (
              <li key={says}>
                <p>
                  <Prose text={says} />
                </p>
                <small>{BASES[basis]}</small>
              </li>
            ))}
          </ul>
        </div>
      )}
      {call === undefined ? null : (
        <div>
          <h3>{texts.each}</h3>
          <ApiChecks event={call} />
        </div>
      )}
      {call !== undefined && scopesWouldDo(call) ? (
        <p className="note note--pending">
          <Icon name="warning" />
          <span>{texts.scopesAlone}</span>
        </p>
      ) : null}
    </>
  );
}

/** RFCs have an anchor for each section. */
function addressOf(document: keyof typeof DOCUMENTS, section: string): string {
  const address = DOCUMENTS[document];
  return document.startsWith('RFC') ? `${address}#section-${section}` : address;
}
