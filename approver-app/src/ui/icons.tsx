// The drawn glyphs, 20 by 20. They accompany words and are hidden from screen readers.

const PATHS = {
  back: 'M12.5 4.5 7 10l5.5 5.5',
  forward: 'M7.5 4.5 13 10l-5.5 5.5',
  down: 'M4.5 7.5 10 13l5.5-5.5',
  sliders: 'M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4',
  approve: 'M3.5 10.8c1.2-.5 2.2.3 3.2 2.2.7 1.4 1.3 2 1.9.9C10.7 10 13 7 16.8 4.2',
  deny: 'M5 5l10 10M15 5 5 15',
  clock: 'M10 5.5V10l3 2M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15Z',
  info: 'M10 9v5M10 6.3v.01M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15Z',
  warning: 'M10 3.2 17.5 16.5h-15zM10 8v4M10 14.3v.01',
  offline:
    'M3 3l14 14M5.5 11.2a7 7 0 0 1 2-1.3M12.5 9.9a7 7 0 0 1 2 1.3M2.5 8a11 11 0 0 1 3-2M10 6a11 11 0 0 1 7.5 2.5M10 15.2v.01',
  copy: 'M7 7h9.5v9.5H7zM13 7V3.5H3.5V13H7',
  relay: 'M3 7h13M13 4l3 3-3 3M17 13H4M7 10l-3 3 3 3',
  mail: 'M3 5h14v10.5H3zM3 5.5l7 5.5 7-5.5',
  lock: 'M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9',
} as const;

export type IconName = keyof typeof PATHS;

/** Arrows that point along the reading direction turn with it. */
const DIRECTIONAL: readonly IconName[] = ['back', 'forward'];

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      className={DIRECTIONAL.includes(name) ? 'ico ico--dir' : 'ico'}
      viewBox="0 0 20 20"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

const SIGNS = {
  approved: { path: 'M14 37c5-3 9-.6 13 7 3.4 6.5 6 9.5 8.8 4.3C45 31 56 17 74 5', width: 7 },
  denied: { path: 'M28 14l32 34M60 14 28 48', width: 7 },
  expired: { path: 'M14 62v-10M26 62v-10M38 62v-10M50 62v-10M62 62v-10M74 62v-10', width: 4 },
} as const;

/** The mark on the line where one signs. Drawing it is the only animation of an outcome. */
export function Sign({ outcome, tone }: { outcome: keyof typeof SIGNS; tone: string }) {
  const { path, width } = SIGNS[outcome];
  return (
    <svg className={`sign sign--${tone}`} viewBox="0 0 88 72" aria-hidden="true" focusable="false">
      <path className="sign-line" d="M6 62h76" />
      <path className="sign-stroke" d={path} strokeWidth={width} pathLength={1} />
    </svg>
  );
}
