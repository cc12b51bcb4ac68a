import { expect, test } from 'vitest';
import { DecisionMatrix } from '../../ranking/progress/decision-matrix.ts';
import { paintCells } from './paint-cells.ts';

const PALETTE = { bg: 'bg', sunken: 'sunken', teacher: 'teacher', lost: 'lost', ink: 'ink', line: 'line' };
const SIZE = 10;

/** What is filled and outlined, in order. */
function canvas() {
  const fills: { colour: string; alpha: number; x: number; y: number }[] = [];
  const outlines: { x: number; y: number }[] = [];
  const moves: { colour: string; x: number; y: number }[] = [];
  let path: { x: number; y: number }[] = [];
  const context = {
    fillStyle: '',
    strokeStyle: '',
    lineWidth: 1,
    globalAlpha: 1,
    fillRect: (x: number, y: number) =>
      fills.push({ colour: context.fillStyle, alpha: context.globalAlpha, x, y }),
    strokeRect: (x: number, y: number) => outlines.push({ x, y }),
    beginPath: () => {
      path = [];
    },
    moveTo: (x: number, y: number) => path.push({ x, y }),
    lineTo: () => {},
    closePath: () => {},
    fill: () => moves.push(...path.map((at) => ({ colour: context.fillStyle, ...at }))),
    stroke: () => {},
  };
  return { context, fills, outlines, moves };
}

const decision = (a: number, b: number, margin: number) => ({
  a,
  b,
  logitA: margin,
  logitB: 0,
  preference: margin > 0 ? (1 as const) : (0 as const),
  tokens: 1,
  ms: 1,
  cached: false,
  cuts: [],
});

test('paints P(A) as strength, notches both cells of a contradiction, and pales what is not meant', () => {
  const matrix = new DecisionMatrix(3);
  // 0 and 1 contradict each other; 2 beats 0 once; the rest is open.
  matrix.put([decision(0, 1, 2), decision(1, 0, 1), decision(2, 0, 3)]);
  const { context, fills, outlines, moves } = canvas();
  paintCells(context, PALETTE, {
    matrix,
    order: [2, 0, 1],
    pointed: new Set([0 * 3 + 1]),
    rows: { first: 0, count: 3 },
    columns: { first: 1, count: 2 },
    size: SIZE,
  });
  const teacher = fills.filter(({ colour }) => colour === 'teacher');
  const sigma = (x: number) => 1 / (1 + Math.exp(-x));
  // Columns begin at place 1: passage 0 is at x = 0, passage 1 at x = 10.
  expect(teacher).toEqual([
    { colour: 'teacher', alpha: expect.closeTo(0.22 * sigma(3)), x: 0, y: 0 },
    { colour: 'teacher', alpha: expect.closeTo(sigma(2)), x: 10, y: 10 },
    { colour: 'teacher', alpha: expect.closeTo(0.22 * sigma(1)), x: 0, y: 20 },
  ]);
  expect(outlines).toEqual([{ x: 11, y: 11 }]);
  expect(moves.filter(({ colour }) => colour === 'lost').map(({ y }) => y)).toEqual([10, 20]);
});
