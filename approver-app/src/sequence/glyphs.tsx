// The glyphs that only the playback has, 20 by 20.

const PATHS = {
  first: 'M15.5 4.500v11L9.500 10zM9 4.500v11L3 10zM2 4.500v11',
  previous: 'M15 4.500v11L8 10zM5 4.500v11',
  next: 'M5 4.500v11L12 10zM15 4.500v11',
} as const;

export function Glyph({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg className="ico" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
