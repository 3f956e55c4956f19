// What was granted otherwise than it was asked, as rows of facts.
import type { GrantChange } from 'assent/contract';
import { grantTexts } from '../texts/phone-further.ts';

const KINDS = ['struck_out', 'chosen'] as const;

export interface GrantChangesProps {
  changes: readonly GrantChange[];
}

export function GrantChanges({ changes }: GrantChangesProps) {
  return KINDS.map((kind) => {
    const ofKind = changes.filter((change) => change.kind === kind);
    if (ofKind.length === 0) return null;
    return (
      <div className="row" key={kind}>
        <dt>{grantTexts[kind]}</dt>
        {ofKind.map(({ entry, path, label, value }) => (
          <dd key={`${entry}${path}`}>
            <bdi>{value || label}</bdi>
            {value === '' ? null : (
              <small>
                <bdi>{label}</bdi>
              </small>
            )}
          </dd>
        ))}
      </div>
    );
  });
}
