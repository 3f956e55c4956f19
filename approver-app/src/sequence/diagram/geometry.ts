// Where things stand in the drawing, in pixels. Pure; everything grows with the text.
import { PARTICIPANTS, type Participant } from 'assent/sequence';

export interface Geometry {
  width: number;
  rowHeight: number;
  /** How much larger than ordinary the text is. */
  scale: number;
  /** Right edge of the times. */
  timeX: number;
  x: Readonly<Record<Participant, number>>;
  /** Width of one character of a label. */
  character: number;
  badge: number;
}

const ROW = 47;
const TIME_COLUMN = 116;
const TIME_GAP = 28;
/** Where the columns stand between the first and the last one. */
const COLUMNS: Readonly<Record<Participant, number>> = {
  agent: 0,
  server: 0.29,
  push: 0.543,
  approver: 0.796,
  api: 1,
};
const EDGE = 58;

/** @param hasTimes whether there is a column of times */
export function layOut(width: number, rootFontSize: number, hasTimes = true): Geometry {
  const scale = rootFontSize / 16;
  const timeX = TIME_COLUMN * scale;
  const first = hasTimes ? timeX + TIME_GAP * scale : EDGE * scale;
  const span = Math.max(0, width - first - EDGE * scale);
  return {
    width,
    rowHeight: ROW * scale,
    scale,
    timeX,
    x: Object.fromEntries(PARTICIPANTS.map((one) => [one, first + span * COLUMNS[one]])) as Record<
      Participant,
      number
    >,
    character: 7.55 * scale,
    badge: 10 * scale,
  };
}

/** *Authorization server* and *Push service* stand nearest to each other. In pixels of ordinary text. */
const NAMES_APART = 148;

export function hasRoomForNames({ x, scale }: Geometry): boolean {
  return x.push - x.server >= NAMES_APART * scale;
}

/** A label that goes without its method, or its status, before a word of it is cut off. */
export function fitLabel(text: string, room: number, character: number): string {
  const [, rest] = /^(?:[A-Z]+|\d{3}) (.+)$/.exec(text) ?? [];
  const isWhole = text.length * character <= room;
  return isWhole || rest === undefined ? clipLabel(text, room, character) : clipLabel(rest, room, character);
}

/** As much of a label as its arrow has room for. */
export function clipLabel(text: string, room: number, character: number): string {
  const most = Math.max(4, Math.floor(room / character));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
