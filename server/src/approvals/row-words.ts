// How the tenant words the fields of a type: labels, words for values, units, and what is read sign by sign. A pointer may have
// `*` for any place in a list. Wording adds: the value as it was sent stands beside its words.
import type { AuthorizationDetailTypeConfig, ConsentRow } from '../contract/index.ts';
import { showInvisible } from './consent-text.ts';

export interface RowWords {
  labelAt(path: string): string | undefined;
  /** The value that stands at `path`, spelt as text. */
  wordValue(path: string, text: string): Pick<ConsentRow, 'value' | 'note'> & { kind?: 'code' };
}

/** Everything as it was sent. */
export const NO_WORDS: RowWords = { labelAt: () => undefined, wordValue: (_path, value) => ({ value }) };

export function rowWordsOf(type: AuthorizationDetailTypeConfig | undefined): RowWords {
  const display = type?.display;
  if (display === undefined) return NO_WORDS;
  const { labels, values, units, code } = display;
  return {
    labelAt: (path) => labels[path] ?? labels[withoutPlaces(path)],
    wordValue(path, text) {
      const known = at(values, path) ?? at(values, path.slice(0, path.lastIndexOf('/')));
      const words = known !== undefined && Object.hasOwn(known, text) ? known[text] : undefined;
      if (words !== undefined) return { value: showInvisible(words), note: text };
      const unit = at(units, path);
      if (unit !== undefined) return { value: `${text} ${showInvisible(unit)}` };
      const isCode = code.includes(path) || code.includes(withoutPlaces(path));
      return isCode ? { value: text, kind: 'code' } : { value: text };
    },
  };
}

function at<Value>(by: Readonly<Record<string, Value>>, path: string): Value | undefined {
  return by[path] ?? by[withoutPlaces(path)];
}

/** RFC 6901: a place in a list is a whole number. */
function withoutPlaces(path: string): string {
  return path.replaceAll(/\/\d+(?=\/|$)/g, '/*');
}
