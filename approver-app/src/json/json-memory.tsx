// Remembers what is folded in a JSON view, so that another step, a live update or a change of tabs leaves it as it was.
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';

type Folded = ReadonlySet<string>;

interface Memory {
  folded(view: string): Folded;
  fold(view: string, folded: Folded): void;
}

const NOTHING: Folded = new Set();

const MemoryContext = createContext<Memory | undefined>(undefined);

export function JsonMemory({ children }: { children: ReactNode }) {
  const [views, setViews] = useState<Readonly<Record<string, Folded>>>({});
  const memory = useMemo<Memory>(
    () => ({
      folded: (view) => views[view] ?? NOTHING,
      fold: (view, folded) => setViews((earlier) => ({ ...earlier, [view]: folded })),
    }),
    [views],
  );
  return <MemoryContext value={memory}>{children}</MemoryContext>;
}

/** Ids of the folded values of the view of that name; without a `<JsonMemory>` around it, it lives as long as the view. */
export function useFolded(view: string): [Folded, (folded: Folded) => void] {
  const memory = useContext(MemoryContext);
  const own = useState<Folded>(NOTHING);
  return memory === undefined ? own : [memory.folded(view), (folded) => memory.fold(view, folded)];
}
