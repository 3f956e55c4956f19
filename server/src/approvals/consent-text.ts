// How values become text that an approver can trust: spelt as JSON spells them, with nothing in it that acts on the reader
// without being seen. A right-to-left override would turn "00.05" into "50.00"; here it is written out.

/**
 * Controls, format characters (bidi controls, zero-width characters, tags), line and paragraph separators, and everything
 * that a font may leave out. Not the selector that makes an emoji colourful. Unicode Technical Report 36.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?!\uFE0F)\p{Default_Ignorable_Code_Point}|\u2800/gu;

/** Zero-width joiners hold composed emoji together. There they are harmless, and written out they would only confuse. */
const JOINED_EMOJI = /(?<=\p{Extended_Pictographic}\uFE0F?)\u200D(?=\p{Extended_Pictographic})/gu;
const PLACEHOLDER = '\uE000';

/** Visible ASCII, spaces within. Most texts have nothing else, and need no look at each of their signs. */
const PLAIN = /^[ -~]*$/;

/** The text with every character that cannot be seen written out as `⟨U+202E⟩`. */
export function showInvisible(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replaceAll(PLACEHOLDER, '⟨U+E000⟩')
    .replaceAll(JOINED_EMOJI, PLACEHOLDER)
    .replaceAll(INVISIBLE, (character) => {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      return `⟨U+${code}⟩`;
    })
    .replaceAll(PLACEHOLDER, '\u200D');
}

/** Scripts whose letters pass for others. */
const LOOKALIKES = {
  Latin: /\p{Script=Latin}/u,
  Cyrillic: /\p{Script=Cyrillic}/u,
  Greek: /\p{Script=Greek}/u,
  Armenian: /\p{Script=Armenian}/u,
  Cherokee: /\p{Script=Cherokee}/u,
} as const;

/** Says so where one word has letters of several scripts, as in a name that is made to look like another. UTS 39 §5. */
export function describeMixture(text: string): string | undefined {
  if (PLAIN.test(text)) return undefined;
  for (const word of text.split(/[^\p{L}\p{M}]+/u)) {
    const scripts = Object.entries(LOOKALIKES).flatMap(([name, letter]) => (letter.test(word) ? [name] : []));
    if (scripts.length > 1) return `Letters of ${scripts.join(' and ')} in one word`;
  }
  return undefined;
}

/** A value as its JSON spells it; text without the quotes. */
export function textOf(value: unknown): string {
  return showInvisible(typeof value === 'string' ? value : JSON.stringify(value));
}

/** "instructedAmount" and "instructed_amount" read "Instructed amount". */
export function wordsOf(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_.-]+/g, ' ')
    .trim();
  if (words === '') return name === '' ? 'unnamed' : showInvisible(name);
  return showInvisible(words.charAt(0).toUpperCase() + words.slice(1).toLowerCase());
}
