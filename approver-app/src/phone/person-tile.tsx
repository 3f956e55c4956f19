// A person as two letters on a disc; decoration beside the name.

/** First letters of the first and the last word. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words.at(0), words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? '')][0],
  );
  return letters.join('').toLocaleUpperCase();
}

export function PersonTile({ name, size = 'm' }: { name: string; size?: 's' | 'm' }) {
  return (
    <span className={size === 's' ? 'mono-tile mono-tile--s' : 'mono-tile'} aria-hidden="true">
      <bdi>{initials(name)}</bdi>
    </span>
  );
}
