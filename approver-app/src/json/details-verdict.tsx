// Whether a token carries exactly what was approved; if not, which places differ.
import { jsonTexts } from '../texts/json.ts';
import { Prose } from '../ui/prose.tsx';
import { compareJson, type JsonDifference } from './json-difference.ts';
import { type JsonNode, readJson } from './json-text.ts';
import { markClass, useFollowing } from './value-mark.tsx';
import { Verdict } from './verdict.tsx';

export interface ApprovedDetails {
  /** The details as JSON. */
  text: string;
  who?: string;
  /** In the notation of the reader. */
  time?: string;
}

export function DetailsVerdict({
  approved,
  carried,
}: {
  approved: ApprovedDetails;
  carried: JsonNode | undefined;
}) {
  const texts = jsonTexts.jwt;
  const reading = readJson(approved.text);
  if (!reading.ok) return null;
  if (carried === undefined) {
    return (
      <Verdict tone="bad">
        <Prose text={texts.notThere} />
      </Verdict>
    );
  }
  const differences = compareJson(reading.root, carried);
  if (differences.length > 0) {
    return (
      <>
        <Verdict tone="bad">
          <Prose text={texts.different} />
        </Verdict>
        <DifferenceTable differences={differences} after={texts.inToken} />
      </>
    );
  }
  const { who, time } = approved;
  return (
    <Verdict tone="good">
      {who === undefined || time === undefined ? (
        <Prose text={texts.identical} />
      ) : (
        <Prose text={texts.identicalAt} values={{ who, time }} />
      )}
    </Verdict>
  );
}

/** @param after what the second column of values is: what the token says, or what was asked for */
export function DifferenceTable({
  differences,
  after,
}: {
  differences: readonly JsonDifference[];
  after: string;
}) {
  const texts = jsonTexts.jwt;
  const { followed } = useFollowing();
  return (
    <table className="kv kv--three">
      <thead>
        <tr>
          <th scope="col">{texts.field}</th>
          <th scope="col">{texts.approved}</th>
          <th scope="col">{after}</th>
        </tr>
      </thead>
      <tbody>
        {differences.map((difference) => (
          <tr key={difference.pointer}>
            <th scope="row">{difference.pointer}</th>
            <td>
              {difference.before === undefined ? (
                <span className="quiet">{texts.absent}</span>
              ) : (
                <span className={markClass('d', followed)}>{difference.before}</span>
              )}
            </td>
            <td>
              {difference.after === undefined ? (
                <span className="quiet">{texts.absent}</span>
              ) : (
                <b>{difference.after}</b>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
