// The drawn glyphs of a developer's pages, 20 by 20. Those of every page are in ui/icons.tsx.

const PATHS = {
  list: 'M7 5.5h10M7 10h10M7 14.5h10M3 5.5h.01M3 10h.01M3 14.5h.01',
  person: 'M10 10a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 10 10ZM3.8 17c.6-3.2 3-5 6.2-5s5.6 1.8 6.2 5',
  window: 'M3 4h14v12H3zM3 7.5h14',
  code: 'M7 5 2.5 10 7 15M13 5l4.500 5-4.500 5',
  bell: 'M5 14V9a5 5 0 0 1 10 0v5l1.500 1.500h-13zM8.500 17.500h3',
  mail: 'M3 5h14v10.500H3zM3 5.500l7 5.500 7-5.500',
  pulse: 'M3 10h3l2-5 3.500 10L14 10h3',
  sliders: 'M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4',
  search: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12ZM13.500 13.500 17 17',
  sequence: 'M4 3v14M16 3v14M4 7h10M11.500 5 14 7l-2.500 2M16 13H6M8.500 11 6 13l2.500 2',
  phone: 'M6 2.500h8v15H6zM9 15h2',
  pause: 'M7 4.500v11M13 4.500v11',
  play: 'M6.500 4.500v11l9-5.500z',
  download: 'M10 3v10M6 9.500l4 4 4-4M4 17h12',
  open: 'M8 4.500H4.500v11h11V12M11 4.500h4.500V9M15 5l-6 6',
  plus: 'M10 4v12M4 10h12',
  lesson:
    'M3 5.500c2.500-1.200 4.800-1 7 .5 2.200-1.500 4.500-1.700 7-.5v10c-2.500-1.200-4.800-1-7 .5-2.200-1.500-4.500-1.700-7-.5zM10 6v10',
  terminal: 'M3 4h14v12H3zM6 8l2.500 2L6 12M10.500 12.500H14',
  undo: 'M7 4 3.500 7.500 7 11M4 7.500h7.500a4.500 4.500 0 0 1 0 9H8',
} as const;

export type DeskIconName = keyof typeof PATHS;

export function DeskIcon({ name }: { name: DeskIconName }) {
  return (
    <svg className="ico" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark and the word, drawn. */
export function Brand() {
  return (
    <>
      <svg className="brand-mark" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
        <path
          d="M9.5 25.500c2.300-1.300 4.300-.3 6.200 3.300 1.600 3.100 2.900 4.600 4.200 2.100C24.300 22.300 30 14.800 39 8.200"
          strokeWidth="5"
        />
        <path d="M9 40h30" strokeWidth="3" />
      </svg>
      <span className="brand-word">Assent</span>
    </>
  );
}
