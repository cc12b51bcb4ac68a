import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/onnx/graph.ts';
import * as op from '../../src/onnx/ops.ts';
import { graphMemory } from './memory.ts';

/** Bytes of one value below. */
const ONE = 4 * 100;

describe('graphMemory', () => {
  it('frees a value after its last use, and counts views once', () => {
    const g = new Graph();
    const x = g.input('x', 'float32', [100]);
    const a = op.exp(g, x);
    const b = op.neg(g, op.reshape(g, a, [10, 10]));
    g.output(op.exp(g, b), 'y');
    // exp beside neg, then neg beside the last: never three.
    expect(graphMemory(g).peak).toBe(2 * ONE);
  });

  it('keeps what is still asked for: a chain taken back needs all of its values', () => {
    const g = new Graph();
    const x = g.input('x', 'float32', [100]);
    const values = [op.exp(g, x)];
    for (let i = 0; i < 4; i++) values.push(op.exp(g, values.at(-1)!));
    const back = values.reduceRight((sum, value) => op.mul(g, sum, value));
    g.output(back, 'y');
    expect(graphMemory(g).peak).toBe(6 * ONE);
  });

  it('runs the last output first, as onnxruntime does, so that earlier ones wait with all they need', () => {
    const g = new Graph();
    const x = g.input('x', 'float32', [100]);
    const a = op.exp(g, x);
    g.output(op.neg(g, a), 'first');
    const b = op.exp(g, a);
    g.output(op.neg(g, op.exp(g, b)), 'last');
    // a waits for `first` while the last output is made: a, its child and its grandchild; then a and `last`.
    expect(graphMemory(g).peak).toBe(3 * ONE);
    expect(graphMemory(g, new Set(['first', 'last'])).peak).toBe(3 * ONE);
  });

  it('does not count outputs that the caller has memory for, and counts constants apart', () => {
    const g = new Graph();
    const x = g.input('x', 'float32', [100]);
    const c = g.constant('c', op.floats(g, [100], new Array<number>(100).fill(1)));
    const a = op.add(g, x, c);
    g.nodes.push({ op: 'Neg', domain: '', inputs: [a], outputs: [{ ...a, name: 'y' }], attributes: {} });
    g.output({ ...a, name: 'y' });
    expect(graphMemory(g)).toEqual({ peak: 2 * ONE, constants: ONE });
    expect(graphMemory(g, new Set(['y']))).toEqual({ peak: ONE, constants: ONE });
  });
});
