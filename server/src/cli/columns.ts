// Rows of a terminal in columns, each as wide as its longest text. For every list that a command prints.
import type { Paint, Style } from './output.ts';

export type Cell = string | readonly [style: Style, text: string];

/** One line for each row. The last column ends where its text does. */
export function alignColumns(rows: ReadonlyArray<readonly Cell[]>, paint: Paint, indent = '  '): string {
  const textOf = (cell: Cell = ''): string => (typeof cell === 'string' ? cell : cell[1]);
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => textOf(row[column]).length)),
  );
  const format = (cell: Cell, width: number): string => {
    // Colours have no width, so they come last.
    const padded = textOf(cell).padEnd(width);
    return typeof cell === 'string' ? padded : paint(cell[0], padded);
  };
  return rows
    .map((row) =>
      row.map((cell, column) => format(cell, column === row.length - 1 ? 0 : (widths[column] ?? 0))),
    )
    .map((cells) => indent + cells.join('  '))
    .join('\n');
}
