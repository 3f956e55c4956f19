// What is known of the signature of a token. A whole token is verified; one whose signature was taken out can be made whole by
// whoever has it, and what is pasted stays in this page.
import type { JWK } from 'jose';
import { type ReactNode, useState } from 'react';
import { jsonTexts } from '../texts/json.ts';
import { Prose } from '../ui/prose.tsx';
import { memberOf } from './json-text.ts';
import { type DecodedJwt, decodeJwt } from './jwt.ts';
import { type JwtVerdict, verifyJwt } from './jwt-verdict.ts';
import { Verdict } from './verdict.tsx';

interface SignatureVerdictProps {
  jwt: DecodedJwt;
  fetchKeys?: (() => Promise<readonly JWK[]>) | undefined;
}

type State = JwtVerdict | 'checking' | 'other' | undefined;

export function SignatureVerdict({ jwt, fetchKeys }: SignatureVerdictProps) {
  const texts = jsonTexts.jwt;
  const [state, setState] = useState<State>();
  const [pasted, setPasted] = useState('');

  function check(token: string): void {
    if (fetchKeys === undefined) return;
    setState('checking');
    void verifyJwt(token, fetchKeys).then(setState);
  }

  if (state !== undefined && state !== 'other') return <Known state={state} jwt={jwt} />;
  const { parts } = jwt;
  if (jwt.isWhole && parts !== undefined) {
    return (
      <Verdict tone="open">
        <Prose text={texts.unverified} />
        {fetchKeys === undefined ? null : (
          <button
            type="button"
            className="btn btn--s"
            onClick={() => check(`${parts.header}.${parts.claims}.${parts.signature}`)}
          >
            {texts.check}
          </button>
        )}
      </Verdict>
    );
  }
  return (
    <Verdict tone="open">
      <Prose text={texts.decodedOnly} />
      {fetchKeys === undefined ? null : (
        <form
          className="jwt-paste"
          onSubmit={(event) => {
            event.preventDefault();
            const whole = decodeJwt(pasted);
            if (whole?.isWhole === true && saysTheSame(whole, jwt)) check(pasted.trim());
            else setState('other');
          }}
        >
          <label>
            {texts.paste}
            <input
              value={pasted}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setPasted(event.target.value)}
            />
          </label>
          <button type="submit" className="btn btn--s">
            {texts.check}
          </button>
          {state === 'other' ? <p>{texts.other}</p> : null}
        </form>
      )}
    </Verdict>
  );
}

/** What was pasted is the token that is shown: otherwise the verdict would be about something else. */
function saysTheSame(whole: DecodedJwt, shown: DecodedJwt): boolean {
  if (whole.parts !== undefined && shown.parts !== undefined) {
    return whole.parts.header === shown.parts.header && whole.parts.claims === shown.parts.claims;
  }
  return whole.header.source === shown.header.source && whole.claims.source === shown.claims.source;
}

function Known({ state, jwt }: { state: Exclude<State, 'other' | undefined>; jwt: DecodedJwt }) {
  const texts = jsonTexts.jwt;
  const header = (name: string): string => {
    const node = memberOf(jwt.header, name);
    return node?.kind === 'string' ? node.text : '?';
  };
  const say = (tone: 'good' | 'bad' | 'open', text: string, values: Record<string, ReactNode> = {}) => (
    <Verdict tone={tone}>
      <Prose text={text} values={values} />
    </Verdict>
  );
  if (state === 'checking') return say('open', texts.checking);
  if (state.verdict === 'verified')
    return say('good', texts.verified, { key: state.keyId, algorithm: state.algorithm });
  if (state.verdict === 'unknown') return say('open', texts.keysUnreachable);
  return say('bad', texts.wrong[state.why], { key: header('kid'), algorithm: header('alg') });
}
