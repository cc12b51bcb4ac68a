/**
 * The cells of a large matrix as a picture: a thousand elements with colours of their own take several frames to change,
 * a thousand rectangles a small part of one. The elements lie over it, for hand, key and screen reader.
 */
import type { DecisionMatrix } from '../../ranking/progress/decision-matrix.ts';
import type { Decision } from '../../ranking/types.ts';
import { disagree, probabilityOfA } from './words.ts';

/** Colours that a canvas understands; named as the tokens of the style sheet are. */
export interface Palette {
  readonly bg: string;
  readonly sunken: string;
  readonly teacher: string;
  readonly lost: string;
  readonly ink: string;
  readonly line: string;
}

export interface CellsView {
  readonly matrix: DecisionMatrix;
  /** Candidate positions in the order of rows and columns. */
  readonly order: readonly number[];
  /** Cells to be seen above others, as a * n + b. */
  readonly pointed: ReadonlySet<number> | null;
  /** First place that is painted, and how many. */
  readonly rows: Stretch;
  readonly columns: Stretch;
  /** Pixels from one cell to the next. */
  readonly size: number;
}

export interface Stretch {
  readonly first: number;
  readonly count: number;
}

type Context = Pick<
  CanvasRenderingContext2D,
  'fillStyle' | 'strokeStyle' | 'lineWidth' | 'globalAlpha' | 'fillRect' | 'strokeRect' | 'beginPath'
> &
  Pick<CanvasRenderingContext2D, 'moveTo' | 'lineTo' | 'closePath' | 'fill' | 'stroke'>;

/** Of a cell that is not pointed at while others are. */
const PALE = 0.22;
const NOTCH = 9;

/** Paints the cells of a view; its first cell is at (0, 0), and what was there before is gone. */
export function paintCells(context: Context, palette: Palette, view: CellsView): void {
  const { matrix, order, pointed, rows, columns, size } = view;
  const side = size - 1;
  context.globalAlpha = 1;
  context.fillStyle = palette.bg;
  context.fillRect(0, 0, columns.count * size, rows.count * size);
  const notches: (readonly [x: number, y: number])[] = [];
  const outlined: (readonly [x: number, y: number])[] = [];
  const open: (readonly [x: number, y: number])[] = [];
  const decided: (readonly [x: number, y: number, decision: Decision, strength: number])[] = [];
  for (let row = 0; row < rows.count; row++) {
    const a = order[rows.first + row]!;
    const y = row * size;
    for (let column = 0; column < columns.count; column++) {
      const b = order[columns.first + column]!;
      const x = column * size;
      const decision = a === b ? undefined : matrix.at(a, b);
      const meant = pointed?.has(a * matrix.n + b) ?? false;
      if (meant) outlined.push([x, y]);
      if (!decision) {
        open.push([x, y]);
        continue;
      }
      decided.push([x, y, decision, pointed && !meant ? PALE : 1]);
      if (disagree(decision, matrix.at(b, a))) notches.push([x, y]);
    }
  }
  hatch(context, palette, open, side);
  context.fillStyle = palette.sunken;
  for (const [x, y, , strength] of decided) {
    context.globalAlpha = strength;
    context.fillRect(x, y, side, side);
  }
  context.fillStyle = palette.teacher;
  for (const [x, y, decision, strength] of decided) {
    context.globalAlpha = strength * probabilityOfA(decision);
    context.fillRect(x, y, side, side);
  }
  context.globalAlpha = 1;
  context.strokeStyle = palette.ink;
  context.lineWidth = 2;
  for (const [x, y] of outlined) context.strokeRect(x + 1, y + 1, side - 2, side - 2);
  // An edge in the ground's colour shows the notch on any cell.
  corners(context, palette.bg, notches, side, NOTCH);
  corners(context, palette.lost, notches, side, NOTCH - 1.5);
}

/** Not asked, and the diagonal: thin strokes. */
function hatch(
  context: Context,
  { line }: Palette,
  cells: readonly (readonly [number, number])[],
  side: number,
): void {
  context.strokeStyle = line;
  context.lineWidth = 1;
  context.beginPath();
  for (const [x, y] of cells) {
    for (const part of [side / 3, side, (side * 5) / 3]) {
      context.moveTo(x + Math.max(0, part - side), y + Math.min(side, part));
      context.lineTo(x + Math.min(side, part), y + Math.max(0, part - side));
    }
  }
  context.stroke();
}

/** Triangles in the upper right corners of cells. */
function corners(
  context: Context,
  colour: string,
  cells: readonly (readonly [number, number])[],
  side: number,
  leg: number,
): void {
  context.fillStyle = colour;
  context.beginPath();
  for (const [x, y] of cells) {
    context.moveTo(x + side - leg, y);
    context.lineTo(x + side, y);
    context.lineTo(x + side, y + leg);
    context.closePath();
  }
  context.fill();
}
