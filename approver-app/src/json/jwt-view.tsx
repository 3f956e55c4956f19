// A token to look into: what is known of its signature, whether it carries what was approved, its parts, header and claims.
// Decoding is not verifying, and the view says which of the two it did.
import type { JWK } from 'jose';
import { jsonTexts } from '../texts/json.ts';
import { useCopy } from '../ui/copy-text.ts';
import { Icon } from '../ui/icons.tsx';
import { ClaimsTable } from './claims-table.tsx';
import { type ApprovedDetails, DetailsVerdict } from './details-verdict.tsx';
import { JsonPanel } from './json-panel.tsx';
import { memberOf } from './json-text.ts';
import { type DecodedJwt, withoutMiddle } from './jwt.ts';
import { SignatureVerdict } from './signature-verdict.tsx';

interface JwtViewProps {
  jwt: DecodedJwt;
  /** The time of the server: what is over and what is not goes by it. */
  nowMs: number;
  /** What was approved, where that is known: the token is compared with it. */
  approved?: ApprovedDetails | undefined;
  /** Gets the keys of the issuer; absent where there is no server to ask. */
  fetchKeys?: (() => Promise<readonly JWK[]>) | undefined;
}

export function JwtView({ jwt, nowMs, approved, fetchKeys }: JwtViewProps) {
  const texts = jsonTexts.jwt;
  return (
    <div className="jwtview">
      <SignatureVerdict jwt={jwt} fetchKeys={fetchKeys} />
      {approved === undefined ? null : (
        <DetailsVerdict approved={approved} carried={memberOf(jwt.claims, 'authorization_details')} />
      )}
      {jwt.parts === undefined ? null : <TokenParts parts={jwt.parts} isWhole={jwt.isWhole} />}
      <ClaimsTable title={texts.headerTitle} node={jwt.header} words={jsonTexts.header} nowMs={nowMs} />
      <ClaimsTable title={texts.claimsTitle} node={jwt.claims} words={jsonTexts.claims} nowMs={nowMs} />
      <div>
        <h3>{texts.claimsJson}</h3>
        <JsonPanel text={jwt.claims.source} label={texts.claimsJson} view="claims" />
      </div>
    </div>
  );
}

const PARTS = ['header', 'claims', 'signature'] as const;

/** Shortened in the middle of each part, since the ends are what people compare. */
function TokenParts({ parts, isWhole }: { parts: NonNullable<DecodedJwt['parts']>; isWhole: boolean }) {
  const texts = jsonTexts.jwt;
  const copy = useCopy();
  return (
    <div>
      <p className="jwt" dir="ltr">
        <span className="vh">{texts.label}: </span>
        {PARTS.map((part, index) => (
          <span key={part}>
            {index === 0 ? null : <b>.</b>}
            <span className={`jwt-${part}`}>{withoutMiddle(parts[part])}</span>
          </span>
        ))}
      </p>
      <div className="jwt-legend">
        {PARTS.map((part) => (
          <span key={part} className={`jwt-${part}`}>
            {texts.partNames[part]}
          </span>
        ))}
        <button
          type="button"
          className="btn btn--s"
          onClick={() => void copy(PARTS.map((part) => parts[part]).join('.'))}
        >
          <Icon name="copy" />
          {isWhole ? texts.copyToken : texts.copyWithout}
        </button>
      </div>
    </div>
  );
}
