// Where the approver changes what is granted: a tick for what stays, options for what the request leaves open. The last thing
// that is left cannot be struck out: who wants none of it denies. Loaded where a type lets something be changed.
import type { ApprovalView, ConsentChoice, ConsentRow, ConsentSection } from 'assent/contract';
import { type ReactNode, useId, useState } from 'react';
import { grantTexts } from '../texts/phone-further.ts';
import { fill } from '../ui/prose.tsx';
import {
  type Adjustment,
  AS_ASKED,
  countChanges,
  grantedDetails,
  hasOpenChoice,
  placeOf,
  toggleChosen,
  toggleStruck,
} from './adjustment.ts';
import { ConsentSections, detailSections, type SectionAdditions } from './consent-sections.tsx';
import type { Granting } from './granting.ts';

export interface AdjustableSectionsProps {
  approval: ApprovalView;
  onReadToEnd(): void;
  onChange(granting: Granting): void;
}

export function AdjustableSections({ approval, onReadToEnd, onChange }: AdjustableSectionsProps) {
  const [adjustment, setAdjustment] = useState(AS_ASKED);
  const { consent } = approval;
  const adjusting: Adjusting = {
    adjustment,
    sections: consent.sections,
    change(next) {
      setAdjustment(next);
      onChange({
        granted: grantedDetails(approval, next),
        changeCount: countChanges(next),
        isOpen: hasOpenChoice(consent, next),
      });
    },
  };
  return (
    <ConsentSections
      sections={consent.sections}
      additionsTo={(section, entry) => additionsTo(section, entry, adjusting)}
      onReadToEnd={onReadToEnd}
    />
  );
}

interface Adjusting {
  adjustment: Adjustment;
  sections: readonly ConsentSection[];
  change(next: Adjustment): void;
}

function additionsTo(
  section: ConsentSection,
  entry: number,
  adjusting: Adjusting,
): SectionAdditions | undefined {
  const { may } = section;
  if (may === undefined) return undefined;
  const isStruck = adjusting.adjustment.struck.has(placeOf(entry));
  return {
    above: may.remove ? <KeepEntry section={section} entry={entry} adjusting={adjusting} /> : null,
    below: isStruck
      ? null
      : may.choose.map((choice) => (
          <Choice key={choice.path} choice={choice} entry={entry} adjusting={adjusting} />
        )),
    around: (row, value) =>
      may.shorten.includes(listOf(row.path)) && !isStruck ? (
        <KeepMember row={row} rows={section.rows} entry={entry} adjusting={adjusting}>
          {value}
        </KeepMember>
      ) : (
        value
      ),
  };
}

/** The list that a member stands in. */
function listOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** The tick of a whole detail. */
function KeepEntry({
  section,
  entry,
  adjusting,
}: {
  section: ConsentSection;
  entry: number;
  adjusting: Adjusting;
}) {
  const details = detailSections(adjusting.sections).map((_detail, at) => placeOf(at));
  return (
    <Keep
      place={placeOf(entry)}
      places={details}
      adjusting={adjusting}
      name={fill(grantTexts.keepEntry, { title: section.title })}
    >
      {grantTexts.keep}
    </Keep>
  );
}

interface KeepMemberProps {
  row: ConsentRow;
  rows: readonly ConsentRow[];
  entry: number;
  adjusting: Adjusting;
  children: ReactNode;
}

/** The value of a row that may be struck out of its list. */
function KeepMember({ row, rows, entry, adjusting, children }: KeepMemberProps) {
  const members = rows.filter(({ path }) => listOf(path) === listOf(row.path));
  return (
    <Keep
      place={placeOf(entry, row.path)}
      places={members.map(({ path }) => placeOf(entry, path))}
      adjusting={adjusting}
      name={undefined}
    >
      {row.kind === 'group' && row.value === '' ? grantTexts.keep : children}
    </Keep>
  );
}

function isLastOf(places: readonly string[], place: string, { struck }: Adjustment): boolean {
  return !struck.has(place) && places.every((one) => one === place || struck.has(one));
}

interface KeepProps {
  place: string;
  /** Of which one has to stay. */
  places: readonly string[];
  adjusting: Adjusting;
  /** What a screen reader says where the text alone would not tell. */
  name: string | undefined;
  children: ReactNode;
}

function Keep({ place, places, adjusting: { adjustment, change }, name, children }: KeepProps) {
  const hintId = useId();
  const isLast = isLastOf(places, place, adjustment);
  const isStruck = adjustment.struck.has(place);
  return (
    <>
      <label className="keep" data-struck={isStruck || undefined}>
        <input
          type="checkbox"
          checked={!isStruck}
          aria-label={name}
          aria-disabled={isLast || undefined}
          aria-describedby={isLast ? hintId : undefined}
          onChange={() => {
            if (!isLast) change(toggleStruck(adjustment, place));
          }}
        />
        <span>{children}</span>
      </label>
      {isLast ? (
        <small className="keep-hint" id={hintId}>
          {grantTexts.lastStays}
        </small>
      ) : null}
    </>
  );
}

function Choice({
  choice,
  entry,
  adjusting: { adjustment, change },
}: {
  choice: ConsentChoice;
  entry: number;
  adjusting: Adjusting;
}) {
  const id = useId();
  const place = placeOf(entry, choice.path);
  const chosen = adjustment.chosen.get(place) ?? [];
  return (
    <fieldset className="opts open-choice">
      <legend className="h-sec">
        <bdi>{choice.label}</bdi>
      </legend>
      <p className="when">{choice.many ? grantTexts.chooseSome : grantTexts.chooseOne}</p>
      {choice.options.map((option, at) => (
        <label key={option.label} className="opt">
          <input
            className="vh"
            type={choice.many ? 'checkbox' : 'radio'}
            name={id}
            checked={chosen.includes(at)}
            onChange={() => change(toggleChosen(adjustment, place, at, choice.many))}
          />
          <span className={choice.many ? 'radio tick' : 'radio'} aria-hidden="true" />
          <bdi>{option.label}</bdi>
        </label>
      ))}
    </fieldset>
  );
}
