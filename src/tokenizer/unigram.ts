/**
 * SentencePiece's Unigram segmentation (Kudo 2018, section 3.2): the pieces of a word whose log-probabilities sum
 * highest. The library's own is the measure, ties and rounding included (`unigram.test.ts`); it makes objects and
 * strings for every piece that could stand somewhere, and on passages never seen before that was a third of all
 * that ranking adds to the model's time. Here the pieces lie in one table of numbers.
 */

/** How far below the least likely piece an unknown character is, as in SentencePiece. */
const UNKNOWN_PENALTY = 10;
/** Numbers of a slot of the table: node before, character, node after (0: empty slot), id of the piece that ends (or −1). */
const WIDTH = 4;
/** Nodes of a lattice up to which its memory is kept. */
const KEPT = 10_000;

export class Unigram {
  private readonly unkId: number;
  private readonly unkScore: number;
  private readonly scores: Float64Array;
  /** The pieces as a trie: its edges in a hash table, open addressing. */
  private readonly edges: Int32Array;
  private readonly mask: number;
  private nodes = 1;

  // The lattice of the word at hand: a node per piece that could stand there, in order of beginnings. Node 0 is the
  // word's beginning. Kept from word to word, since making arrays takes longer than filling them.
  private size = 1;
  private readonly points: number[] = [];
  /** By place: the newest node that ends there. */
  private readonly ends: number[] = [0];
  /** By node: the sum of the best way that ends with it. */
  private readonly best: number[] = [0];
  /** By node: the one before it on that way. */
  private readonly before: number[] = [-1];
  private readonly ids: number[] = [-1];
  /** By node: the one that ends at the same place and began next before. */
  private readonly sibling: number[] = [-1];

  /**
   * @param vocab pieces and log-probabilities by id, as in tokenizer.json
   * @param unkId id of the unknown token
   */
  constructor(vocab: readonly (readonly [string, number])[], unkId: number) {
    this.unkId = unkId;
    this.scores = Float64Array.from(vocab, ([, score]) => score);
    this.unkScore = this.scores.reduce((least, score) => Math.min(least, score), Infinity) - UNKNOWN_PENALTY;
    this.scores[unkId] = this.unkScore;
    const characters = vocab.reduce((sum, [piece]) => sum + piece.length, 0);
    // There are at most as many edges as characters; beginnings in common make them half as many.
    const slots = 2 ** Math.ceil(Math.log2(characters + 2));
    this.edges = new Int32Array(WIDTH * slots);
    this.mask = slots - 1;
    vocab.forEach(([piece], id) => {
      this.add(piece, id);
    });
  }

  /** Ids of a normalised word with its mark; neighbouring unknown characters are one token. */
  segment(word: string): number[] {
    const { points, ends } = this;
    let length = 0;
    for (let i = 0; i < word.length; i++) {
      const point = word.codePointAt(i)!;
      if (point > 0xffff) i++;
      points[length++] = point;
      ends[length] = -1;
    }
    this.size = 1;
    for (let start = 0; start < length; start++) {
      let isKnown = false;
      for (let at = start, node = 0; at < length; at++) {
        const slot = this.slot(node, points[at]!);
        node = this.edges[slot + 2]!;
        if (node === 0) break;
        const id = this.edges[slot + 3]!;
        if (id < 0) continue;
        this.insert(start, at + 1, id, this.scores[id]!);
        if (at === start) isKnown = true;
      }
      if (!isKnown) this.insert(start, start + 1, this.unkId, this.unkScore);
    }
    const found: number[] = [];
    for (let node = this.leftOf(ends[length]!, 0); node > 0; node = this.before[node]!) {
      const id = this.ids[node]!;
      if (id !== this.unkId || found.at(-1) !== id) found.push(id);
    }
    if (this.size > KEPT) this.shrink();
    return found.reverse();
  }

  private insert(start: number, end: number, id: number, score: number): void {
    const node = this.size++;
    const left = this.leftOf(this.ends[start]!, score);
    this.best[node] = this.best[left]! + score;
    this.before[node] = left;
    this.ids[node] = id;
    this.sibling[node] = this.ends[end]!;
    this.ends[end] = node;
  }

  /** After a very long word its lattice is not kept. */
  private shrink(): void {
    for (const array of [this.points, this.ends, this.best, this.before, this.ids, this.sibling])
      array.length = 1;
  }

  /**
   * Which of the nodes that end where a piece begins is before it on the best way; of equal ones that which begins
   * first. Compared are the sums with the piece, as the library does: rounding can make them equal.
   */
  private leftOf(newest: number, score: number): number {
    let left = newest;
    let sum = this.best[left]! + score;
    for (let node = this.sibling[left]!; node >= 0; node = this.sibling[node]!) {
      const own = this.best[node]! + score;
      if (own < sum) continue;
      left = node;
      sum = own;
    }
    return left;
  }

  private add(piece: string, id: number): void {
    let node = 0;
    let slot = -1;
    for (const character of piece) {
      const point = character.codePointAt(0)!;
      slot = this.slot(node, point);
      if (this.edges[slot + 2] === 0) this.edges.set([node, point, this.nodes++, -1], slot);
      node = this.edges[slot + 2]!;
    }
    if (slot >= 0) this.edges[slot + 3] = id;
  }

  /** Where the edge from a node by a character stands in the table, or the empty place where it would. */
  private slot(node: number, point: number): number {
    const { edges, mask } = this;
    let hash = Math.imul(node, 0x9e3779b1) ^ Math.imul(point, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let slot = (hash & mask) * WIDTH; ; slot = (slot + WIDTH) & (mask * WIDTH + WIDTH - 1)) {
      if (edges[slot + 2] === 0 || (edges[slot] === node && edges[slot + 1] === point)) return slot;
    }
  }
}
