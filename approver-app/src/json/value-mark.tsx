// Values that can be followed through a run: one letter and one colour wherever they stand. The letter is there for whoever
// does not see the colour. Who selects one is remembered by the page, so this file only marks and tells.
import { createContext, type ReactNode, useContext } from 'react';
import { jsonTexts } from '../texts/json.ts';

export type ValueLetter = keyof typeof jsonTexts.values;

interface Following {
  followed: ValueLetter | undefined;
  follow(letter: ValueLetter | undefined): void;
}

const FollowingContext = createContext<Following>({ followed: undefined, follow: () => undefined });

export const FollowingProvider = FollowingContext.Provider;

export function useFollowing(): Following {
  return useContext(FollowingContext);
}

/** Under which names of parameters, members and claims each value travels. */
const LETTERS: Readonly<Record<string, ValueLetter>> = {
  auth_req_id: 'a',
  binding_message: 'b',
  consent_id: 'c',
  transaction_linking_id: 'c',
  txn: 'c',
  challenge: 'c',
  challenge_response: 'c',
  authorization_details: 'd',
  access_token: 't',
};

export function letterOf(name: string): ValueLetter | undefined {
  return Object.hasOwn(LETTERS, name) ? LETTERS[name] : undefined;
}

export function markClass(letter: ValueLetter, followed: ValueLetter | undefined): string {
  return `v v--${letter}${letter === followed ? ' v--followed' : ''}`;
}

/** A value in its colour, as a button that follows it through all steps. */
export function ValueMark({ letter, children }: { letter: ValueLetter; children: ReactNode }) {
  const { followed, follow } = useFollowing();
  const isFollowed = followed === letter;
  return (
    <button
      type="button"
      className={markClass(letter, followed)}
      aria-pressed={isFollowed}
      onClick={() => follow(isFollowed ? undefined : letter)}
    >
      <i aria-hidden="true">{letter}</i>
      <span className="vh">{jsonTexts.values[letter]}: </span>
      {children}
    </button>
  );
}
