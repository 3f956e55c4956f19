// The rows of a JSON tree: which are there, given what is folded, and where a search finds its words. Pure.
import type { JsonNode } from './json-text.ts';

export interface JsonRow {
  node: JsonNode;
  /** Name of the member, or position in the list; absent for the whole. */
  label?: string;
  isPosition: boolean;
  /** From 1, as `aria-level`. */
  level: number;
  position: number;
  siblings: number;
  parentId?: string;
  isOpen: boolean;
}

/** How many members or entries it has; nothing for a single value. */
export function countParts(node: JsonNode): number | undefined {
  if (node.kind === 'object') return node.members.length;
  return node.kind === 'array' ? node.items.length : undefined;
}

export function canFold(node: JsonNode): boolean {
  return (countParts(node) ?? 0) > 0;
}

/** Every row that is not inside something folded, in the order of the text. */
export function readRows(root: JsonNode, isFolded: (node: JsonNode) => boolean): JsonRow[] {
  const rows: JsonRow[] = [];
  const visit = (node: JsonNode, place: Omit<JsonRow, 'node' | 'isOpen'>): void => {
    const isOpen = canFold(node) && !isFolded(node);
    rows.push({ ...place, node, isOpen });
    if (!isOpen) return;
    const parts = partsOf(node);
    parts.forEach(({ label, value }, index) => {
      visit(value, {
        label,
        isPosition: node.kind === 'array',
        level: place.level + 1,
        position: index + 1,
        siblings: parts.length,
        parentId: node.id,
      });
    });
  };
  visit(root, { isPosition: false, level: 1, position: 1, siblings: 1 });
  return rows;
}

/** Ids of the values whose name or content has `words` in it, whatever the case, in the order of the text. */
export function findInJson(root: JsonNode, words: string): string[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return [];
  const rows = readRows(root, () => false);
  return rows
    .filter(({ label, isPosition, node }) => {
      const content = node.kind === 'string' ? node.text : canFold(node) ? '' : node.source;
      return (
        (!isPosition && label?.toLowerCase().includes(wanted) === true) ||
        content.toLowerCase().includes(wanted)
      );
    })
    .map(({ node }) => node.id);
}

/** Whether `id` is inside the value `outer`, or is it. */
export function isWithin(id: string, outer: string): boolean {
  return id === outer || id.startsWith(`${outer}/`);
}

export type TreeMove = { select: string } | { fold: string; isFolded: boolean };

/** What a key does in the tree: arrows, Home, End and Enter, as the practices for trees have it. */
export function moveInTree(rows: readonly JsonRow[], selected: string, key: string): TreeMove | undefined {
  const at = rows.findIndex(({ node }) => node.id === selected);
  const row = rows[at];
  if (row === undefined) return undefined;
  const { id } = row.node;
  const to = (other: JsonRow | undefined): TreeMove => ({ select: (other ?? row).node.id });
  if (key === 'ArrowDown') return to(rows[at + 1]);
  if (key === 'ArrowUp') return to(rows[at - 1]);
  if (key === 'Home') return to(rows[0]);
  if (key === 'End') return to(rows.at(-1));
  if (key === 'ArrowLeft' && !row.isOpen) return { select: row.parentId ?? id };
  if (key === 'ArrowRight' && row.isOpen) return to(rows[at + 1]);
  const canTurn = canFold(row.node) && ['ArrowLeft', 'ArrowRight', 'Enter'].includes(key);
  return canTurn ? { fold: id, isFolded: row.isOpen } : undefined;
}

function partsOf(node: JsonNode): { label: string; value: JsonNode }[] {
  if (node.kind === 'object') return node.members.map(({ name, value }) => ({ label: name, value }));
  if (node.kind === 'array') return node.items.map((value, index) => ({ label: String(index), value }));
  return [];
}
